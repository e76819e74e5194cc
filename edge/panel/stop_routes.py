"""STOP: no login, no confirmation, no queue, no check of any kind; open to whoever reaches the node."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from edge.panel.enrolment import panel_of
from edge.workflows import motion

router = APIRouter(prefix="/api/v1")


@router.post("/stop", status_code=204)
def stop(request: Request) -> Response:
    """The page's plain form comes here too, where its script did not load: it gets the page back."""
    panel = panel_of(request)
    motion.stop(panel.room, panel.panel_id)
    panel.snapshots.nudge()
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/", status_code=303)
    return Response(status_code=204)
