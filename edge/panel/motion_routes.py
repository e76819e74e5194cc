"""Everything that can make Start light up on the block. Answers the enrolled panel alone; moves nothing by itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from edge.panel import shapes
from edge.panel.enrolment import panel_of
from edge.panel.guard import MayChooseMotion
from edge.workflows import motion, retrieve, shelve

router = APIRouter(prefix="/api/v1")


@router.post("/requests/{loan_id}/choose")
def choose(loan_id: str, request: Request, person: MayChooseMotion) -> dict[str, Any]:
    """Take the block for this request and light Start. The move as planned; empty ``moves``: the aisle stands open."""
    panel = panel_of(request)
    plan = retrieve.choose(panel.room, person, loan_id)
    panel.snapshots.nudge()
    return shapes.plan(plan)


@router.post("/reshelving/{box_id}/choose")
def choose_shelving(box_id: str, request: Request, person: MayChooseMotion) -> dict[str, Any]:
    panel = panel_of(request)
    plan = shelve.choose(panel.room, person, box_id)
    panel.snapshots.nudge()
    return shapes.plan(plan)


@router.post("/find-positions", status_code=204)
def find_positions(request: Request, person: MayChooseMotion) -> None:
    """After power-up, all aisles walked: from now on held Start makes the carriages look for their positions."""
    panel = panel_of(request)
    motion.find_positions(panel.room, person)
    panel.snapshots.nudge()
