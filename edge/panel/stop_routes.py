"""STOP, and the call for somebody trapped: no login, no confirmation, no queue; open to whoever reaches the node."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import motion, trapped

router = APIRouter(prefix="/api/v1")


class Help(BaseModel):
    """This site's words by name; an empty one is the product's own again."""

    model_config = ConfigDict(extra="forbid")
    texts: dict[str, str]


@router.post("/stop", status_code=204)
def stop(request: Request) -> Response:
    """The page's plain form comes here too, where its script did not load: it gets the page back."""
    panel = panel_of(request)
    motion.stop(panel.room, panel.panel_id)
    panel.snapshots.nudge()
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/", status_code=303)
    return Response(status_code=204)


@router.post("/entrapment", status_code=204)
def report_trapped(request: Request) -> Response:
    """STOP first; then the report, which the centre shows. The steps to free a person are on the page."""
    panel = panel_of(request)
    trapped.report(panel.room, panel.panel_id)
    panel.snapshots.nudge()
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/#/trapped", status_code=303)
    return Response(status_code=204)


@router.get("/entrapment")
def entrapment(request: Request) -> dict[str, Any]:
    """``reported_ms`` null: nobody is reported trapped. ``help``: what this site wrote; open to everybody."""
    room = panel_of(request).room
    now = room.entrapments.open()
    return {"reported_ms": now.reported_ms if now else None, "help": room.entrapments.help()}


@router.post("/entrapment/end", dependencies=[OurPage], status_code=204)
def end_trapped(request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    trapped.end(panel.room, person)
    panel.snapshots.nudge()


@router.put("/entrapment/help", dependencies=[OurPage], status_code=204)
def set_help(body: Help, request: Request, person: SignedIn) -> None:
    trapped.set_help(panel_of(request).room, person, body.texts)
