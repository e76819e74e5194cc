"""The rows of one transaction of an import on their way into the tables, and what stands in their way there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from edge.domain import archive_numbers
from edge.domain.intake import Judged
from edge.store import catalogue_rows as rows
from edge.store import described_record, fonds_told, shelves, site_tables, volume_rows, volumes_told
from edge.store.connection import Connection
from edge.store.database import Change


def check(db: Connection, row: Judged) -> Judged:
    """``row``, refused where its number, id or volume number is taken; the note names both places."""
    if row.item is None:
        return fonds_told.said(db, row)
    if row.is_box:
        return row if new_boxes(db, row) else _taken_box(db, row)
    if row.is_volume and (filling := volumes_told.filling(db, row)):
        return filling
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


def _taken(db: Connection, judged: Sequence[Judged]) -> set[str]:
    """Which of the items' numbers and ids the store has already."""
    found: set[str] = set()
    for column in ("ref_key", "foreign_id"):
        new = [getattr(row.item, column) for row in judged if row.item and not row.is_volume and not row.is_box]
        query = f"SELECT {column} FROM item WHERE {column} IN (SELECT value FROM json_each(?))"
        wanted = [value for value in new if value is not None]
        found |= {row[0] for row in db.execute(query, (json.dumps(wanted),))} if wanted else set()
    return found


def wrong_slot(db: Connection, slot: str) -> str:
    if not db.execute("SELECT 1 FROM slot WHERE code = ?", (slot,)).fetchone():
        return "slot_not_here"
    taken = db.execute("SELECT 1 FROM box WHERE home_slot = ?1 OR slot = ?1", (slot,)).fetchone()
    return "slot_not_free" if taken else ""


def disagreement(db: Connection, row: Judged, home_slot: str) -> Judged:
    """``row`` with a note where its slot is not the home of its box, which has one or not."""
    if not row.slot or row.slot == home_slot:
        return row
    if home_slot:
        return row.with_note("slot_disagrees", slot=row.slot, other=home_slot)
    return row.with_note(wrong_slot(db, row.slot) or "box_has_no_slot", slot=row.slot, box=row.boxes[0])


class Batch:
    """The rows of one transaction on their way into the tables. Its items get there by ``write``."""

    def __init__(self, change: Change, import_no: int, actor: str, judged: Sequence[Judged]) -> None:
        """``judged``: all that will be added."""
        self._actor = actor
        self.boxes_made = 0
        self.placed = 0
        self._change, self._db, self._import_no = change, change.db, import_no
        self._taken = _taken(self._db, judged)
        self._ready: list[tuple[rows.ReadyItem, Judged]] = []
        self._fonds: set[tuple[str, str]] = set()  # written in this transaction, with their names
        self._boxes: dict[tuple[str, str], tuple[str, str]] = {}  # fonds and key → id and home, "" = none

    def add(self, judged: Judged, index: rows.ItemIndex | None) -> Judged:
        row = self._checked(judged)
        if row.item is None:
            fonds_told.keep(self._db, self._import_no, row)
            return row
        if row.fills:
            volumes_told.keep(self._db, self._import_no, row)
            return self._boxed(row) if row.boxes else row
        new, source = row.item, rows.Source(self._import_no, row.number, row.place)
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
            volume = volume_rows.insert(
                self._db,
                self._change.utc_ms,
                fonds_no=new.fonds_no,
                ref_code=new.ref_code,
                ref_key=new.ref_key,
                title=new.title,
                box_id=boxes[0] if boxes else None,
                state=state,
                secret_level=new.secret_level,
                source=source,
            )
            if row.described:
                described_record.put_more(self._change, "volume", volume.id, row.described, self._actor)
            return row
        volume_id = self._volume(row, boxes, state, source) if row.volume_ref else None
        ready = rows.ready_item(
            self._change.utc_ms,
            new,
            boxes=tuple(boxes),
            volume_id=volume_id,
            state=state,
            source=source,
            index=index,
        )
        self._ready.append((ready, row))
        return row

    def write(self) -> None:
        """The items added so far."""
        rows.insert_items(self._db, [ready for ready, _row in self._ready])
        for ready, row in self._ready:
            if row.described:
                described_record.put_more(self._change, "item", ready.id, row.described, self._actor)
        self._ready.clear()

    def _checked(self, row: Judged) -> Judged:
        """``row``, refused where it cannot be taken. An item is looked up only where its number may be a second one."""
        if row.is_volume:
            self.write()  # the papers it may have been made for
        if row.item is None or row.is_volume or row.is_box:
            return check(self._db, row)
        values = {value for value in (row.item.ref_key, row.item.foreign_id) if value is not None}
        if values.isdisjoint(self._taken):
            self._taken |= values
            return row
        self.write()  # the twin may be in this very batch
        return check(self._db, row)

    def _boxed(self, row: Judged) -> Judged:
        """The volume that ``row`` fills, made for papers of this import, in the box that only ``row`` names."""
        source = rows.Source(self._import_no, row.number, row.place)
        box_id, home, row = self._box(row, row.boxes[0], source, first=True)
        state = "shelved" if home else "registered"
        self._db.execute("UPDATE volume SET box_id = ?, state = ? WHERE id = ?", (box_id, state, row.volume_id))
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
            return *self._boxes[key], disagreement(self._db, row, self._boxes[key][1]) if first else row
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

    def _place(self, row: Judged, box_id: str) -> tuple[Judged, str]:
        """The row, with a note where its place cannot be the box's, and the home that the box got."""
        wrong = wrong_slot(self._db, row.slot)
        if wrong:
            return row.with_note(wrong, slot=row.slot, box=row.boxes[0]), ""
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
        volume = volume_rows.insert(
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
