"""Only the block that was commissioned moves (shelving-safety rule 13): its signed file, its boards unchanged."""

from __future__ import annotations

from edge.domain.block import BlockState
from edge.errors import RuleRefused
from edge.workflows.room import Room


def refuse_uncommissioned(room: Room, state: BlockState) -> None:
    """Raises RuleRefused: no file, an altered one, one that was replaced, or a board that is not the one proved."""
    room.commissioning.refuse_changed(state.carriages)


class BlockFileWatch:
    """``step`` once a second: a new file is taken up once, with its event. ``refused``: why nothing may move, or ""."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.refused = ""

    def step(self) -> None:
        room = self._room
        try:
            file = room.commissioning.file()
        except RuleRefused as refused:
            self.refused = refused.code
            return
        newest = room.commissioning.newest()
        if newest is None or file.serial > newest.serial:
            room.database.write(lambda change: room.commissioning.take(change, file))
        try:
            refuse_uncommissioned(room, room.carriages.state())
            self.refused = ""
        except RuleRefused as refused:
            self.refused = refused.code
