"""For technicians: the boards' programs, and the monthly proof. Nothing here lights Start: see motion_routes.py."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.panel.enrolment import Panel, panel_of
from edge.panel.guard import AtThePanel, OurPage, SignedIn
from edge.workflows import hand_crank, inspection, monthly_proof

router = APIRouter(prefix="/api/v1")


class Opened(BaseModel):
    """``aisle`` null: what was to be cranked is done."""

    model_config = ConfigDict(extra="forbid")
    aisle: int | None = None


class Signed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pin: str


@router.get("/boards")
def boards(request: Request, person: SignedIn) -> dict[str, Any]:
    """What every board says of its program, each with its verdict, as ``storeroom firmware check`` has it."""
    access.require(person.roles, "firmware")
    return {"boards": panel_of(request).room.carriages.programs()}


@router.get("/proof")
def proof(request: Request, person: SignedIn) -> dict[str, Any]:
    """``work`` null: none is under way. ``past``: newest first."""
    access.require(person.roles, "commission")
    panel = panel_of(request)
    names = {one.id: one.name for one in panel.room.people.all()}
    past = panel.room.commissioning.proofs.all()
    return {
        **panel.block_file.notice(),
        "work": _work(panel),
        "past": [
            {"ended_ms": one.ended_ms, "outcome": one.outcome, "technician": names.get(one.technician, one.technician)}
            for one in past
            if one.outcome
        ],
    }


@router.post("/proof", dependencies=[AtThePanel])
def begin(request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    monthly_proof.begin(panel.room, person)
    return {"work": _work(panel)}


@router.post("/proof/sign", dependencies=[AtThePanel], status_code=204)
def sign(body: Signed, request: Request, person: SignedIn) -> None:
    """RuleRefused ``proof_incomplete``, ``pin_wrong``."""
    panel = panel_of(request)
    monthly_proof.sign(panel.room, person, body.pin)
    panel.snapshots.nudge()


@router.post("/proof/fail", dependencies=[AtThePanel], status_code=204)
def fail(body: Signed, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    monthly_proof.fail(panel.room, person, body.pin)
    panel.snapshots.nudge()


@router.post("/proof/give-up", dependencies=[OurPage], status_code=204)
def give_up(request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    monthly_proof.give_up(panel.room, person)
    panel.snapshots.nudge()


@router.post("/inspection", dependencies=[AtThePanel], status_code=204)
def inspected(request: Request, person: SignedIn) -> None:
    """After a tilt: somebody has looked. RuleRefused ``still_tilted``, ``no_inspection_owed``."""
    panel = panel_of(request)
    inspection.sign(panel.room, person)
    panel.snapshots.nudge()


@router.post("/crank/opened", dependencies=[AtThePanel], status_code=204)
def cranked(body: Opened, request: Request, person: SignedIn) -> None:
    """A person says where the shelves of a block without motors stand now."""
    panel = panel_of(request)
    hand_crank.opened(panel.room, person, body.aisle)
    panel.snapshots.nudge()


def _work(panel: Panel) -> dict[str, Any] | None:
    work = panel.proof.work()
    if work is None:
        return None
    counts = work.proof.counts
    return {
        "technician": work.proof.technician,
        "began_ms": work.proof.began_ms,
        "items": [
            {"kind": item.kind, "no": item.no, "times": item.times, "answered": counts.get(item.name, 0)}
            for item in work.items
        ],
        "seen": [{"column": column, "input": name} for column, name in sorted(work.seen)],
    }
