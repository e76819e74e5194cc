"""Blocks without motors: the same slots, lists, loans and lights; a person cranks and says when it is done."""

from __future__ import annotations

from edge.domain.hand_crank import widest
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store import crank_pose
from edge.workflows.rights import needs
from edge.workflows.room import Room


@needs("choose")
def opened(room: Room, person: Person, aisle: int | None) -> None:
    """``aisle`` stands open, the others are closed; None: what was to be cranked is done. Raises RuleRefused."""
    cranked = room.cranked
    if cranked is None:
        raise RuleRefused("not_cranked_by_hand", "choose_again")
    pose_mm = cranked.done() if aisle is None else cranked.stands_open(aisle)
    stands = widest(room.layout, pose_mm)
    room.database.write(lambda change: crank_pose.write(change, room.layout.area, pose_mm, stands, person.id))
