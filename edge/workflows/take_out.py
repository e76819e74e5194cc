"""Take tables and finding aids out into a file. Reads beside a running node; the event is the caller's to write.

The file appears under its name only when it is whole and ``record`` has put the export into the trace.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from edge.domain import access
from edge.domain.people import Person
from edge.domain.records import may_see
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection
from edge.store.database import NODE, Change, Database
from edge.store.exports import csv_out, jsonl_out, xlsx_out
from edge.store.exports.scope import Scope
from edge.store.exports.tables import TABLES
from edge.store.exports.written import Written
from edge.store.readers import Reads
from edge.store.space import refusal

T = TypeVar("T")
Progress = Callable[[dict[str, Any]], None]

SHEETS = ("csv", "xlsx", "jsonl")
FORMATS = SHEETS
OPEN_TO_ALL = "internal"  # clearance of whoever holds a terminal and has not said who they are
_TOLD_EVERY = 500  # rows


@dataclass(frozen=True, slots=True)
class Order:
    """``what``: one of TABLES. ``format``: one of FORMATS. ``language``: of headings and words in sheets."""

    what: str
    format: str
    clearance: str = OPEN_TO_ALL
    fonds_no: str = ""
    language: str = "zh-Hans"


@dataclass(frozen=True, slots=True)
class Taken:
    """``altered``: cells that the format could not carry letter by letter."""

    rows: int
    altered: int
    sha256: str


def take_out(
    reads: Reads, order: Order, out: Path, record: Callable[[Taken], None], progress: Progress = lambda _said: None
) -> Taken:
    """Write ``out``. ``reads``: the store, for readings their own file. InputRefused ``export_exists``,
    ``export_form_unfit``, ``fonds_unknown``; StoreError ``disk_full``, ``disk_refuses``. No file where it fails.
    """
    _require_fit(order)
    with _part(out) as (path, file):
        with reads.read() as db:
            written = _write(db, order, file, progress)
        file.flush()
        os.fsync(file.fileno())
        with path.open("rb") as whole:
            taken = Taken(written.rows, written.altered, hashlib.file_digest(whole, "sha256").hexdigest())
        record(taken)
    return taken


def require_cleared(person: Person | None, clearance: str) -> None:
    """RuleRefused unless ``person`` may take out what is as secret as ``clearance``; None: nobody has said who."""
    if person is not None:
        access.require(person.roles, "take_out")
    held = OPEN_TO_ALL if person is None else access.clearance(person.roles)
    if not may_see(held, clearance):
        raise RuleRefused("export_not_cleared", "ask_cleared_person")


def record(database: Database, order: Order, taken: Taken, person: Person | None) -> None:
    """The event ``export.made``; above internal it stays in the room."""
    body = {
        "what": order.what,
        "format": order.format,
        "fonds": order.fonds_no,
        "clearance": order.clearance,
        "rows": taken.rows,
        "sha256": taken.sha256,
    }
    actor, level = person.id if person else NODE, access.event_level(order.clearance)

    def write(change: Change) -> None:
        change.event("export.made", subject=order.what, actor=actor, body=body, level=level)

    database.write(write)


def _require_fit(order: Order) -> None:
    table = TABLES[order.what]
    if order.fonds_no and not table.by_fonds:
        raise InputRefused("export_not_by_fonds", "leave_out_fonds", what=order.what)


def _write(db: Connection, order: Order, out: BinaryIO, progress: Progress) -> Written:
    scope = Scope(order.clearance, order.fonds_no)
    if order.fonds_no and not db.execute("SELECT 1 FROM fonds WHERE fonds_no = ?", (order.fonds_no,)).fetchone():
        raise InputRefused("fonds_unknown", "check_fonds", fonds=order.fonds_no)
    table = TABLES[order.what]
    rows = _told(table.rows(db, scope), table.count(db, scope), progress)
    if order.format == "jsonl":
        return jsonl_out.write(out, table, rows)
    headings = table.headings(order.language)
    texts = (table.texts(row, order.language) for row in rows)
    if order.format == "csv":
        return csv_out.write(out, headings, texts)
    return xlsx_out.write(out, table.name, headings, texts)


def _told(rows: Iterator[T], total: int, progress: Progress) -> Iterator[T]:
    number = 0
    for number, row in enumerate(rows, 1):
        if number % _TOLD_EVERY == 0:
            progress({"rows": number, "total": total})
        yield row
    progress({"rows": number, "total": number})


@contextmanager
def _part(out: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A file beside ``out``, for its owner alone; becomes ``out`` at a good end and goes at a bad one."""
    if out.exists():
        raise InputRefused("export_exists", "choose_other_name", file=out.name)
    part = out.with_name(f".{out.name}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield part, file
            part.rename(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(error, out) from error
