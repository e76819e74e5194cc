"""What the boards hold latched, written down when it comes and when Reset at the block has ended it."""

from __future__ import annotations

from edge.domain.block import BlockState
from edge.store.database import Change
from edge.workflows.room import Room


class FaultWatch:
    """``step`` ten times a second. What a silent board holds is unknown, so silence changes nothing."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def step(self, state: BlockState) -> None:
        if not state.alive:
            return
        room, area = self._room, self._room.layout.area
        heard = {report.column for report in state.carriages if report.online}
        held = {(report.column, fault) for report in state.carriages if report.online for fault in report.faults}
        written = {one for one in room.block_faults.standing(area) if one[0] in heard}
        if held == written:
            return

        def write(change: Change) -> None:
            room.block_faults.changed(change, area, held - written, written - held)

        room.database.write(write)
