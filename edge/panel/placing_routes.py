"""Giving boxes their places: what the hand scanner read, suggestions, room left on shelves, history."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.domain.placing import Hands
from edge.panel.describe_routes import archive_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import placing
from edge.workflows.find import known_box

router = APIRouter(prefix="/api/v1")


class Readings(BaseModel):
    """What was typed, and what was read before and still waits for its other half."""

    model_config = ConfigDict(extra="forbid")
    texts: list[str] = []
    box: str = ""
    slot: str = ""


@router.post("/placing/read", dependencies=[OurPage])
def read(body: Readings, request: Request, person: SignedIn) -> dict[str, Any]:
    """The hand scanner's readings since the last call and what was typed, in that order. A box that found its slot is
    placed at once; ``waits`` is to be sent with the next call.
    """
    room, archive = panel_of(request).room, archive_of(request)
    texts = [*room.scanner.scans(), *body.texts]
    done = placing.read(archive, person, texts, Hands(body.box, body.slot))
    waiting = known_box(room, done.hands.box) if done.hands.box else None
    return {
        "put": [{"box": asdict(box), "slot": slot} for box, slot in done.put],
        "waits": asdict(done.hands),
        "box": asdict(waiting) if waiting else None,
        "suggestions": archive.shelves.suggestions(waiting.id) if waiting else [],
    }


@router.get("/shelves")
def shelves(request: Request, person: SignedIn, prefix: str = "") -> dict[str, Any]:
    """Every shelf whose code begins so, with the places, millimetres and grams it has left."""
    access.require(person.roles, "shelve")
    rooms = archive_of(request).shelves.room(prefix)
    return {"shelves": [{**asdict(one), "free_mm": one.free_mm, "free_g": one.free_g} for one in rooms]}


@router.get("/boxes/{box_id}/moves")
def moves(box_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Where the box stood, newest first."""
    access.require(person.roles, "shelve")
    names = {one.id: one.name for one in panel_of(request).room.people.all()}
    lines = archive_of(request).shelves.history(box_id)
    return {"moves": [{**asdict(one), "person_name": names.get(one.actor, "")} for one in lines]}


@router.post("/boxes/{box_id}/put-back", dependencies=[OurPage])
def put_back(box_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Undo the box's last move."""
    return asdict(placing.put_back(archive_of(request), person, box_id))
