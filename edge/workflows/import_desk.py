"""Importing at the panel: one file at a time is looked at, rehearsed, brought in or taken back, while people watch.

The file waits in memory until it is in the store; a cut-off import goes on from the copy that the store keeps.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal

from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused, StoreError, StoreroomError
from edge.store.formats import open_listing
from edge.store.imports import Import, Imports, RowVerdict
from edge.store.memory_file import memory_file
from edge.workflows import ingest
from edge.workflows.rights import needs
from edge.workflows.room import Room

MOST_BYTES = 60_000_000  # of an uploaded file; larger ones come in by the command line
_FIRST_ROWS = 6

What = Literal["rehearse", "import", "resume", "discard", "undo"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """``headings``: as written and the field each was taken for. ``first``: the first rows, by field.
    ``beyond``: columns too far right to be read.

    ``names_fonds``: whether the list has a column for it, or the file tells.
    """

    name: str
    content: bytes
    fonds_no: str
    format: str
    sha256: str
    total: int | None
    headings: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    beyond: int
    first: tuple[dict[str, str], ...]
    names_fonds: bool


@dataclass(slots=True)
class Desk:
    """``working``: what is being done, with ``rows`` and ``total`` (None: not known beforehand); None = nothing.

    ``owner``: id of whose file, answer and error these are; nobody else at the panel sees them.
    """

    owner: str = ""
    upload: Upload | None = None
    working: dict[str, Any] | None = None
    answer: dict[str, Any] | None = None
    error: StoreroomError | None = None
    gate: threading.Lock = field(default_factory=threading.Lock)


@needs("import")
def look_at(_room: Room, person: Person, desk: Desk, name: str, content: bytes, fonds_no: str) -> Upload:
    """The file as it would be read. InputRefused as ``open_listing`` says."""
    if len(content) > MOST_BYTES:
        raise InputRefused("file_too_big", "split_file", file=name, megabytes=len(content) // 1_000_000)
    with memory_file(name, content) as path:
        listing = open_listing(path)
        first = tuple(dict(row.values) for row in islice(listing.rows, _FIRST_ROWS))
    upload = Upload(
        name,
        content,
        fonds_no or listing.fonds_no,
        listing.format,
        hashlib.sha256(content).hexdigest(),
        listing.total,
        listing.headings,
        listing.ignored,
        listing.beyond,
        first,
        bool(listing.fonds_no) or any("fonds_no" in row or row.get("ref_code") for row in first),
    )
    with desk.gate:
        _require_idle(desk)
        desk.owner, desk.upload, desk.answer, desk.error = person.id, upload, None, None
    return upload


@needs("import")
def put_away(_room: Room, _person: Person, desk: Desk) -> None:
    """The uploaded file is not wanted."""
    with desk.gate:
        _require_idle(desk)
        desk.upload = desk.answer = desk.error = None


@needs("import")
def start(room: Room, person: Person, desk: Desk, what: What, import_id: str = "", fonds_no: str | None = None) -> None:
    """Begin in a thread of its own; ``desk`` says how it goes. RuleRefused ``import_running``; InputRefused
    ``no_file_chosen``. ``fonds_no``: what the person says of a list that names none, instead of before.
    """
    with desk.gate:
        if desk.upload and desk.owner == person.id and fonds_no is not None:
            desk.upload = replace(desk.upload, fonds_no=fonds_no.strip())
    work = _work(room, person, desk, what, import_id)
    with desk.gate:
        _require_idle(desk)
        if desk.owner != person.id:
            desk.owner, desk.upload = person.id, None
        desk.working = {"what": what, "rows": 0, "total": desk.upload.total if desk.upload else None}
        desk.answer = desk.error = None
    threading.Thread(target=_run, args=(desk, what, work), name="import", daemon=True).start()


@needs("import")
def recent(room: Room, _person: Person) -> list[Import]:
    """Newest first."""
    return Imports(room.database).recent()


@needs("import")
def rows_of(room: Room, _person: Person, import_id: str, after_row: int) -> list[RowVerdict]:
    """Rows of one import that were not simply taken."""
    return Imports(room.database).verdicts(import_id, after_row=after_row)


def _work(
    room: Room, person: Person, desk: Desk, what: What, import_id: str
) -> Callable[[ingest.Progress], dict[str, Any]]:
    database, actor = room.database, person.id
    if what == "resume":
        return lambda told: ingest.resume(database, actor=actor, progress=told)
    if what == "discard":
        return lambda told: ingest.discard(database, actor=actor, progress=told)
    if what == "undo":
        return lambda told: ingest.undo(database, import_id, actor=actor, progress=told)
    upload = desk.upload
    if upload is None or desk.owner != person.id:
        raise InputRefused("no_file_chosen", "choose_file")

    def bring(told: ingest.Progress) -> dict[str, Any]:
        with memory_file(upload.name, upload.content) as path:
            return ingest.ingest(
                database,
                path,
                actor=actor,
                fonds_no=upload.fonds_no,
                dry_run=what == "rehearse",
                progress=told,
            )

    return bring


def _run(desk: Desk, what: What, work: Callable[[ingest.Progress], dict[str, Any]]) -> None:
    def told(said: dict[str, Any]) -> None:
        desk.working = {"what": what, **said}

    answer: dict[str, Any] | None = None
    error: StoreroomError | None = None
    try:
        answer = work(told)
    except StoreroomError as refused:
        error = refused
    except Exception:
        log.exception("import at the panel failed")
        error = StoreError("internal", "call_technician")
    with desk.gate:
        desk.working, desk.answer, desk.error = None, answer, error
        if what == "import" and answer is not None:
            desk.upload = None


def _require_idle(desk: Desk) -> None:
    if desk.working is not None:
        raise RuleRefused("import_running", "wait_for_import", file=desk.upload.name if desk.upload else "")
