"""Signing in at the panel, by card or PIN, and leaving it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from edge.errors import RuleRefused
from edge.panel import shapes
from edge.panel.enrolment import COOKIE, IDLE_MS, panel_of
from edge.panel.guard import AtThePanel, OurPage, SessionNeeded, signed_in
from edge.store.views import Person
from edge.workflows import identify

router = APIRouter(prefix="/api/v1")


class Pin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    person_id: str
    pin: str


@router.get("/people")
def people(request: Request) -> list[dict[str, str]]:
    """Names to choose from before typing a PIN."""
    known = panel_of(request).room.people.all()
    return [{"id": one.id, "name": one.name, "department": one.department} for one in known if one.active]


@router.get("/session")
def session(request: Request) -> dict[str, Any]:
    try:
        person: Person | None = signed_in(request)
    except SessionNeeded:
        person = None
    panel = panel_of(request)
    told = shapes.person(person) if person else None
    return {"person": told, "panel": panel.panel_id, "idle_s": IDLE_MS // 1000}


@router.post("/session/pin", dependencies=[AtThePanel])
def by_pin(body: Pin, request: Request, response: Response) -> dict[str, Any]:
    """Raises RuleRefused ``pin_wrong`` or ``pin_locked``."""
    return _open(request, response, identify.by_pin(panel_of(request).room, body.person_id, body.pin))


@router.post("/session/card", dependencies=[AtThePanel])
def by_card(request: Request, response: Response) -> dict[str, Any]:
    """Whoever just held a card to this panel's reader. Raises RuleRefused ``no_card`` where nobody did."""
    holder = panel_of(request).presence.claim()
    if holder is None:
        raise RuleRefused("no_card", "hold_card")
    return _open(request, response, holder)


@router.delete("/session", dependencies=[OurPage], status_code=204)
def leave(request: Request, response: Response) -> None:
    panel = panel_of(request)
    found = panel.sessions.find(request.cookies.get(COOKIE, ""), IDLE_MS)
    if found is not None:
        panel.sessions.close(found.id)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    panel.snapshots.nudge()


def _open(request: Request, response: Response, person: Person) -> dict[str, Any]:
    panel = panel_of(request)
    token, opened = panel.sessions.open(person.id, panel.panel_id)
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="strict")
    panel.snapshots.nudge()
    told = shapes.person(person)
    return {"person": told, "panel": panel.panel_id, "idle_s": IDLE_MS // 1000, "mark": opened.id}
