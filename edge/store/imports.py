"""Imports: what a file brings is pending, in batches of their own transactions, and shown by its sealing event alone.

One import is pending at a time. Its rows are in the tables from the first batch on, so a number that comes twice, in
this file or in the store, is met by the same look-up. The file itself is kept beside them, compressed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import zstandard

from edge.domain import archive_numbers
from edge.domain.ids import new_id
from edge.domain.intake import Judged
from edge.errors import RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import descriptions, shelves, site_tables
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

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
    return row, rows.index_of(row.item) if row.item and not row.is_volume and not row.is_box else None


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
        batch = _Batch(change, imported, actor)
        final = [batch.add(row, index) for row, index in judged]
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


def references(db: Connection, target: str) -> list[tuple[str, str, str]]:
    """Table, column and the column of ``target`` it points at, of every foreign key to ``target``."""
    names = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    return [
        (name, key["from"], key["to"])
        for name in names
        for key in db.execute("SELECT * FROM pragma_foreign_key_list(?)", (name,)).fetchall()
        if key["table"] == target
    ]


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
    db.execute("DELETE FROM box_words WHERE rowid IN (SELECT no FROM box WHERE import_no = ?)", (imported.no,))
    for table in ("volume", "box"):
        db.execute(f"DELETE FROM {table} WHERE import_no = ?", (imported.no,))
    used = " OR ".join(f"fonds_no IN (SELECT {column} FROM {table})" for table, column, _ in references(db, "fonds"))
    db.execute(f"UPDATE fonds SET import_no = NULL WHERE import_no = ? AND ({used})", (imported.no,))
    db.execute("DELETE FROM fonds WHERE import_no = ?", (imported.no,))
    return False


def check(db: Connection, row: Judged) -> Judged:
    """``row``, refused where its number, id or volume number is taken; the note names both places."""
    if row.item is None:
        return row
    if row.is_box:
        return row if new_boxes(db, row) else _taken_box(db, row)
    new, table = row.item, "volume" if row.is_volume else "item"
    for column, value in (("ref_key", new.ref_key), ("foreign_id", None if row.is_volume else new.foreign_id)):
        if value is None:
            continue
        place = "source_row, source_place" if table == "item" else "NULL AS source_row, NULL AS source_place"
        twin = db.execute(
            f"SELECT t.ref_code, t.label, {place}, f.name AS file FROM {table} t"
            f" LEFT JOIN import_file f ON f.no = t.import_no WHERE t.{column} = ?",
            (value,),
        ).fetchone()
        if twin:
            return row.refused(
                "number_taken",
                number=new.ref_code or (new.foreign_id or "").rpartition("~")[2],
                place=row.place,
                other_file=twin["file"] or "",
                other_place=twin["source_place"] or twin["label"],
            )
    return row


def _taken_box(db: Connection, row: Judged) -> Judged:
    assert row.item is not None
    query = (
        "SELECT b.label, f.name AS file FROM box b LEFT JOIN import_file f ON f.no = b.import_no"
        " WHERE b.fonds_no = ? AND b.box_key = ?"
    )
    twin = db.execute(query, (row.item.fonds_no, rows.box_key(row.boxes[0]))).fetchone()
    other = {"other_file": twin["file"] or "", "other_place": twin["label"]}
    return row.refused("number_taken", number=row.boxes[0], place=row.place, **other)


def new_boxes(db: Connection, row: Judged) -> list[tuple[str, str]]:
    """Fonds and key of the boxes that ``row`` would make."""
    fonds_no = row.item.fonds_no if row.item else ""
    keys = [rows.box_key(box_no) for box_no in row.boxes] if row.item else []
    known = "SELECT 1 FROM box WHERE fonds_no = ? AND box_key = ?"
    return [(fonds_no, key) for key in keys if not db.execute(known, (fonds_no, key)).fetchone()]


class _Batch:
    """The rows of one transaction on their way into the tables."""

    def __init__(self, change: Change, imported: Import, actor: str) -> None:
        self._actor = actor
        self.boxes_made = 0
        self.placed = 0
        self._change, self._db, self._import = change, change.db, imported
        self._fonds: set[tuple[str, str]] = set()  # written in this transaction, with their names
        self._boxes: dict[tuple[str, str], tuple[str, str]] = {}  # fonds and key → id and home, "" = none

    def add(self, judged: Judged, index: rows.ItemIndex | None) -> Judged:
        row = check(self._db, judged)
        if row.item is None:
            return row
        new, source = row.item, rows.Source(self._import.no, row.number, row.place)
        if (new.fonds_no, row.fonds_name) not in self._fonds:
            rows.insert_fonds(self._db, new.fonds_no, row.fonds_name, source)
            self._fonds.add((new.fonds_no, row.fonds_name))
        boxes: list[str] = []
        state: Literal["registered", "shelved"] = "registered"
        for box_no in row.boxes:
            box_id, home, row = self._box(row, box_no, source, first=not boxes)
            if home and not boxes:
                state = "shelved"
            boxes.append(box_id)
        if row.is_box:
            return row
        if row.is_volume:
            rows.insert_volume(
                self._db,
                self._change.utc_ms,
                fonds_no=new.fonds_no,
                ref_code=new.ref_code,
                ref_key=new.ref_key,
                title=new.title,
                box_id=boxes[0] if boxes else None,
                state=state,
                source=source,
            )
            return row
        volume_id = self._volume(row, boxes, state, source) if row.volume_ref else None
        item_id = rows.insert_item(
            self._db,
            self._change.utc_ms,
            new,
            boxes=tuple(boxes),
            volume_id=volume_id,
            state=state,
            source=source,
            index=index,
        )
        if row.described:
            descriptions.put_more(self._change, "item", item_id, row.described, self._actor)
        return row

    def _box(self, row: Judged, box_no: str, source: rows.Source, *, first: bool) -> tuple[str, str, Judged]:
        """The box's id and home, made or found; its place where the list tells one that is free."""
        assert row.item is not None
        fonds_no, key = row.item.fonds_no, (row.item.fonds_no, rows.box_key(box_no))
        if key not in self._boxes:
            found = self._db.execute("SELECT id, home_slot FROM box WHERE fonds_no = ? AND box_key = ?", key).fetchone()
            if found:
                self._boxes[key] = found["id"], found["home_slot"] or ""
        if key in self._boxes:
            return *self._boxes[key], self._disagreement(row, self._boxes[key][1]) if first else row
        barcode = row.barcode if first else None
        if barcode and self._db.execute("SELECT 1 FROM box WHERE barcode = ?", (barcode,)).fetchone():
            row, barcode = row.with_note("barcode_taken", barcode=barcode), None
        box = rows.insert_box(
            self._db,
            self._change.utc_ms,
            fonds_no=fonds_no,
            box_no=box_no,
            title=row.box_title if first else "",
            thickness_mm=row.thickness_mm,
            type=row.box_type,
            weight_g=row.weight_g if first else None,
            barcode=barcode,
            source=source,
        )
        self.boxes_made += 1
        row, home = self._place(row, box.id) if first and row.slot else (row, "")
        self._boxes[key] = box.id, home
        return box.id, home, row

    def _disagreement(self, row: Judged, home_slot: str) -> Judged:
        if row.slot and row.slot != home_slot:
            return row.with_note("slot_disagrees", slot=row.slot, other=home_slot)
        return row

    def _place(self, row: Judged, box_id: str) -> tuple[Judged, str]:
        """The row, with a note where its place cannot be the box's, and the home that the box got."""
        if not self._db.execute("SELECT 1 FROM slot WHERE code = ?", (row.slot,)).fetchone():
            return row.with_note("slot_not_here", slot=row.slot), ""
        if self._db.execute("SELECT 1 FROM box WHERE home_slot = ?1 OR slot = ?1", (row.slot,)).fetchone():
            return row.with_note("slot_not_free", slot=row.slot), ""
        if shelves.why_not(self._db, box_id, row.slot):
            return row.with_note("shelf_full", slot=row.slot), ""
        self._db.execute(
            "UPDATE box SET home_slot = ?1, slot = ?1, state = 'shelved' WHERE id = ?2", (row.slot, box_id)
        )
        self.placed += 1
        return row, row.slot

    def _volume(self, row: Judged, boxes: list[str], state: str, source: rows.Source) -> str:
        """The volume that the list names beside the item, made or found."""
        assert row.item is not None
        key = archive_numbers.key_within(site_tables.number_in(self._db, row.volume_ref), row.item.fonds_no)
        found = self._db.execute("SELECT id FROM volume WHERE ref_key = ?", (key,)).fetchone()
        if found:
            return str(found["id"])
        volume = rows.insert_volume(
            self._db,
            self._change.utc_ms,
            fonds_no=row.item.fonds_no,
            ref_code=row.volume_ref,
            ref_key=key,
            title=row.volume_title,
            box_id=boxes[0] if boxes else None,
            state=state,
            source=source,
        )
        return volume.id
