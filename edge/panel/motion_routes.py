"""Everything that can make Start light up on the block. Answers the enrolled panel alone; moves nothing by itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.panel import shapes
from edge.panel.enrolment import panel_of
from edge.panel.guard import MayChooseMotion
from edge.workflows import block_work, motion, pose, pull, retrieve, shelve

router = APIRouter(prefix="/api/v1")


class InAisle(BaseModel):
    model_config = ConfigDict(extra="forbid")
    aisle: int


class ForPose(BaseModel):
    """``aisle`` with patrol and stocktake only."""

    model_config = ConfigDict(extra="forbid")
    aisle: int | None = None


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


@router.post("/maintenance/sign", status_code=204)
def sign_for_key(request: Request, person: MayChooseMotion) -> None:
    """Whoever is signed in here holds the turned maintenance key. There is no way to end it but turning it back."""
    panel = panel_of(request)
    block_work.sign(panel.room, person)
    panel.snapshots.nudge()


@router.post("/pull-list/choose")
def choose_pull(body: InAisle, request: Request, person: MayChooseMotion) -> dict[str, Any]:
    """Take the block for all boxes of the list in this aisle and light Start."""
    panel = panel_of(request)
    plan = pull.choose(panel.room, person, body.aisle)
    panel.snapshots.nudge()
    return shapes.plan(plan)


@router.post("/proof/aisle")
def choose_for_proof(body: InAisle, request: Request, person: MayChooseMotion) -> dict[str, Any]:
    """Open an aisle for the monthly proof that this technician is at, and light Start."""
    panel = panel_of(request)
    plan = pose.choose_for_proof(panel.room, person, body.aisle)
    panel.snapshots.nudge()
    return shapes.plan(plan)


@router.post("/poses/{purpose}/choose")
def choose_pose(purpose: str, body: ForPose, request: Request, person: MayChooseMotion) -> dict[str, Any]:
    """``purpose``: patrol, stocktake (of an aisle), park, ventilate."""
    panel = panel_of(request)
    plan = pose.choose(panel.room, person, purpose, body.aisle)
    panel.snapshots.nudge()
    return shapes.plan(plan)
