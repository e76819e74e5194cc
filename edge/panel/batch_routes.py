"""Digitisation batches at the panel: items out, each step checked by somebody else, items back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain.people import Person
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import close_batch, digitise, digitise_batch
from edge.workflows.room import Room

router = APIRouter(prefix="/api/v1")


class NewBatch(BaseModel):
    """``contractor`` "": the room's own people."""

    model_config = ConfigDict(extra="forbid")
    name: str
    contractor: str = ""


class Out(BaseModel):
    """``item``: archive number or label; ``pages`` as counted at the hand-over."""

    model_config = ConfigDict(extra="forbid")
    item: str
    pages: int


class Back(BaseModel):
    model_config = ConfigDict(extra="forbid")
    item_id: str
    pages: int
    bound: bool
    note: str = ""


class Checked(BaseModel):
    """``worker`` did the step; whoever is signed in looked at ``count`` and found ``defects``."""

    model_config = ConfigDict(extra="forbid")
    step: str
    worker: str
    count: int
    defects: int = 0
    note: str = ""


class Closing(BaseModel):
    """``despite``: why it ends although pages are not digitised."""

    model_config = ConfigDict(extra="forbid")
    despite: str = ""


@router.get("/batches")
def batches(request: Request, person: SignedIn) -> dict[str, Any]:
    """Open ones first. ``suggested``: a name that is free."""
    found = digitise_batch.batches(panel_of(request).room, person)
    return {"batches": [asdict(one) for one in found.batches], "suggested": found.suggested}


@router.post("/batches", dependencies=[OurPage])
def open_batch(body: NewBatch, request: Request, person: SignedIn) -> dict[str, str]:
    return {"id": digitise_batch.open_batch(panel_of(request).room, person, body.name, body.contractor).id}


@router.get("/batches/{batch_id}")
def one(batch_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    return _told(panel_of(request).room, person, batch_id)


@router.post("/batches/{batch_id}/out", dependencies=[OurPage])
def out(batch_id: str, body: Out, request: Request, person: SignedIn) -> dict[str, Any]:
    room = panel_of(request).room
    digitise_batch.send(room, person, batch_id, digitise.item_numbered(room, person, body.item).id, body.pages)
    return _told(room, person, batch_id)


@router.post("/batches/{batch_id}/in", dependencies=[OurPage])
def back(batch_id: str, body: Back, request: Request, person: SignedIn) -> dict[str, Any]:
    room = panel_of(request).room
    digitise_batch.take_back(room, person, batch_id, body.item_id, body.pages, body.bound, body.note)
    return _told(room, person, batch_id)


@router.post("/batches/{batch_id}/steps", dependencies=[OurPage])
def step(batch_id: str, body: Checked, request: Request, person: SignedIn) -> dict[str, Any]:
    room = panel_of(request).room
    digitise_batch.record_step(room, person, batch_id, body.step, body.worker, body.count, body.defects, body.note)
    return _told(room, person, batch_id)


@router.post("/batches/{batch_id}/close", dependencies=[OurPage])
def close(batch_id: str, body: Closing, request: Request, person: SignedIn) -> dict[str, Any]:
    room = panel_of(request).room
    close_batch.close(room, person, batch_id, body.despite)
    return _told(room, person, batch_id)


def _told(room: Room, person: Person, batch_id: str) -> dict[str, Any]:
    found = digitise_batch.register(room, person, batch_id)
    return {**digitise_batch.told(room, found), "workers": digitise_batch.workers(room, person, found)}
