"""After a tilt or a shock (shelving-safety rule 9) somebody looks at rails, shelves and boxes, and signs for it."""

from __future__ import annotations

from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.workflows.rights import needs
from edge.workflows.room import Room


def refuse_uninspected(room: Room) -> None:
    owed = room.block_faults.inspection(room.layout.area)
    if owed is not None:
        raise RuleRefused("not_inspected", "inspect_block", columns=", ".join(map(str, owed.columns)))


def refuse_unfound(room: Room) -> None:
    """The motion process refuses by itself while it doubts; one that has just restarted knows only what it is told."""
    if room.block_faults.in_doubt(room.layout.area):
        raise RuleRefused("positions_doubtful", "find_positions_again")


def keep_doubt(room: Room) -> None:
    """Whoever finds positions next must find all of them, though the motion process restarted since the tilt."""
    if room.block_faults.in_doubt(room.layout.area):
        room.carriages.doubt()


@needs("find_positions")
def sign(room: Room, person: Person) -> None:
    """``person`` has looked and found nothing out of place. Positions are found anew afterwards, every one of them."""
    room.database.write(lambda change: room.block_faults.inspected(change, room.layout.area, person))
