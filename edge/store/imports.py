"""Imports: what a file brings is pending, in batches of their own transactions, and shown by its sealing event alone.

One import is pending at a time. Its rows are in the tables from the first batch on, so a number that comes twice, in
this file or in the store, is met by the same look-up. The file itself is kept beside them, compressed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import zstandard

from edge.domain.ids import new_id
from edge.domain.intake import Judged
from edge.errors import RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import fonds_told, volumes_told
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database
from edge.store.import_rows import Batch
from edge.store.shape import references

BATCH = 200  # rows a transaction: other changes wait at most this long
_COUNTED = ("taken", "mended", "refused", "context")


@dataclass(frozen=True, slots=True)
class Import:
    """``rows_done``: rows of the file already judged and written; the next batch begins after them.

    ``undone_utc_ms``: since when a sealed one is being taken back.
    """

    no: int
    id: str
    sha256: str
    name: str
    format: str
    fonds_no: str
    state: Literal["pending", "sealed", "discarded"]
    rows_done: int
    taken: int
    mended: int
    refused: int
    context: int
    boxes: int
    undone_utc_ms: int | None

    @classmethod
    def of(cls, row: Row) -> Import:
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})


IndexedRow = tuple[Judged, rows.ItemIndex | None]


def indexed(row: Judged) -> IndexedRow:
    """The row with its search index worked out, outside the transaction that will write it."""
    if row.item is None or row.is_volume or row.is_box:
        return row, None
    scope = str(row.described.get("scope") or "")
    return row, rows.index_of(row.item, (scope,) if scope else ())


@dataclass(frozen=True, slots=True)
class RowVerdict:
    row: int
    place: str
    verdict: str
    notes: tuple[tuple[str, dict[str, Any]], ...]


def _get(db: Connection, no: int) -> Import:
    return Import.of(db.execute("SELECT * FROM import_file WHERE no = ?", (no,)).fetchone())


class Imports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_file(self, sha256: str) -> Import | None:
        """The sealed or pending import of this very file."""
        with self._database.read() as db:
            query = "SELECT * FROM import_file WHERE sha256 = ? AND state <> 'discarded'"
            row = db.execute(query, (sha256,)).fetchone()
        return Import.of(row) if row else None

    def pending(self) -> Import | None:
        with self._database.read() as db:
            row = db.execute("SELECT * FROM import_file WHERE state = 'pending'").fetchone()
        return Import.of(row) if row else None

    def recent(self, limit: int = 50) -> list[Import]:
        with self._database.read() as db:
            found = db.execute("SELECT * FROM import_file ORDER BY no DESC LIMIT ?", (limit,))
            return [Import.of(row) for row in found]

    def verdicts(self, import_id: str, *, after_row: int = 0, limit: int = 200) -> list[RowVerdict]:
        """Rows that were mended, refused or kept as context, in the file's order."""
        with self._database.read() as db:
            found = db.execute(
                "SELECT r.* FROM import_row r JOIN import_file f ON f.no = r.import_no"
                " WHERE f.id = ? AND r.row > ? ORDER BY r.row LIMIT ?",
                (import_id, after_row, limit),
            )
            return [
                RowVerdict(
                    row["row"],
                    row["place"],
                    row["verdict"],
                    tuple((code, params) for code, params in json.loads(row["notes"])),
                )
                for row in found
            ]

    def evidence(self, import_id: str) -> bytes:
        """The file as it was imported."""
        with self._database.read() as db:
            found = db.execute(
                "SELECT e.zstd FROM import_evidence e JOIN import_file f ON f.no = e.import_no"
                " WHERE f.id = ? ORDER BY e.piece",
                (import_id,),
            )
            return b"".join(zstandard.decompress(row["zstd"]) for row in found)

    def begin(
        self, change: Change, *, sha256: str, name: str, format: str, size: int, fonds_no: str, actor: str
    ) -> Import:
        """A new pending import. RuleRefused ``import_pending`` while another one is unfinished."""
        other = change.db.execute("SELECT name FROM import_file WHERE state = 'pending'").fetchone()
        if other:
            raise RuleRefused("import_pending", "finish_or_discard_import", file=other["name"])
        import_id = new_id(change.utc_ms)
        cursor = change.db.execute(
            "INSERT INTO import_file (id, sha256, name, format, bytes, fonds_no, state, actor, started_utc_ms)"
            " VALUES (?,?,?,?,?,?,'pending',?,?)",
            (import_id, sha256, name, format, size, fonds_no, actor, change.utc_ms),
        )
        body = {"import": import_id, "sha256": sha256, "bytes": size, "format": format}
        change.event("import.started", subject=import_id, actor=actor, body=body)
        return _get(change.db, cursor.lastrowid)

    def keep_evidence(self, change: Change, imported: Import, piece: int, content: bytes) -> None:
        """One piece of the file; bound by the hash in ``import.started``, so it needs no event of its own."""
        packed = zstandard.compress(content, 6)
        change.db.execute("INSERT OR REPLACE INTO import_evidence VALUES (?, ?, ?)", (imported.no, piece, packed))

    def add_rows(self, change: Change, imported: Import, judged: list[IndexedRow], actor: str) -> Import:
        """Write at most BATCH judged rows in this transaction; those that meet a taken number become refusals.

        RuleRefused ``import_running`` when someone else wrote rows of this import meanwhile.
        """
        if _get(change.db, imported.no).rows_done != imported.rows_done:
            raise RuleRefused("import_running", "wait_for_import", file=imported.name)
        batch = Batch(change, imported.no, actor, [row for row, _index in judged])
        final = [batch.add(row, index) for row, index in judged]
        batch.write()
        change.db.executemany(
            "INSERT INTO import_row (import_no, row, place, verdict, notes) VALUES (?,?,?,?,?)",
            [
                (imported.no, row.number, row.place, row.verdict, json.dumps(row.notes, ensure_ascii=False))
                for row in final
                if row.verdict != "taken"
            ],
        )
        counts = {verdict: sum(row.verdict == verdict for row in final) for verdict in _COUNTED}
        change.db.execute(
            "UPDATE import_file SET rows_done = ?, taken = taken + ?, mended = mended + ?, refused = refused + ?,"
            " context = context + ?, boxes = boxes + ? WHERE no = ?",
            (final[-1].number, *counts.values(), batch.boxes_made, imported.no),
        )
        body = {"import": imported.id, "first": final[0].number, "last": final[-1].number, **counts}
        body |= {"boxes": batch.boxes_made, "placed": batch.placed}
        change.event("import.rows", subject=imported.id, actor=actor, body=body)
        return _get(change.db, imported.no)

    def seal(self, change: Change, imported: Import, actor: str) -> Import:
        """From this event on the import's records are in the catalogue."""
        change.db.execute(
            "UPDATE import_file SET state = 'sealed', ended_utc_ms = ? WHERE no = ?", (change.utc_ms, imported.no)
        )
        fonds_told.take(change, imported.no, imported.id, actor)
        volumes_told.take(change, imported.no, imported.id, actor)
        done = _get(change.db, imported.no)
        body = {"import": done.id, "sha256": done.sha256, "rows": done.rows_done, "boxes": done.boxes}
        body |= {verdict: getattr(done, verdict) for verdict in _COUNTED}
        change.event("import.sealed", subject=done.id, actor=actor, body=body)
        return done

    def discard_some(self, change: Change, imported: Import, actor: str) -> bool:
        """Take back at most BATCH rows of a pending import; True once nothing is left and it counts as discarded."""
        if discard_rows(change.db, imported, BATCH):
            return False
        for table in ("import_row", "import_evidence"):
            change.db.execute(f"DELETE FROM {table} WHERE import_no = ?", (imported.no,))
        change.db.execute(
            "UPDATE import_file SET state = 'discarded', ended_utc_ms = ? WHERE no = ?", (change.utc_ms, imported.no)
        )
        change.event("import.discarded", subject=imported.id, actor=actor, body={"import": imported.id})
        return True


