"""One server-sent stream of snapshots a page: all rooms, one, or what waits for approval.

A full one at once, then at least one a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from cloud_sync.api.context import Context, Here, Who, require
from cloud_sync.api.guard import COOKIE
from cloud_sync.console.pages import BUILD

EVERY_S = 1.0
RIGHT_OF = {"approvals": "approve", "people": "people"}  # page → what it takes; a change of rights ends sessions

router = APIRouter()


@router.get("/events")
async def events(request: Request, here: Here, name: Who, room: str = "", page: str = "") -> StreamingResponse:
    if page in RIGHT_OF:
        require(here, name, RIGHT_OF[page])
    token = request.cookies.get(COOKIE, "")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_snapshots(here, room, page, token), media_type="text/event-stream", headers=headers)


async def _snapshots(here: Context, room: str, page: str, token: str) -> AsyncIterator[str]:
    """Ends when the server stops or the session does: the page then finds the login."""
    while not here.closing.is_set():
        snapshot = await run_in_threadpool(_snapshot, here, room, page, token)
        if snapshot is None:
            yield "event: ended\ndata: {}\n\n"
            return
        yield f"data: {json.dumps(snapshot, ensure_ascii=False)}\n\n"
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(here.closing.wait(), EVERY_S)


def _snapshot(here: Context, room: str, page: str, token: str) -> dict[str, Any] | None:
    now_ms = here.now_ms()
    if here.people.who(token, now_ms, touch=False) is None:
        return None
    if page == "approvals":
        shown: dict[str, Any] = {"approvals": here.approvals.all(now_ms)}
    elif page == "people":
        shown = {"people": here.people_of_rooms.all(now_ms), "directory": here.directory.all()}
    else:
        shown = {"room": here.fleet.room(room, now_ms)} if room else {"rooms": here.fleet.rooms(now_ms)}
    return {"build": BUILD, "now_ms": now_ms, "broker": here.link.connected, **shown}
