"""Hooking a folder of scans at the panel: the plan first, then file by file; what is in doubt is settled here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from edge.domain import access
from edge.domain.hooking import FileState
from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.panel.sent_files import picture_file
from edge.words import say
from edge.workflows import hook_scans
from edge.workflows.hook_scans import Offered

router = APIRouter(prefix="/api/v1")

SHOWN = 500  # lines in one answer; the command line's report has all


class OneFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    path: Annotated[str, Field(min_length=1, max_length=1000)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    stamp: str = ""


class Folder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    root: Annotated[str, Field(max_length=1000)]
    files: list[OneFile]

    def offered(self) -> list[Offered]:
        return [Offered(one.path, one.sha256, one.stamp) for one in self.files]


class Settled(BaseModel):
    model_config = ConfigDict(extra="forbid")
    path: str
    reason: str = ""
    replacing: bool = False


@router.get("/hooking")
def last(request: Request, person: SignedIn, run: str = "") -> dict[str, Any]:
    """The runs so far, newest first, and of one of them what is in doubt or was not taken."""
    access.require(person.roles, "digitise")
    room = panel_of(request).room
    runs = hook_scans.runs(room, person)
    if not runs:
        return {"runs": [], "run": None, "files": []}
    chosen = next((one for one in runs if one.id == run), runs[0])
    files = hook_scans.open_files(room, person, chosen.id)
    shown = [_shown(request, one) for one in files[:SHOWN]]
    names = {one.id: one.name for one in room.people.all()}
    told = [{**asdict(one), "person_name": names.get(one.begun_by, "")} for one in runs]
    return {"runs": told, "run": asdict(chosen), "files": shown}


@router.get("/hooking/{run_id}/files")
def files(run_id: str, state: FileState, request: Request, person: SignedIn) -> dict[str, Any]:
    """Files of a run that became this, each with the reason."""
    found = hook_scans.files_of(panel_of(request).room, person, run_id, state)
    return {"files": [_shown(request, one) for one in found[:SHOWN]], "count": len(found)}


@router.post("/hooking/plan", dependencies=[OurPage])
def plan(body: Folder, request: Request, person: SignedIn) -> dict[str, Any]:
    """What would become of each file; nothing is kept."""
    planned = hook_scans.plan(panel_of(request).room, person, body.offered())
    return {"files": [_shown(request, one) for one in planned]}


@router.post("/hooking/begin", dependencies=[OurPage])
def begin(body: Folder, request: Request, person: SignedIn) -> dict[str, Any]:
    """The run, and the paths that are to be sent now."""
    room = panel_of(request).room
    run_id, _ = hook_scans.begin(room, person, body.root, body.offered())
    return {"run": run_id, "send": [one.path for one in hook_scans.open_files(room, person, run_id) if one.waits]}


@router.post("/hooking/{run_id}/file", dependencies=[OurPage])
async def take(
    run_id: str, request: Request, person: SignedIn, path: Annotated[str, Query(max_length=1000)]
) -> dict[str, Any]:
    """The file is the request's body. What became of it."""
    access.require(person.roles, "digitise")
    content = await picture_file(request, path)
    room = panel_of(request).room
    file = await run_in_threadpool(lambda: hook_scans.take(room, person, run_id, path, content))
    return _shown(request, file)


@router.post("/hooking/{run_id}/end", dependencies=[OurPage])
def end(run_id: str, request: Request, person: SignedIn) -> dict[str, int]:
    return hook_scans.end(panel_of(request).room, person, run_id)


@router.post("/hooking/{run_id}/settle", dependencies=[OurPage])
def settle(run_id: str, body: Settled, request: Request, person: SignedIn) -> dict[str, Any]:
    """A doubtful file is hooked all the same; ``reason`` is kept."""
    room = panel_of(request).room
    return _shown(request, hook_scans.settle(room, person, run_id, body.path, body.reason, body.replacing))


def _shown(request: Request, one: Any) -> dict[str, Any]:
    """A planned file and one of a run alike, with the reason in words."""
    language = language_of(request)
    state = "planned" if one.state == "hook" else one.state
    return {
        "path": one.path,
        "state": state,
        "said": say(language, f"hook.state.{state}"),
        "why": hook_scans.why(one.code, one.params, language),
        "code": one.code,
        "item_id": one.item_id,
        "page": one.page,
        "settles": getattr(one, "settles", False),
    }
