"""Lots drawn from dice: what hangs on labels, a picture of them above all, is then the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from unittest import mock


@contextmanager
def drawn_from(dice: Random) -> Iterator[None]:
    """Labels and ids that are minted meanwhile come from ``dice`` and not from the machine's own randomness."""
    with mock.patch("secrets.randbits", dice.getrandbits):
        yield
