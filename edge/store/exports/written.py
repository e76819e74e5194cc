"""What a writer of exports says of its work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """``altered``: cells that the format could not carry letter by letter."""

    rows: int
    altered: int = 0
