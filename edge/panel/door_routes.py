"""The storeroom door at the panel, and the register of entries. The lock answers the enrolled panel alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.domain.door import REASONS, Rules
from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import MayChooseMotion, OurPage, SignedIn
from edge.workflows import doorkeeper, entry_register

router = APIRouter(prefix="/api/v1")


class ToGoIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str


class Found(BaseModel):
    model_config = ConfigDict(extra="forbid")
    found: str


class Visit(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    organisation: str
    papers: str
    approved_by: str
    reason: str = "visit"


class Hours(BaseModel):
    model_config = ConfigDict(extra="forbid")
    two_persons: bool
    from_minute: int
    to_minute: int
    days: list[int]


@router.get("/door")
def door(request: Request, person: SignedIn) -> dict[str, Any]:
    """Who is inside, for whoever may enter or keeps the register; the site's rules."""
    room = panel_of(request).room
    trusted = access.rights(person.roles) & {"enter", "read_entries"}
    return {
        "inside": [asdict(line) for line in entry_register.inside(room)] if trusted else [],
        "rules": asdict(doorkeeper.rules(room)),
        "reasons": REASONS,
    }


@router.post("/door/release")
def release(body: ToGoIn, request: Request, person: MayChooseMotion) -> dict[str, str]:
    """``verdict``: open, or who else has to ask at this panel within half a minute: escort, second."""
    panel = panel_of(request)
    verdict = panel.door.ask(person, body.reason)
    panel.snapshots.nudge()
    return {"verdict": verdict}


@router.post("/door/clear", status_code=204)
def clear(body: Found, request: Request, person: MayChooseMotion) -> None:
    """After fire or gas somebody responsible lets people in again."""
    panel = panel_of(request)
    doorkeeper.clear(panel.room, person, body.found)
    panel.snapshots.nudge()


@router.post("/door/visitors")
def visitor(body: Visit, request: Request, person: MayChooseMotion) -> dict[str, str]:
    panel = panel_of(request)
    entry = doorkeeper.visitor(panel.room, person, body.model_dump(exclude={"reason"}), body.reason)
    panel.snapshots.nudge()
    return {"entry": entry}


@router.post("/door/entries/{entry_id}/out", dependencies=[OurPage], status_code=204)
def went_out(entry_id: str, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    doorkeeper.went_out(panel.room, person, entry_id)
    panel.snapshots.nudge()


@router.post("/door/rules", dependencies=[OurPage], status_code=204)
def set_rules(body: Hours, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    rules = Rules(body.two_persons, body.from_minute, body.to_minute, tuple(sorted(set(body.days))))
    doorkeeper.set_rules(panel.room, person, rules)
    panel.snapshots.nudge()


@router.get("/entries")
def entries(
    request: Request,
    person: SignedIn,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before_ms: int | None = None,
) -> dict[str, Any]:
    """Newest first."""
    access.require(person.roles, "read_entries")
    return {"entries": [asdict(line) for line in entry_register.lines(panel_of(request).room, limit, before_ms)]}


@router.post("/entries/paper", dependencies=[OurPage], response_class=Response)
def on_paper(request: Request, person: SignedIn) -> Response:
    pdf = entry_register.on_paper(panel_of(request).room, person, language_of(request))
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.post("/entries/sheet", dependencies=[OurPage], response_class=Response)
def as_sheet(request: Request, person: SignedIn) -> Response:
    csv = entry_register.as_sheet(panel_of(request).room, person, language_of(request))
    return Response(csv, media_type="text/csv", headers={"Cache-Control": "no-store"})
