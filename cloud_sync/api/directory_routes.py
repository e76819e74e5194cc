"""People whom the centre enrols, with roles in one room or all: asked by one person, confirmed by another."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from cloud_sync.api.context import Here, MayManagePeople

router = APIRouter(prefix="/api/v1/directory")


class Wish(BaseModel):
    """``person`` "": somebody new. ``rooms`` []: all. ``roles``: exactly these from then on; no names, no PINs else."""

    model_config = ConfigDict(extra="forbid")
    person: str = Field("", max_length=64)
    name: str = Field("", max_length=200)
    roles: tuple[str, ...] = Field(max_length=10)
    rooms: tuple[str, ...] = Field((), max_length=1000)


class Word(BaseModel):
    model_config = ConfigDict(extra="forbid")
    confirmed: bool


@router.post("/wishes", status_code=202)
def wish(body: Wish, here: Here, who: MayManagePeople) -> dict[str, Any]:
    return {"wish": here.directory.wish(body.person, body.name, body.roles, body.rooms, who)}


@router.post("/wishes/{wish}/word", status_code=202)
def decide(wish: str, body: Word, here: Here, who: MayManagePeople) -> dict[str, Any]:
    """The rooms take it when they can; what became of it shows on the page."""
    here.directory.decide(wish, who, body.confirmed)
    return {}
