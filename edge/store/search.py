"""Search: numbers, labels and prefixes from b-trees; words from bigrams; initials from letter trigrams; newest first.

The index without positions names candidates, the record's own text decides. What a person is not cleared for is left
out without a count, and nothing of an unsealed import is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from edge.domain import archive_numbers, box_numbers, labels, search_text, slot_codes
from edge.domain.records import SECRECY, Box, Hit, Item
from edge.errors import InputRefused
from edge.store import catalogue_rows as rows
from edge.store.connection import Connection, Row
from edge.store.database import Database

MAX_QUERY = 200  # characters
CANDIDATES = 20_000  # rows verified at most, so that one query cannot hold a reader for seconds

_LETTERS = re.compile(r"[a-z]{2,16}")


class Search:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, query: str, *, clearance: str, limit: int = 50) -> list[Hit]:
        """Items and boxes for ``query``, at most ``limit``; exact numbers first, then words, then pinyin initials."""
        text = query.strip()[:MAX_QUERY]
        if not text:
            return []
        with self._database.read() as db:
            hits: dict[str, Hit] = {}
            for hit in _Finder(db, clearance).all(text, limit):
                hits.setdefault((hit.item or hit.box).id, hit)  # type: ignore[union-attr]  # a hit has one of them
                if len(hits) >= limit:
                    break
            return list(hits.values())


class _Finder:
    """One query on one read connection."""

    def __init__(self, db: Connection, clearance: str) -> None:
        self._db = db
        allowed = SECRECY[: SECRECY.index(clearance) + 1]
        self._cleared = "secret_level IN (" + ", ".join(f"'{level}'" for level in allowed) + ")"
        self._boxes: dict[str, Box | None] = {}

    def all(self, text: str, limit: int) -> Iterator[Hit]:
        if text.upper().startswith(labels.PREFIX):
            yield from self._by_label(text)
            return
        if any(letter.isdigit() for letter in text):
            yield from self._by_number(text, limit)
        runs = search_text.query_runs(text)
        if runs:
            yield from self._by_words(runs)
        letters = text.lower()
        if _LETTERS.fullmatch(letters):
            yield from self._by_initials(letters)

    def _by_label(self, text: str) -> Iterator[Hit]:
        with suppress(InputRefused):
            label = labels.parse(text)
            if label.kind == "B":
                yield from self._box_hits("label = ?", (label.text,), "label")
            elif label.kind == "I":
                yield from self._item_hits("label = ?", (label.text,), "label", 1)
            elif label.kind == "S":
                condition = "home_slot = (SELECT code FROM slot WHERE label = ?)"
                yield from self._box_hits(condition, (label.text,), "label")
            elif label.kind == "V":
                condition = "volume_id = (SELECT id FROM shown_volume WHERE label = ?)"
                yield from self._item_hits(condition, (label.text,), "label", 1000)

    def _by_number(self, text: str, limit: int) -> Iterator[Hit]:
        number = archive_numbers.parse(text)
        if number.rule != "foreign":
            yield from self._item_hits("ref_key = ?", (number.key,), "number", 1)
        with suppress(InputRefused):
            yield from self._box_hits("home_slot = ?", (str(slot_codes.parse(text)),), "number")
        for box_no in box_numbers.split(text):
            yield from self._box_hits("box_key = ? OR barcode = ?", (rows.box_key(box_no), box_no), "number")
        prefix = archive_numbers.prefix_fold(text)
        if prefix:
            condition = "ref_fold <> '' AND ref_fold >= ? AND ref_fold < ?"
            yield from self._item_hits(condition, (prefix, prefix + "\U0010ffff"), "number", limit, "ref_fold")

    def _by_words(self, runs: list[str]) -> Iterator[Hit]:
        expression = search_text.match_expression(runs)
        found = self._db.execute(
            "SELECT b.* FROM box_words JOIN shown_box AS b ON b.no = box_words.rowid"
            " WHERE box_words MATCH ? ORDER BY box_words.rowid DESC LIMIT ?",
            (expression, CANDIDATES),
        )
        for row in found:
            if search_text.matches(f"{row['box_no']} {row['fonds_no']} {row['title']} {row['barcode'] or ''}", runs):
                yield Hit(None, rows.box_of(row), "words")
        found = self._db.execute(
            "SELECT i.* FROM item_words JOIN shown_item AS i ON i.no = item_words.rowid"
            f" WHERE item_words MATCH ? AND i.{self._cleared} ORDER BY item_words.rowid DESC LIMIT ?",
            (expression, CANDIDATES),
        )
        for row in found:
            text = rows.searchable(row["title"], row["responsible"], row["doc_no"], row["context"], row["ref_code"])
            if search_text.matches(text, runs):
                yield self._item_hit(row, "words")

    def _by_initials(self, letters: str) -> Iterator[Hit]:
        found = self._db.execute(
            "SELECT i.* FROM item_initials JOIN shown_item AS i ON i.no = item_initials.rowid"
            f" WHERE item_initials MATCH ? AND i.{self._cleared} ORDER BY item_initials.rowid DESC LIMIT ?",
            (search_text.initials_expression(letters), CANDIDATES),
        )
        for row in found:
            if letters in row["initials"]:
                yield self._item_hit(row, "initials")

    def _item_hits(
        self, condition: str, values: tuple[str, ...], why: str, limit: int, order: str = "no DESC"
    ) -> Iterator[Hit]:
        query = f"SELECT * FROM shown_item WHERE ({condition}) AND {self._cleared} ORDER BY {order} LIMIT {limit}"
        for row in self._db.execute(query, values):
            yield self._item_hit(row, why)

    def _box_hits(self, condition: str, values: tuple[str, ...], why: str) -> Iterator[Hit]:
        for row in self._db.execute(f"SELECT * FROM shown_box WHERE {condition} ORDER BY no DESC LIMIT 20", values):
            yield Hit(None, rows.box_of(row), why)  # type: ignore[arg-type]  # one of Hit's literals

    def _item_hit(self, row: Row, why: str) -> Hit:
        item: Item = rows.item_of(row)
        if item.box_id is not None and item.box_id not in self._boxes:
            query = f"SELECT {rows.BOX_COLUMNS} FROM shown_box WHERE id = ?"
            box = self._db.execute(query, (item.box_id,)).fetchone()
            self._boxes[item.box_id] = rows.box_of(box) if box else None
        return Hit(item, self._boxes[item.box_id] if item.box_id else None, why)  # type: ignore[arg-type]  # as above
