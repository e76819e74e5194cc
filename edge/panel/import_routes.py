"""Importing a catalogue file at the panel: how it is read, row by row, and taking a whole import back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from edge import words
from edge.domain import access
from edge.domain.people import Person
from edge.errors import InputRefused
from edge.panel.answers import in_words, language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import import_desk
from edge.workflows.import_desk import MOST_BYTES, Upload, What
from edge.workflows.ingest import field_name

router = APIRouter(prefix="/api/v1")


class Begin(BaseModel):
    """``import_id``: which one to undo. ``fonds``: of a list that names none; None = as the file was looked at."""

    model_config = ConfigDict(extra="forbid")
    what: What
    import_id: str = ""
    fonds: Annotated[str, Field(max_length=20)] | None = None


@router.get("/imports")
def imports(request: Request, person: SignedIn) -> dict[str, Any]:
    """The imports so far, newest first, and what lies on the desk now."""
    panel = panel_of(request)
    found = import_desk.recent(panel.room, person)
    shown = ("id", "name", "state", "rows_done", "taken", "mended", "refused", "undone_utc_ms", "sha256")
    return {"imports": [{name: getattr(one, name) for name in shown} for one in found], "desk": _desk(request, person)}


@router.get("/imports/desk")
def desk(request: Request, person: SignedIn) -> dict[str, Any]:
    access.require(person.roles, "import")
    return _desk(request, person)


@router.post("/imports/file", dependencies=[OurPage])
async def upload(
    request: Request, person: SignedIn, name: Annotated[str, Query(max_length=200)], fonds: str = ""
) -> dict[str, Any]:
    """The file is the request's body. How it would be read; nothing is imported yet."""
    access.require(person.roles, "import")
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MOST_BYTES:
            raise InputRefused("file_too_big", "split_file", file=name, megabytes=len(content) // 1_000_000)
    panel = panel_of(request)
    await run_in_threadpool(import_desk.look_at, panel.room, person, panel.imports, name, bytes(content), fonds)
    return _desk(request, person)


@router.delete("/imports/file", dependencies=[OurPage])
def put_away(request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    import_desk.put_away(panel.room, person, panel.imports)
    return _desk(request, person)


@router.post("/imports/start", dependencies=[OurPage])
def start(body: Begin, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    import_desk.start(panel.room, person, panel.imports, body.what, body.import_id, body.fonds)
    return _desk(request, person)


@router.get("/imports/{import_id}/rows")
def rows(import_id: str, request: Request, person: SignedIn, after: int = 0) -> list[dict[str, Any]]:
    found = import_desk.rows_of(panel_of(request).room, person, import_id, after)
    language = language_of(request)
    return [_row(row.row, row.place, row.verdict, row.notes, language) for row in found]


def _desk(request: Request, person: Person) -> dict[str, Any]:
    desk, language = panel_of(request).imports, language_of(request)
    if desk.owner != person.id:
        return {"upload": None, "working": desk.working, "answer": None, "error": None}
    answer = desk.answer
    if answer is not None and "not_plain" in answer:
        told = [_row(row["row"], row["place"], row["verdict"], row["notes"], language) for row in answer["not_plain"]]
        answer = {**answer, "not_plain": told[:200]}
    return {
        "upload": _upload(desk.upload, language) if desk.upload else None,
        "working": desk.working,
        "answer": answer,
        "error": in_words(desk.error, language) if desk.error else None,
    }


def _upload(upload: Upload, language: str) -> dict[str, Any]:
    return {
        "file": upload.name,
        "format": upload.format,
        "sha256": upload.sha256,
        "fonds": upload.fonds_no,
        "names_fonds": upload.names_fonds,
        "total": upload.total,
        "headings": [{"heading": heading, "field": field_name(name, language)} for heading, name in upload.headings],
        "ignored": list(upload.ignored),
        "beyond": upload.beyond,
        "fields": {name: field_name(name, language) for row in upload.first for name in row},
        "first": list(upload.first),
    }


def _row(number: int, place: str, verdict: str, notes: Any, language: str) -> dict[str, Any]:
    told = [words.say(language, f"note.{code}", **params) for code, params in notes]
    return {"row": number, "place": place, "verdict": verdict, "notes": told}
