"""Slot codes 储位号: where a box stands.

``B1-A-03-R-02-4-07`` = area B1-A, column 03, face R, section 02, level 4, position 07.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edge.domain.block import Layout
from edge.errors import InputRefused

_CODE = re.compile(r"(?P<area>[A-Z0-9]+(?:-[A-Z0-9]+)*)-(\d{2})-([LR])-(\d{2})-(\d)-(\d{2})")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-"))


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One place 位 for a box of up to 50 mm. Columns, sections, levels and positions count from 1; face is L or R."""

    area: str
    column: int
    face: str
    section: int
    level: int
    position: int

    def __str__(self) -> str:
        return f"{self.area}-{self.column:02d}-{self.face}-{self.section:02d}-{self.level}-{self.position:02d}"


def parse(text: str) -> Slot:
    """The slot that ``text`` writes, in any case and with any dash. InputRefused ``slot_code_unreadable``."""
    match = _CODE.fullmatch(prefix(text))
    if match is None:
        raise InputRefused("slot_code_unreadable", "scan_slot_label", text=text[:60])
    area, column, face, section, level, position = match.groups()
    if level == "0" or "00" in (column, section, position):
        raise InputRefused("slot_code_unreadable", "scan_slot_label", text=text[:60])
    return Slot(area, int(column), face, int(section), int(level), int(position))


def prefix(text: str) -> str:
    """The beginning of a slot code as codes are written: B1-A-03-R is a face."""
    return text.strip().translate(_DASHES).upper()


def aisle_of(slot: Slot) -> int:
    """The aisle one must stand in to reach the slot: face R looks into its own column's, L into the one before."""
    return slot.column if slot.face == "R" else slot.column - 1


def all_slots(layout: Layout) -> Iterator[Slot]:
    """Every slot of the block in the order boxes are shelved: along the rail, then face, section, level, position."""
    for column, face in _faces(layout):
        for section in range(1, layout.sections + 1):
            for level in range(1, layout.levels + 1):
                for position in range(1, layout.positions + 1):
                    yield Slot(layout.area, column, face, section, level, position)


def _faces(layout: Layout) -> list[tuple[int, str]]:
    """Faces that look into an aisle; the outer face of an end column against a wall holds nothing."""
    aisles = set(layout.aisles)
    return [
        (column.no, face)
        for column in layout.columns
        for face, aisle in (("L", column.no - 1), ("R", column.no))
        if aisle in aisles
    ]


def slot_light(layout: Layout, slot: Slot) -> int:
    """Number of the LED at the slot's section and level on its carriage, from 1; face L first."""
    face = 1 if slot.face == "R" else 0
    return 1 + (face * layout.sections + slot.section - 1) * layout.levels + slot.level - 1
