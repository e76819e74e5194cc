"""Chinese typed at the panel: what the letters typed so far may be meant as."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request

from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import SomebodySignedIn
from edge.workflows import typing_aid

router = APIRouter(prefix="/api/v1")


@router.get("/typing", dependencies=[SomebodySignedIn])
def typing(letters: str, request: Request) -> dict[str, Any]:
    """``offers``: best first, each with how many of the letters it uses up."""
    found = typing_aid.offers(panel_of(request).room, letters, language_of(request))
    return {"offers": [asdict(one) for one in found]}
