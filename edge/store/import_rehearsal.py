"""A list as it would come in, without a word written: its boxes and their places, numbers that come twice."""

from __future__ import annotations

from edge.domain import archive_numbers
from edge.domain.intake import Judged
from edge.store import catalogue_rows as rows
from edge.store import site_tables
from edge.store.connection import Connection
from edge.store.import_rows import check, disagreement, wrong_slot
from edge.store.volumes_told import Made, filled


class Rehearsal:
    """What is remembered of the rows before is their hashes: a list may have a million."""

    def __init__(self) -> None:
        self.boxes_made = 0
        self._homes: dict[int, str] = {}  # hash of fonds and key → home, "" = none
        self._taken: set[str] = set()
        self._seen: dict[int, str] = {}  # hash of a number → place
        self._made: dict[int, Made] = {}  # hash of a volume's key → as its papers made it
        self._volume_ref = ""

    def add(self, db: Connection, row: Judged) -> Judged:
        """``row`` with the verdict and notes that ``Batch`` would give it."""
        row = self._checked(db, row)
        if row.item is not None and row.volume_ref:
            self._made_for(db, row)
        return self._placed(db, row)

    def _checked(self, db: Connection, row: Judged) -> Judged:
        checked = check(db, row)
        if checked.item is None or row.item is None:
            return checked
        for value in (row.item.ref_key, row.item.foreign_id):
            if value is None:
                continue
            mark = hash((row.is_volume, value))
            if mark in self._seen:
                told = {"number": row.item.ref_code, "place": row.place, "other_place": self._seen[mark]}
                return row.refused("number_taken", other_file="", **told)
            self._seen[mark] = row.place
        if row.is_volume and not checked.fills and (made := self._made.get(hash(row.item.ref_key))):
            told = {"number": row.item.ref_code, "place": row.place, "other_place": ""}
            return filled(row, made) or row.refused("number_taken", other_file="", **told)
        return checked

    def _made_for(self, db: Connection, row: Judged) -> None:
        """The volume that the first of its papers makes; papers of one volume mostly stand together."""
        assert row.item is not None
        if row.volume_ref == self._volume_ref:
            return
        self._volume_ref = row.volume_ref
        key = archive_numbers.key_within(site_tables.number_in(db, row.volume_ref), row.item.fonds_no)
        if hash((True, key)) in self._seen:
            return
        says = {"title": row.volume_title} if row.volume_title else {}
        box_key = rows.box_key(row.boxes[0]) if row.boxes else ""
        self._made.setdefault(hash(key), Made(says, box_key, unfinished=True))

    def _placed(self, db: Connection, row: Judged) -> Judged:
        """``row`` with the note on its place."""
        for at, box_no in enumerate(row.boxes if row.item else ()):
            assert row.item is not None
            key = (row.item.fonds_no, rows.box_key(box_no))
            if hash(key) not in self._homes:
                found = db.execute("SELECT home_slot FROM box WHERE fonds_no = ? AND box_key = ?", key).fetchone()
                if not found:
                    row = self._new(db, key, row, first=at == 0)
                    continue
                self._homes[hash(key)] = found["home_slot"] or ""
            if at == 0:
                row = disagreement(db, row, self._homes[hash(key)])
        return row

    def _new(self, db: Connection, key: tuple[str, str], row: Judged, *, first: bool) -> Judged:
        self.boxes_made += 1
        self._homes[hash(key)] = ""
        if not (first and row.slot):
            return row
        wrong = "slot_not_free" if row.slot in self._taken else wrong_slot(db, row.slot)
        if wrong:
            return row.with_note(wrong, slot=row.slot, box=row.boxes[0])
        self._taken.add(row.slot)
        self._homes[hash(key)] = row.slot
        return row
