"""Records that were changed behind the trace, taken as they are now by somebody who says why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from edge.panel.describe_routes import archive_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import changed_outside

router = APIRouter(prefix="/api/v1")


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, Field(max_length=500)]


@router.post("/records/outside/accept", dependencies=[OurPage])
def accept(body: Reason, request: Request, person: SignedIn) -> dict[str, int]:
    """``accepted``: how many. Every record is compared: seconds, or most of a minute at a million."""
    return {"accepted": changed_outside.accept(archive_of(request), person, body.reason)}
