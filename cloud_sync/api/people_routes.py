"""People and rights of the rooms: who may do what where, and the asking to take a card or a person's rights away."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from cloud_sync.api.context import Here, MayManagePeople

router = APIRouter(prefix="/api/v1")


class Revocation(BaseModel):
    """``about``: id of the card or of the person."""

    model_config = ConfigDict(extra="forbid")
    what: Literal["card", "person"]
    about: str = Field(max_length=64)
    why: str = Field(max_length=40)


@router.get("/people")
def people(here: Here, _who: MayManagePeople) -> list[dict[str, Any]]:
    return here.people_of_rooms.all(here.now_ms())


@router.post("/rooms/{node}/revocations", status_code=202)
def revoke(node: str, body: Revocation, here: Here, who: MayManagePeople) -> dict[str, Any]:
    """Asks the node; what became of it shows beside the person."""
    kind: Literal["revoke_card", "revoke_person"] = "revoke_card" if body.what == "card" else "revoke_person"
    return {"command": here.commands.revoke(node, kind, body.about, who, body.why)}
