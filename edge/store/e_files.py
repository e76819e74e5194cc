"""Sound, video and OFD of items, as rows."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain.e_files import Kind, Recognised
from edge.domain.ids import new_id
from edge.errors import InputRefused
from edge.store.connection import Row
from edge.store.database import Change, Database


@dataclass(frozen=True, slots=True)
class EFile:
    """``number``: from 1, within its item."""

    id: str
    file_id: str
    item_id: str
    number: int
    kind: Kind
    mime: str
    suffix: str
    duration_ms: int | None


def add(change: Change, file_id: str, item_id: str, of: Recognised) -> EFile:
    row = change.db.execute("SELECT coalesce(max(number), 0) + 1 AS no FROM e_file WHERE item_id = ?", (item_id,))
    made = EFile(
        new_id(change.utc_ms), file_id, item_id, row.fetchone()["no"], of.kind, of.mime, of.suffix, of.duration_ms
    )
    values = tuple(getattr(made, name) for name in EFile.__dataclass_fields__)
    change.db.execute("INSERT INTO e_file VALUES (?,?,?,?,?,?,?,?)", values)
    return made


def of_item(database: Database, item_id: str) -> list[EFile]:
    with database.read() as db:
        return [_row(row) for row in db.execute("SELECT * FROM e_file WHERE item_id = ? ORDER BY number", (item_id,))]


def get(database: Database, e_file_id: str) -> EFile:
    """InputRefused ``record_unknown``."""
    with database.read() as db:
        row = db.execute("SELECT * FROM e_file WHERE id = ?", (e_file_id,)).fetchone()
    if row is None:
        raise InputRefused("record_unknown", "search_again")
    return _row(row)


def with_content(database: Database, item_id: str, sha256: str) -> EFile | None:
    with database.read() as db:
        row = db.execute(
            "SELECT e_file.* FROM e_file JOIN scan_file ON scan_file.id = e_file.file_id"
            " WHERE e_file.item_id = ? AND scan_file.sha256 = ?",
            (item_id, sha256),
        ).fetchone()
    return _row(row) if row else None


def _row(row: Row) -> EFile:
    return EFile(*(row[name] for name in EFile.__dataclass_fields__))
