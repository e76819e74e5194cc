"""Giving boxes their places: what the hand scanner read, suggestions, room left on shelves, history."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from edge.domain import access
from edge.domain.placing import Hands
from edge.domain.shelf_room import ShelfLimits, ShelfRoom, shelf_of
from edge.panel.answers import in_words, language_of
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


class Measured(BaseModel):
    """``weighed_g`` None: nobody weighed it."""

    model_config = ConfigDict(extra="forbid")
    type: str
    thickness_mm: int
    weighed_g: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Limits(BaseModel):
    """None: as it was."""

    model_config = ConfigDict(extra="forbid")
    prefix: Annotated[str, Field(min_length=1, max_length=60)]
    width_mm: int | None = None
    height_mm: int | None = None
    load_kg: int | None = None


@router.post("/placing/read", dependencies=[OurPage])
def read(body: Readings, request: Request, person: SignedIn) -> dict[str, Any]:
    """The hand scanner's readings since the last call and what was typed, in that order. A box that found its slot is
    placed at once; ``waits`` is to be sent with the next call. At a reading that is ``refused`` the rest is
    ``left``.
    """
    room, archive = panel_of(request).room, archive_of(request)
    texts = [*room.scanner.scans(), *body.texts]
    done = placing.read_on(archive, person, texts, Hands(body.box, body.slot))
    waiting = known_box(room, done.hands.box) if done.hands.box else None
    return {
        "put": [{"box": asdict(box), "slot": slot} for box, slot in done.put],
        "waits": asdict(done.hands),
        "refused": in_words(done.refused, language_of(request)) if done.refused else None,
        "left": done.left,
        "box": asdict(waiting) if waiting else None,
        "suggestions": archive.shelves.suggestions(waiting.id) if waiting else [],
    }


@router.get("/box-types")
def box_types(request: Request, person: SignedIn) -> dict[str, Any]:
    access.require(person.roles, "shelve")
    return {"types": [asdict(one) for one in archive_of(request).shelves.types()]}


@router.get("/shelves")
def shelves(request: Request, person: SignedIn, prefix: str = "") -> dict[str, Any]:
    """Every shelf whose code begins so, with the places, millimetres and grams it has left."""
    access.require(person.roles, "shelve")
    archive = archive_of(request)
    rooms = archive.shelves.room(prefix)
    return {"shelves": [_shelf(one) for one in rooms], "built_kg": archive.layout.shelf_load_kg}


@router.post("/shelves/limits", dependencies=[OurPage])
def set_shelf_limits(body: Limits, request: Request, person: SignedIn) -> dict[str, Any]:
    """The shelves whose code begins with ``prefix``, with what they have left now."""
    limits = ShelfLimits(body.width_mm, body.height_mm, body.load_kg)
    return {
        "shelves": [_shelf(one) for one in placing.set_shelf_limits(archive_of(request), person, body.prefix, limits)]
    }


@router.get("/boxes/{box_id}/place")
def place(box_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """The box with its measures, the shelf it belongs to, and where it stood, newest first.

    ``back``: where putting it back leads, "" = to no place; None = it never moved.
    """
    access.require(person.roles, "shelve")
    room, archive = panel_of(request).room, archive_of(request)
    box = known_box(room, box_id)
    names = {one.id: one.name for one in room.people.all()}
    lines = archive.shelves.history(box.id)
    shelves = archive.shelves.room(shelf_of(box.home_slot)) if box.home_slot else []
    return {
        "box": asdict(box),
        "measures": asdict(archive.shelves.measures(box.id)),
        "types": [asdict(one) for one in archive.shelves.types()],
        "shelf": _shelf(shelves[0]) if shelves else None,
        "back": archive.shelves.earlier_home(box.id),
        "moves": [{**asdict(one), "person_name": names.get(one.actor, "")} for one in lines],
    }


@router.post("/boxes/{box_id}/measures", dependencies=[OurPage], status_code=204)
def set_measures(box_id: str, body: Measured, request: Request, person: SignedIn) -> None:
    placing.set_measures(archive_of(request), person, box_id, body.type, body.weighed_g, body.thickness_mm)


@router.post("/boxes/{box_id}/put-back", dependencies=[OurPage])
def put_back(box_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Undo the box's last move."""
    return asdict(placing.put_back(archive_of(request), person, box_id))


def _shelf(of: ShelfRoom) -> dict[str, Any]:
    return {**asdict(of), "free_mm": of.free_mm, "free_g": of.free_g}
