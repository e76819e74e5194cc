"""Take tables and finding aids out into a file. Reads beside a running node; the event is the caller's to write.

The file appears under its name only when it is whole and ``record`` has put the export into the trace.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.domain import access
from edge.domain.people import Person
from edge.domain.records import may_see
from edge.errors import InputRefused, RuleRefused
from edge.store import trace_export
from edge.store.connection import Connection
from edge.store.database import NODE, Change, Database
from edge.store.exports import atom_out, csv_out, ead_out, jsonl_out, source_out, xlsx_out
from edge.store.exports.ead_out import Dialect
from edge.store.exports.scope import Scope
from edge.store.exports.tables import ITEMS, TABLES
from edge.store.exports.written import Written
from edge.store.readers import Reads
from edge.store.trace import TraceView
from edge.store.whole_file import appears_whole

T = TypeVar("T")
Progress = Callable[[dict[str, Any]], None]

SOURCE = "source"  # an imported file as it came
SHEETS = ("csv", "xlsx", "jsonl")
AIDS: dict[str, Dialect] = {"ead": "ead", "ead3": "ead3"}
FORMATS = (*SHEETS, *AIDS, "atom")
OPEN_TO_ALL = "internal"  # clearance of whoever holds a terminal and has not said who they are
_TOLD_EVERY = 500  # rows


@dataclass(frozen=True, slots=True)
class Order:
    """``what``: one of TABLES, or SOURCE with ``import_id``. ``format``: one of FORMATS. ``language``: of headings and
    words in sheets.
    """

    what: str
    format: str
    clearance: str = OPEN_TO_ALL
    fonds_no: str = ""
    language: str = "zh-Hans"
    made_utc_ms: int = 0
    import_id: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """``altered``: cells that the format could not carry letter by letter; of the trace, bodies withheld."""

    rows: int
    altered: int
    sha256: str


def take_out(
    reads: Reads, order: Order, out: Path, record: Callable[[Taken], None], progress: Progress = lambda _said: None
) -> Taken:
    """Write ``out``. ``reads``: the store, for readings their own file. InputRefused ``export_exists``,
    ``export_form_unfit``, ``fonds_unknown``, ``import_unknown``; RuleRefused ``export_not_cleared``; StoreError
    ``disk_full``, ``disk_refuses``. No file where it fails.
    """
    _require_fit(order)
    with appears_whole(out) as (path, file):
        with reads.read() as db:
            written = _write(db, order, file, progress)
        file.flush()
        os.fsync(file.fileno())
        with path.open("rb") as whole:
            taken = Taken(written.rows, written.altered, hashlib.file_digest(whole, "sha256").hexdigest())
        record(taken)
    return taken


def take_out_trace(
    trace: TraceView,
    public_key: Ed25519PublicKey,
    order: Order,
    out: Path,
    record: Callable[[Taken], None],
    progress: Progress = lambda _said: None,
) -> Taken:
    """The trace into the new folder ``out``, as ``storeroom trace export`` does; ``sha256`` is of its events' file.

    Bodies of secret matters only with a clearance above internal. InputRefused ``export_exists``.
    """
    if order.fonds_no:
        raise InputRefused("export_not_by_fonds", "leave_out_fonds", what=order.what)
    if out.exists():
        raise InputRefused("export_exists", "choose_other_name", file=out.name)
    total = sum(epoch.last_seq for epoch in trace.epochs())
    level = access.event_level(order.clearance)
    try:
        done = trace_export.export(
            trace, public_key, out, level=level, on_progress=lambda events: progress({"rows": events, "total": total})
        )
        with (out / trace_export.EVENTS).open("rb") as file:
            taken = Taken(done.events, done.withheld, hashlib.file_digest(file, "sha256").hexdigest())
        record(taken)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
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
    if order.import_id:
        body["import"] = order.import_id
    actor, level = person.id if person else NODE, access.event_level(order.clearance)

    def write(change: Change) -> None:
        change.event("export.made", subject=order.what, actor=actor, body=body, level=level)

    database.write(write)


def _require_fit(order: Order) -> None:
    if order.what == SOURCE:
        return
    table = TABLES[order.what]
    if order.format not in SHEETS and order.what != ITEMS.name:
        raise InputRefused("export_form_unfit", "choose_other_form", what=order.what, format=order.format)
    if order.fonds_no and not table.by_fonds:
        raise InputRefused("export_not_by_fonds", "leave_out_fonds", what=order.what)


def _write(db: Connection, order: Order, out: BinaryIO, progress: Progress) -> Written:
    scope = Scope(order.clearance, order.fonds_no)
    if order.what == SOURCE:
        return source_out.write(out, db, scope, order.import_id)
    if order.fonds_no and not db.execute("SELECT 1 FROM fonds WHERE fonds_no = ?", (order.fonds_no,)).fetchone():
        raise InputRefused("fonds_unknown", "check_fonds", fonds=order.fonds_no)
    if order.format not in SHEETS:
        return _finding_aid(db, scope, order, out, progress)
    table = TABLES[order.what]
    rows = _told(table.rows(db, scope), table.count(db, scope), progress)
    if order.format == "jsonl":
        return jsonl_out.write(out, table, rows)
    headings = table.headings(order.language)
    texts = (table.texts(row, order.language) for row in rows)
    if order.format == "csv":
        return csv_out.write(out, headings, texts)
    return xlsx_out.write(out, table.name, headings, texts)


def _finding_aid(db: Connection, scope: Scope, order: Order, out: BinaryIO, progress: Progress) -> Written:
    """InputRefused ``fonds_needed`` where the store has several and none is named."""
    fonds = [row["fonds_no"] for row in db.execute("SELECT fonds_no FROM fonds ORDER BY fonds_no")]
    chosen = [scope.fonds_no] if scope.fonds_no else fonds
    if len(chosen) != 1 and order.format in AIDS:
        raise InputRefused("fonds_needed", "name_fonds", format=order.format, count=len(fonds))
    total, done = ITEMS.count(db, scope), itertools.count(1)

    def step() -> None:
        rows = next(done)
        if rows % _TOLD_EVERY == 0:
            progress({"rows": rows, "total": total})

    if order.format == "atom":
        return atom_out.write(out, db, scope, chosen, order.language, step)
    return ead_out.write(
        out,
        db,
        replace(scope, fonds_no=chosen[0]),
        dialect=AIDS[order.format],
        made_utc_ms=order.made_utc_ms,
        language=order.language,
        step=step,
    )


def _told(rows: Iterator[T], total: int, progress: Progress) -> Iterator[T]:
    number = 0
    for number, row in enumerate(rows, 1):
        if number % _TOLD_EVERY == 0:
            progress({"rows": number, "total": total})
        yield row
    progress({"rows": number, "total": number})
