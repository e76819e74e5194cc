"""The LED at a slot's compartment and the lamps of its aisle. Each carriage shows one LED at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from edge.domain import slot_codes
from edge.domain.block import BlockState
from edge.errors import DeviceFault, LinkFault
from edge.workflows.room import Room

log = logging.getLogger(__name__)


@contextmanager
def only_a_lamp() -> Iterator[None]:
    """What is written already stays so where the lamp that shows it does not answer; the panel shows the place too."""
    try:
        yield
    except (DeviceFault, LinkFault) as fault:
        log.warning("a lamp stays as it is: %s", fault)


def light_slot(room: Room, code: str) -> None:
    """A fixed column has no board and no LED of its own: the panel's drawing shows the place."""
    slot = slot_codes.parse(code)
    side: Literal["left", "right"] = "right" if slot.face == "R" else "left"
    start = start_of(room.carriages.state(), slot.column)
    room.lamp.slot, room.lamp.start = code, None
    if not room.layout.columns[slot.column - 1].fixed:
        room.carriages.light(slot.column, slot_codes.slot_light(room.layout, slot), side)
        room.lamp.start = start


def light_only(room: Room, code: str) -> None:
    """The same, and dark on the face across the aisle: one place is lit, not two."""
    slot = slot_codes.parse(code)
    across = slot.column + 1 if slot.face == "R" else slot.column - 1
    if 1 <= across <= len(room.layout.columns) and not room.layout.columns[across - 1].fixed:
        with only_a_lamp():
            room.carriages.light(across, 0, "none")
    light_slot(room, code)


def lights_off(room: Room, code: str) -> None:
    column = slot_codes.parse(code).column
    room.lamp.slot = ""
    if not room.layout.columns[column - 1].fixed:
        with only_a_lamp():
            room.carriages.light(column, 0, "none")


def lit(room: Room, state: BlockState) -> str:
    """The slot whose LED is on; "": none is. A board that restarted since it was told shows nothing."""
    code, start = room.lamp.slot, room.lamp.start
    shows = code and start is not None and start == start_of(state, slot_codes.parse(code).column)
    return code if shows else ""


def start_of(state: BlockState, column: int) -> int | None:
    """Which start of the column's board this is; None: it does not answer, or there is none."""
    report = next((report for report in state.carriages if report.column == column), None)
    return report.boot_count if state.alive and report is not None and report.online and report.boot_count else None
