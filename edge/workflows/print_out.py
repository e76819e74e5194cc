"""Put what was printed into a file, and the print into the trace."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.domain import access
from edge.domain.people import Person
from edge.paper.document import Printed
from edge.store.database import NODE, Change, Database
from edge.store.whole_file import appears_whole


@dataclass(frozen=True, slots=True)
class Sheets:
    """What went to paper. ``what``: register.files, label.box …; ``listed``: rows or labels."""

    what: str
    fonds_no: str
    clearance: str
    listed: int
    pages: int
    sha256: str


def put_out(
    printed: Printed, listed: int, what: str, fonds_no: str, clearance: str, out: Path, record: Callable[[Sheets], None]
) -> Sheets:
    """Write ``out`` once ``record`` has put the print into the trace. InputRefused ``export_exists``."""
    sheets = Sheets(what, fonds_no, clearance, listed, printed.pages, hashlib.sha256(printed.pdf).hexdigest())
    with appears_whole(out) as (_path, file):
        file.write(printed.pdf)
        file.flush()
        os.fsync(file.fileno())
        record(sheets)
    return sheets


def record(database: Database, sheets: Sheets, person: Person | None, printer: str = "") -> None:
    """The event ``print.made``; above internal it stays in the room. ``printer`` "": into a file."""
    body = {
        "what": sheets.what,
        "fonds": sheets.fonds_no,
        "clearance": sheets.clearance,
        "listed": sheets.listed,
        "pages": sheets.pages,
        "sha256": sheets.sha256,
        "to": printer or "file",
    }
    actor, level = person.id if person else NODE, access.event_level(sheets.clearance)

    def write(change: Change) -> None:
        change.event("print.made", subject=sheets.what, actor=actor, body=body, level=level)

    database.write(write)
