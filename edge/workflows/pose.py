"""Poses that no request asks for: patrol and stocktake open an aisle, parking closes the block, ventilation spreads it.

Each goes the same road as a pull: preview, choice at the panel, Start on the block. None is ever offered by a rule, a
timer or the climate as more than a question.
"""

from __future__ import annotations

from edge.domain.block import MovePlan, Pose
from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store.database import Change
from edge.store.moves import MoveKind
from edge.workflows import monthly_proof, motion
from edge.workflows.rights import needs
from edge.workflows.room import Room

PURPOSES: dict[str, tuple[MoveKind, Pose]] = {
    "patrol": ("patrol", "open"),
    "stocktake": ("stocktake", "open"),
    "park": ("park", "park"),
    "ventilate": ("ventilate", "ventilate"),
}


def preview(room: Room, purpose: str, aisle: int | None) -> MovePlan:
    """What would move if it were chosen now; ``aisle`` of the plan counts as occupied afterwards."""
    return motion.plan_for(room, aisle, _known(purpose)[1])


@needs("choose")
def choose(room: Room, person: Person, purpose: str, aisle: int | None) -> MovePlan:
    """Take the block for it and light Start. Where the block stands so already, nothing is taken."""
    kind, _ = _known(purpose)
    plan = preview(room, purpose, aisle)
    if plan.moves:
        motion.take_block(room, motion.wanted(room, person, kind, plan.aisle), plan, _nothing_else)
    return plan


@needs("commission")
def choose_for_proof(room: Room, person: Person, aisle: int) -> MovePlan:
    """Open an aisle for the monthly proof, by the technician who is at it."""
    monthly_proof.require_own(room, person)
    plan = preview(room, "patrol", aisle)
    if plan.moves:
        motion.take_block(room, motion.wanted(room, person, "patrol", plan.aisle), plan, _nothing_else)
    return plan


def _known(purpose: str) -> tuple[MoveKind, Pose]:
    if purpose not in PURPOSES:
        raise InputRefused("purpose_unknown", "use_the_panel", purpose=purpose, known=", ".join(PURPOSES))
    return PURPOSES[purpose]


def _nothing_else(change: Change) -> None:
    """A pose changes no loan and no box."""
