"""An aisle chosen at the carriage itself: the same choice as at the panel, by whoever is signed in there (rule 3).

The button asks, the node chooses as the panel would, the lit Start on the block starts. Without a sign-in: nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from edge.domain.block import CarriageReport
from edge.domain.people import Person
from edge.errors import StoreroomError
from edge.store.database import NODE
from edge.workflows import pose, pull, retrieve
from edge.workflows.room import Room

Presses = tuple[int, int, int]  # boot count, left, right


@dataclass(frozen=True, slots=True)
class Choice:
    """``number`` counts them since the node's start; ``code`` "": Start lights up, or the aisle stands open."""

    number: int
    aisle: int
    code: str


class AtCarriage:
    """``step`` ten times a second, in a loop of its own: arming proves circuits and takes its time."""

    def __init__(self, room: Room, signed_in: Callable[[], Person | None]) -> None:
        self._room, self._signed_in = room, signed_in
        self._seen: dict[int, Presses] = {}
        self.newest: Choice | None = None

    def step(self) -> None:
        state = self._room.carriages.state()
        if not state.alive:
            return
        aisles = sorted({aisle for report in state.carriages if report.online for aisle in self._pressed(report)})
        if aisles:
            self._choose(aisles[0])  # two at once: one of them, and the next press asks again

    def _pressed(self, report: CarriageReport) -> list[int]:
        """Aisles whose button was pressed since the last look; what came before the first look is nobody's wish."""
        now = (report.boot_count, report.chosen_left, report.chosen_right)
        before = self._seen.get(report.column)
        self._seen[report.column] = now
        if before is None or before[0] != now[0]:
            return []
        sides = ((before[1], now[1], report.column - 1), (before[2], now[2], report.column))
        return [aisle for was, is_now, aisle in sides if was != is_now]

    def _choose(self, aisle: int) -> None:
        code, person = "", self._signed_in()
        proof = self._room.commissioning.proofs.open()
        if proof is not None and (person is None or person.id == proof.technician):
            return  # touched for the monthly proof, which the boards answer
        if person is None:
            code = "session_needed"
            body = {"code": code, "doing": "at_carriage", "aisle": aisle}
            area = self._room.layout.area
            self._room.database.write(
                lambda change: change.event("request.refused", subject=area, actor=NODE, body=body)
            )
        else:
            try:
                choose(self._room, person, aisle)
            except StoreroomError as error:
                code = error.code
        self.newest = Choice(1 if self.newest is None else self.newest.number + 1, aisle, code)


def choose(room: Room, person: Person, aisle: int) -> None:
    """What the panel would offer for this aisle: the list's boxes, the one request that waits there, else a patrol."""
    work = pull.work(room)
    if work is not None and any(stop.aisle == aisle for stop in work.stops):
        pull.choose(room, person, aisle)
        return
    waiting = [
        loan for loan in retrieve.queue(room) if loan.state == "approved" and retrieve.aisle_of_loan(loan) == aisle
    ]
    if work is None and len(waiting) == 1:
        retrieve.choose(room, person, waiting[0].id)
    else:
        pose.choose(room, person, "patrol", aisle)