def discard_rows(db: Connection, imported: Import, limit: int) -> bool:
    """Delete up to ``limit`` items of the import, or once there are none its volumes, boxes and fonds; whether it was
    items, so that there may be more. A fonds that others use stays.
    """
    items = db.execute("SELECT no FROM item WHERE import_no = ? LIMIT ?", (imported.no, limit)).fetchall()
    for table in (
        "item_also_in WHERE item_no",
        "item_words WHERE rowid",
        "item_sounds WHERE rowid",
        "item_text WHERE item_no",
        "item_description WHERE item_no",
        "item WHERE no",
    ):
        db.executemany(f"DELETE FROM {table} = ?", [(row["no"],) for row in items])
    if items:
        return True
    for told in ("import_fonds", "import_volume"):
        db.execute(f"DELETE FROM {told} WHERE import_no = ?", (imported.no,))
    for words, of in (("box_words", "box"), ("volume_words", "volume"), ("volume_sounds", "volume")):
        gone = f"DELETE FROM {words} WHERE rowid IN (SELECT no FROM {of} WHERE import_no = ?)"
        db.execute(gone, (imported.no,))
    db.execute(
        "DELETE FROM volume_description WHERE volume_no IN (SELECT no FROM volume WHERE import_no = ?)", (imported.no,)
    )
    for table in ("volume", "box"):
        db.execute(f"DELETE FROM {table} WHERE import_no = ?", (imported.no,))
    used = " OR ".join(f"fonds_no IN (SELECT {column} FROM {table})" for table, column, _ in references(db, "fonds"))
    db.execute(f"UPDATE fonds SET import_no = NULL WHERE import_no = ? AND ({used})", (imported.no,))
    db.execute("DELETE FROM fonds WHERE import_no = ?", (imported.no,))
    return False
