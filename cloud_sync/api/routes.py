"""``/api/v1``: sessions, rooms, and the one thing a person may ask of a room. Nothing here can start motion."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from cloud_sync.api.context import Here, MayAcknowledge, Who
from cloud_sync.api.guard import COOKIE
from edge.errors import InputRefused

router = APIRouter()


class Login(BaseModel):
    name: str = Field(max_length=80)
    password: str = Field(max_length=200)


@router.get("/healthz")
def health(here: Here) -> Response:
    """200 while the store answers and the broker is connected, else 503."""
    rooms = len(here.fleet.nodes())
    state = {"broker": "connected" if here.link.connected else "away", "store": "ok", "rooms": rooms}
    return JSONResponse(state, status_code=200 if here.link.connected else 503)


@router.post("/api/v1/session")
def log_in(login: Login, request: Request, response: Response, here: Here) -> dict[str, Any]:
    token = here.people.log_in(login.name.strip(), login.password, here.now_ms())
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return {"name": login.name.strip()}


@router.delete("/api/v1/session")
def log_out(request: Request, response: Response, here: Here) -> dict[str, Any]:
    here.people.log_out(request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/")
    return {}


@router.get("/api/v1/rooms")
def rooms(here: Here, _who: Who) -> list[dict[str, Any]]:
    return here.fleet.rooms(here.now_ms())


@router.get("/api/v1/rooms/{node}")
def room(node: str, here: Here, _who: Who) -> dict[str, Any]:
    found = here.fleet.room(node, here.now_ms())
    if found is None:
        raise InputRefused("no_such_room", "choose_room", node=node)
    return found


@router.get("/api/v1/rooms/{node}/events")
def events(node: str, here: Here, _who: Who, limit: int = 200) -> list[dict[str, Any]]:
    return here.fleet.events(node, max(1, min(limit, 2000)))


@router.post("/api/v1/rooms/{node}/alarms/{alarm}/acknowledge", status_code=202)
def acknowledge(node: str, alarm: str, here: Here, who: MayAcknowledge) -> dict[str, Any]:
    """Asks the node; whether it did shows in the room's commands, and in the alarm itself."""
    return {"command": here.commands.acknowledge_alarm(node, alarm, who)}
