"""Patrols at the panel: what is due, the round from point to point, what was found, the register, the site's list."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.domain.patrol import FINDING_KINDS, WHATS, Point
from edge.domain.patrol_due import KINDS, Holiday, Plan
from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import patrol, patrol_list, patrol_register

router = APIRouter(prefix="/api/v1")
CLOSED_SHOWN = 30


class Begin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str


class Found(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str
    words: str = ""
    look: str = ""


class Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")
    camera: str


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: str


class Owner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    owner: str
    until: str


class PointIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = ""
    what: str
    aisle: int | None = None
    place: str = ""
    name: str = ""
    rounds: list[str]


class PlanIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kinds: list[str]
    days: list[int]
    by_minute: int
    weekly_day: int
    monthly_day: int
    after_alarm_minutes: int
    holidays: list[list[str]]


@router.post("/patrol/rounds", dependencies=[OurPage])
def begin(body: Begin, request: Request, person: SignedIn) -> dict[str, str]:
    panel = panel_of(request)
    patrol_id = patrol.begin(panel.room, person, body.kind)
    panel.snapshots.nudge()
    return {"id": patrol_id}


@router.get("/patrol/rounds/{patrol_id}")
def one_round(patrol_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Its points in the order of walking, each with what the room itself says there now."""
    return asdict(patrol.sheet(panel_of(request).room, person, patrol_id)) | {"found": FINDING_KINDS}


@router.post("/patrol/rounds/{patrol_id}/points/{point_id}/in-order", dependencies=[OurPage], status_code=204)
def in_order(patrol_id: str, point_id: str, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    patrol.in_order(panel.room, person, patrol_id, point_id)
    panel.snapshots.nudge()


@router.post("/patrol/rounds/{patrol_id}/points/{point_id}/found", dependencies=[OurPage])
def found(patrol_id: str, point_id: str, body: Found, request: Request, person: SignedIn) -> dict[str, str]:
    panel = panel_of(request)
    finding = patrol.found(panel.room, person, patrol_id, point_id, body.kind, body.words, body.look)
    panel.snapshots.nudge()
    return {"finding": finding}


@router.post("/patrol/pictures", dependencies=[OurPage])
def photograph(body: Taken, request: Request, person: SignedIn) -> dict[str, str]:
    return {"look": patrol.photograph(panel_of(request).room, person, body.camera)}


@router.get("/patrol/pictures/{look}.jpg", response_class=Response)
def picture(look: str, request: Request, person: SignedIn) -> Response:
    jpeg = patrol.picture(panel_of(request).room, person, look)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/patrol/rounds/{patrol_id}/sign", dependencies=[OurPage], status_code=204)
def sign(patrol_id: str, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    patrol.sign(panel.room, person, patrol_id)
    panel.snapshots.nudge()


@router.post("/patrol/rounds/{patrol_id}/give-up", dependencies=[OurPage], status_code=204)
def give_up(patrol_id: str, body: Words, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    patrol.give_up(panel.room, person, patrol_id, body.words)
    panel.snapshots.nudge()


@router.get("/patrol/findings")
def findings(request: Request, person: SignedIn) -> dict[str, Any]:
    """Open ones, those that were closed lately, and who may be asked to see to one."""
    access.require(person.roles, "read_patrols")
    room = panel_of(request).room
    return {
        "open": [asdict(line) for line in patrol_register.standing(room)],
        "closed": [asdict(line) for line in patrol_register.closed(room, CLOSED_SHOWN)],
        "people": [{"id": one.id, "name": one.name} for one in room.people.all() if one.active],
    }


@router.post("/patrol/findings/{finding_id}/assign", dependencies=[OurPage], status_code=204)
def assign(finding_id: str, body: Owner, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    patrol.assign(panel.room, person, finding_id, body.owner, body.until)
    panel.snapshots.nudge()


@router.post("/patrol/findings/{finding_id}/close", dependencies=[OurPage], status_code=204)
def close(finding_id: str, body: Words, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    patrol.close(panel.room, person, finding_id, body.words)
    panel.snapshots.nudge()


@router.get("/patrols")
def register(
    request: Request,
    person: SignedIn,
    limit: Annotated[int, Query(ge=1, le=300)] = 60,
    before_ms: int | None = None,
) -> dict[str, Any]:
    """Newest first."""
    access.require(person.roles, "read_patrols")
    return {"rounds": [asdict(line) for line in patrol_register.lines(panel_of(request).room, limit, before_ms)]}


@router.post("/patrols/paper", dependencies=[OurPage], response_class=Response)
def on_paper(request: Request, person: SignedIn) -> Response:
    pdf = patrol_register.on_paper(panel_of(request).room, person, language_of(request))
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.post("/patrols/sheet/{table}", dependencies=[OurPage], response_class=Response)
def as_sheet(table: str, request: Request, person: SignedIn) -> Response:
    csv = patrol_register.as_sheet(panel_of(request).room, person, table, language_of(request))
    return Response(csv, media_type="text/csv", headers={"Cache-Control": "no-store"})


@router.get("/patrol/list")
def site_list(request: Request, person: SignedIn) -> dict[str, Any]:
    """The site's own points and dates, and what a point may be in this room."""
    room = panel_of(request).room
    points, plan = patrol_list.read(room, person)
    return {
        "points": [asdict(one) for one in points],
        "plan": asdict(plan),
        "kinds": KINDS,
        "whats": WHATS,
        "aisles": room.layout.aisles,
        "places": sorted(set(room.places.values())),
    }


@router.post("/patrol/points", dependencies=[OurPage], status_code=204)
def set_points(body: list[PointIn], request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    points = [Point(**{**one.model_dump(), "rounds": tuple(one.rounds)}) for one in body]
    patrol_list.set_points(panel.room, person, points)
    panel.snapshots.nudge()


@router.post("/patrol/plan", dependencies=[OurPage], status_code=204)
def set_plan(body: PlanIn, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    told = body.model_dump()
    lists = {"kinds": tuple(body.kinds), "days": tuple(sorted(set(body.days)))}
    plan = Plan(**{**told, **lists, "holidays": tuple(Holiday(*(one * 2)[:2]) for one in body.holidays)})
    patrol_list.set_plan(panel.room, person, plan)
    panel.snapshots.nudge()
