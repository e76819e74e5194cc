"""What the boards hold latched, written down when it comes and when Reset at the block has ended it."""

from __future__ import annotations

from edge.domain.block import BlockState
from edge.store.database import Change
from edge.workflows.room import Room

TOGETHER_MS = 500  # boards are asked one after the other; what came at once is one event


class FaultWatch:
    """``step`` ten times a second. What a silent board holds is unknown, so silence changes nothing."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._turning_since_ms: int | None = None

    def step(self, state: BlockState) -> None:
        if not state.alive:
            return
        room, area = self._room, self._room.layout.area
        heard = {report.column for report in state.carriages if report.online}
        held = {(report.column, fault) for report in state.carriages if report.online for fault in report.faults}
        written = {one for one in room.block_faults.standing(area) if one[0] in heard}
        if held == written:
            self._turning_since_ms = None
            return
        now_ms = room.clock.monotonic_ms()
        if self._turning_since_ms is None:
            self._turning_since_ms = now_ms
        if now_ms - self._turning_since_ms < TOGETHER_MS:
            return
        self._turning_since_ms = None

        def write(change: Change) -> None:
            room.block_faults.changed(change, area, held - written, written - held)

        room.database.write(write)
