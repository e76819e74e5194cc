"""Put away by scanning: a box then its slot, or a slot then as many boxes as follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Hands:
    """What was read and waits for its other half: a box for its slot, or the slot that the next box goes to."""

    box: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """This box goes to this slot; ``on``: further boxes may follow along the shelf."""

    box: str
    slot: str
    on: bool


def read(hands: Hands, kind: Literal["box", "slot"], what: str) -> tuple[Hands, Put | None]:
    """The next reading. A second box or a second slot in a row replaces the first: somebody thought better of it."""
    if kind == "box":
        if hands.slot:
            return Hands(), Put(what, hands.slot, on=True)
        return Hands(box=what), None
    if hands.box:
        return Hands(), Put(hands.box, what, on=False)
    return Hands(slot=what), None
