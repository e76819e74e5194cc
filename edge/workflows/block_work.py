"""Maintenance key and padlock (shelving-safety rule 14): the boards hold the block, this file says who holds the key.

Nothing here begins or ends either: keys are turned and padlocks hung at the block. Only once somebody has signed for
the turned key does the node renew the permit that the local control point needs.
"""

from __future__ import annotations

import logging

from edge.domain.block import BlockState
from edge.domain.people import Person
from edge.errors import StoreroomError
from edge.store.block_work import Kind, Work
from edge.store.database import Change
from edge.workflows.rights import needs
from edge.workflows.room import Room

log = logging.getLogger(__name__)

SEEN_BY: dict[Kind, str] = {"maintenance": "key_normal", "lockout": "unlocked"}  # input that is open meanwhile


@needs("maintain")
def sign(room: Room, person: Person) -> None:
    """``person``, signed in by card or PIN, holds the turned key; whoever signs later takes it over."""
    room.database.write(lambda change: room.work.sign(change, room.layout.area, person))


class WorkWatch:
    """``step`` ten times a second. What a silent board would see is unknown, so silence ends nothing."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._refused = ""

    def step(self, state: BlockState) -> None:
        if not state.alive:
            return
        area = self._room.layout.area
        standing = self._room.work.open(area)
        for kind, name in SEEN_BY.items():
            columns = [report.column for report in state.carriages if report.online and name in report.open_inputs]
            work = standing.get(kind)
            if columns and work is None:
                self._began(kind, columns)
            elif work is not None and not columns and all(report.online for report in state.carriages):
                self._ended(work)
            elif work is not None and kind == "maintenance" and work.person_id and columns and not state.let:
                self._let()

    def _began(self, kind: Kind, columns: list[int]) -> None:
        room = self._room

        def write(change: Change) -> None:
            room.work.began(change, room.layout.area, kind, columns)

        room.database.write(write)

    def _ended(self, work: Work) -> None:
        room = self._room

        def write(change: Change) -> None:
            room.work.ended(change, room.layout.area, work)

        room.database.write(write)

    def _let(self) -> None:
        """Once the key is signed for; again when the motion process was restarted meanwhile."""
        try:
            self._room.carriages.let_local()
        except StoreroomError as error:
            if error.code != self._refused:
                log.warning("the local control point was not let: %s", error)
            self._refused = error.code
        else:
            self._refused = ""
