"""Since when aisles count as occupied: what the boards say, written down once it has lasted."""

from __future__ import annotations

from edge.domain.block import BlockState
from edge.store.database import Change
from edge.workflows.room import Room

LASTS_MS = 1000  # a board that misses one poll is no change of its aisles


class AisleWatch:
    """``step`` ten times a second. While the motion process is silent nothing is known, so nothing is written."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._turning_since_ms: dict[int, int] = {}

    def step(self, state: BlockState) -> None:
        if not state.alive:
            self._turning_since_ms.clear()
            return
        room, now_ms = self._room, self._room.clock.monotonic_ms()
        written = room.aisles.occupied(room.layout.area)
        said = {aisle.no: aisle.why for aisle in state.aisles if aisle.state == "occupied"}
        turning = written.keys() ^ said.keys()
        self._turning_since_ms = {no: self._turning_since_ms.get(no, now_ms) for no in turning}
        lasting = {no for no, since_ms in self._turning_since_ms.items() if now_ms - since_ms >= LASTS_MS}
        if not lasting:
            return
        occupied = {no: said[no] for no in lasting if no in said}
        cleared = [no for no in lasting if no not in said]

        def write(change: Change) -> None:
            room.aisles.changed(change, room.layout.area, occupied, cleared)

        room.database.write(write)
