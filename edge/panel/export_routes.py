"""Tables and finding aids taken out at the panel as files."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import AtThePanel, SignedIn
from edge.workflows import table_desk, take_out
from edge.workflows.take_out import Order

router = APIRouter(prefix="/api/v1")


@router.get("/export")
def choices(request: Request, person: SignedIn) -> dict[str, Any]:
    return table_desk.choices(panel_of(request).room, person)


@router.post("/export/{what}", response_class=StreamingResponse, dependencies=[AtThePanel])
def hand_out(
    what: str,
    request: Request,
    person: SignedIn,
    form: str = "csv",
    fonds: str = "",
    clearance: str = take_out.OPEN_TO_ALL,
) -> StreamingResponse:
    room = panel_of(request).room
    order = Order(what, form, clearance, fonds, language_of(request), room.clock.utc_ms())
    file = table_desk.hand_out(room, person, order)
    return StreamingResponse(
        iter(lambda: file.read(1 << 16), b""),
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(file.close),
    )
