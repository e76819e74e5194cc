"""Rows that may be hits: one query's way to the index, with rights and filters as conditions."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from edge.domain import search_text, slot_codes
from edge.domain.records import SECRECY
from edge.domain.search_query import Filters, Order
from edge.store import catalogue_rows as rows
from edge.store import volume_rows
from edge.store.connection import Connection, Row
from edge.store.search_volumes import Volumes

CANDIDATES = 20_000  # rows verified at most, so that one query cannot hold a reader for seconds
FEW = 5_000  # records of a place or state that are read through faster than looked up

Found = TypeVar("Found")

_LAST = "\U0010ffff"


class Candidates:
    """What one person may find under these filters."""

    def __init__(self, db: Connection, clearance: str, filters: Filters) -> None:
        self._db, self._filters = db, filters
        allowed = SECRECY[: SECRECY.index(clearance) + 1]
        levels = "(" + ", ".join(f"'{level}'" for level in allowed) + ")"
        self._conditions = [f"i.secret_level IN {levels}"]
        self._values: list[object] = []
        for condition, value in (
            ("i.fonds_no = ?", filters.fonds_no),
            ("i.year >= ?", filters.year_from),
            ("i.year <= ?", filters.year_to),
            ("i.category = ?", filters.category.upper()),
            ("i.retention = ?", filters.retention.upper()),
            ("i.secret_level = ?", filters.secret_level),
            ("i.state = ?", filters.state),
        ):
            if value not in ("", None):
                self._conditions.append(condition)
                self._values.append(value)
        if filters.state not in ("", "shelved"):
            self._conditions.append("i.state <> 'shelved'")  # names the index item_not_in_place
        if filters.place:
            self._conditions.append("i.box_id IN (SELECT id FROM box WHERE home_slot >= ? AND home_slot < ?)")
            self._values += self._place()
        scoped = db.execute("SELECT 1 FROM item_description WHERE scope <> '' LIMIT 1")
        self._scoped = scoped.fetchone() is not None
        self._read: dict[int, list[str]] = {}
        self.volumes = Volumes(db, levels, filters, self._place() if filters.place else [], CANDIDATES)

    def items(self, condition: str, values: tuple[object, ...], limit: int, order: str = "i.no DESC") -> list[Row]:
        """Items by a look-up of their own (a number, a label)."""
        where = " AND ".join([f"({condition})", *self._conditions])
        query = f"SELECT i.* FROM shown_item AS i WHERE {where} ORDER BY {order} LIMIT ?"
        return list(self._db.execute(query, (*values, *self._values, limit)))

    def records(self, condition: str, values: tuple[object, ...], limit: int, order: Order) -> list[Row]:
        """Items and volumes by a look-up of their own, newest first or in the order of their numbers."""
        by = "i.ref_order, i.no" if order == "number" else "i.no DESC"
        found = self.items(condition, values, limit, by)
        volumes = self.volumes.where(condition, values, limit, by)
        return list(islice(in_order(found, volumes, order, _itself), limit)) if volumes else found

    def boxes(self, condition: str, values: tuple[object, ...], limit: int = 20, order: str = "no DESC") -> list[Row]:
        if self._filters.of_items_only:
            return []
        where, more = self._box_conditions("")
        query = f"SELECT * FROM shown_box WHERE ({condition}){where} ORDER BY {order} LIMIT ?"
        return list(self._db.execute(query, (*values, *more, limit)))

    def boxes_at(self, values: tuple[str, str], limit: int) -> list[str]:
        """Ids of the boxes whose home is between the two codes, whatever the filters say of boxes themselves."""
        query = "SELECT id FROM shown_box WHERE home_slot >= ? AND home_slot < ? ORDER BY home_slot LIMIT ?"
        return [row["id"] for row in self._db.execute(query, (*values, limit))]

    def boxes_matching(self, words: str) -> Iterator[Row]:
        if self._filters.of_items_only:
            return
        where, more = self._box_conditions("b.")
        yield from self._db.execute(
            "SELECT b.* FROM box_words JOIN shown_box AS b ON b.no = box_words.rowid"
            f" WHERE box_words MATCH ?{where} ORDER BY box_words.rowid DESC LIMIT ?",
            (words, *more, CANDIDATES),
        )

    def matching(self, words: str, sounds: str, order: Order) -> Iterator[Row]:
        """Items and volumes, newest first or in the order of their numbers; "" and "": whatever passes the filters."""
        found = self.items_matching(words, sounds, order)
        yield from in_order(found, self.volumes.matching(words, sounds, order), order, _itself)

    def items_matching(self, words: str, sounds: str, order: Order) -> Iterator[Row]:
        """As ``matching``, items alone."""
        words = " AND ".join(part for part in (f"({words})" if words else "", *self._filters.tokens()) if part)
        few = self._few()
        if few is not None:
            yield from few if order != "number" else sorted(few, key=number_order)
            return
        if order == "number":
            yield from self._by_number(words, sounds)
            return
        index = "item_words" if words else "item_sounds"
        matched = [f"{index} MATCH ?"] if words or sounds else []
        if words and sounds:
            # the sum keeps SQLite from asking the words anew for every row that sounds right
            matched.append("+item_words.rowid IN (SELECT rowid FROM item_sounds WHERE item_sounds MATCH ?)")
        origin = f"{index} JOIN shown_item AS i ON i.no = {index}.rowid" if matched else "shown_item AS i"
        order_by = f"{index}.rowid DESC" if matched else "i.no DESC"
        where = " AND ".join([*matched, *self._conditions])
        query = f"SELECT i.* FROM {origin} WHERE {where} ORDER BY {order_by} LIMIT ?"
        asked = [expression for expression in (words, sounds) if expression]
        yield from self._db.execute(query, (*asked, *self._values, CANDIDATES))

    def newest(self, count: int) -> Iterator[Row]:
        """Those of the ``count`` newest records that pass, newest first."""
        where = " AND ".join(["i.no > (SELECT max(no) FROM item) - ?", *self._conditions])
        yield from self._db.execute(
            f"SELECT i.* FROM shown_item AS i WHERE {where} ORDER BY i.no DESC", (count, *self._values)
        )

    def text_of(self, row: Row) -> str:
        """What the record's words are looked for in first, normalised: its row without scope and pages."""
        return search_text.normalise(self.written(row))

    def written(self, row: Row) -> str:
        if volume_rows.is_volume(row):
            return volume_rows.searchable(row["title"], row["ref_code"])
        return rows.searchable(row["title"], row["responsible"], row["doc_no"], row["context"], row["ref_code"])

    def further_of(self, row: Row) -> list[str]:
        """An item's scope and its pages' text."""
        if volume_rows.is_volume(row):
            return []
        if row["no"] in self._read:
            return self._read[row["no"]]
        if not self._scoped:
            query = "SELECT text FROM item_text WHERE item_no = ? ORDER BY page"
            return [page["text"] for page in self._db.execute(query, (row["no"],))]
        return [text for _page, text in rows.further_text(self._db, row["no"])]

    def read_further(self, found: Iterable[Row]) -> None:
        """Of many rows at once, for ``further_of``: one by one each would be asked for, also where there is none."""
        numbers = json.dumps([row["no"] for row in found if not volume_rows.is_volume(row)])
        self._read = {no: [] for no in json.loads(numbers)}
        told = self._db.execute(
            "SELECT item_no, 0 AS page, scope AS text FROM item_description INDEXED BY item_scoped"
            " WHERE item_no IN (SELECT value FROM json_each(?1)) AND scope <> ''"
            " UNION ALL SELECT item_no, page, text FROM item_text WHERE item_no IN (SELECT value FROM json_each(?1))"
            " ORDER BY page",
            (numbers,),
        )
        for row in told:
            self._read[row["item_no"]].append(row["text"])

    def further_of_item(self, item_id: str) -> list[tuple[int, str]]:
        """Its scope, as page 0, and its pages' text."""
        return rows.further_text(
            self._db, self._db.execute("SELECT no FROM item WHERE id = ?", (item_id,)).fetchone()[0]
        )

    def unshown(self, item_id: str) -> tuple[str, str]:
        """What a hit does not carry: its context and its sounds."""
        row = self._db.execute("SELECT context, sounds FROM item WHERE id = ?", (item_id,)).fetchone()
        return row["context"], row["sounds"]

    def volume_sounds(self, volume_id: str) -> str:
        return str(self._db.execute("SELECT sounds FROM volume WHERE id = ?", (volume_id,)).fetchone()["sounds"])

    def box(self, box_id: str) -> Row | None:
        query = f"SELECT {rows.BOX_COLUMNS} FROM shown_box WHERE id = ?"
        return self._db.execute(query, (box_id,)).fetchone()

    def _few(self) -> list[Row] | None:
        """All records that pass, newest first, where place or state leaves only few."""
        if not self._filters.place and self._filters.state in ("", "shelved"):
            return None
        where = " AND ".join(self._conditions)
        query = f"SELECT i.no FROM item AS i WHERE {where} LIMIT ?"
        found = [row["no"] for row in self._db.execute(query, (*self._values, FEW + 1))]
        if len(found) > FEW:
            return None
        query = "SELECT i.* FROM shown_item AS i WHERE i.no = ?"
        each = (self._db.execute(query, (no,)).fetchone() for no in sorted(found, reverse=True))
        return [row for row in each if row is not None]

    def _by_number(self, words: str, sounds: str) -> Iterator[Row]:
        """Few are looked up and sorted; many are met soon enough along the index of numbers."""
        found = [
            f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
            for table, expression in (("item_words", words), ("item_sounds", sounds))
            if expression
        ]
        matched = " INTERSECT ".join(found)
        values = [expression for expression in (words, sounds) if expression]
        many = True
        if found:
            counted = f"SELECT count(*) FROM (SELECT 1 FROM ({matched}) LIMIT {FEW + 1})"
            many = self._db.execute(counted, values).fetchone()[0] > FEW
        inside = f" AND {'+' if many else ''}i.no IN ({matched})" if matched else ""  # SQLite looks no sum up
        where = "".join(f" AND {condition}" for condition in self._conditions)
        for numbered, order_by in (("i.ref_order <> ''", "i.ref_order, i.no"), ("i.ref_order = ''", "i.no")):
            query = f"SELECT i.* FROM shown_item AS i WHERE {numbered}{inside}{where} ORDER BY {order_by} LIMIT ?"
            yield from self._db.execute(query, (*values, *self._values, CANDIDATES))

    def _box_conditions(self, of: str) -> tuple[str, list[object]]:
        where, values = "", list[object]()
        for column, value in (("fonds_no", self._filters.fonds_no), ("state", self._filters.state)):
            if value:
                where += f" AND {of}{column} = ?"
                values.append(value)
        if self._filters.place:
            where += f" AND {of}home_slot >= ? AND {of}home_slot < ?"
            values += self._place()
        return where, values

    def _place(self) -> list[object]:
        prefix = slot_codes.prefix(self._filters.place)
        return [prefix, prefix + _LAST]


def number_order(row: Row) -> tuple[bool, str, int]:
    """Those without a number last."""
    return row["ref_order"] == "", row["ref_order"], row["no"]


def _itself(row: Row) -> Row:
    return row


def in_order(
    items: Iterable[Found], volumes: Iterable[Found], order: Order, row_of: Callable[[Found], Row]
) -> Iterator[Found]:
    """Each in their order already; the newest of both first, as their ids tell, or by number."""
    if order == "number":
        return heapq.merge(items, volumes, key=lambda one: number_order(row_of(one)))
    return heapq.merge(items, volumes, key=lambda one: str(row_of(one)["id"]), reverse=True)
