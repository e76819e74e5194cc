"""Volumes that may be hits, beside the items: one query's way to their index, with rights and filters as conditions.

There are few of them beside the items, so the filters are conditions of SQL alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from edge.domain.search_query import Filters, Order
from edge.store import volume_rows
from edge.store.connection import Connection, Row

_MARKED = (
    "coalesce((SELECT m.clearance FROM volume_description d JOIN secret_level m ON m.code = d.secret_mark"
    " WHERE d.volume_no = i.no), i.secret_level)"
)
_YEAR = "(SELECT d.year FROM volume_description d WHERE d.volume_no = i.no)"
_RETENTION = "(SELECT d.retention FROM volume_description d WHERE d.volume_no = i.no)"


class Volumes:
    """What one person may find under these filters. ``levels``: what the person may know of, as an SQL list."""

    def __init__(self, db: Connection, levels: str, filters: Filters, place: list[object], most: int) -> None:
        """``place``: between which slots the box's home is, [] = anywhere. ``most``: rows of one answer."""
        self._db, self._most = db, most
        self._conditions, self._values = [volume_rows.seen("i", levels)], list[object]()
        for condition, value in (
            ("i.fonds_no = ?", filters.fonds_no),
            (f"{_YEAR} >= ?", filters.year_from),
            (f"{_YEAR} <= ?", filters.year_to),
            ("i.category = ?", filters.category.upper()),
            (f"{_RETENTION} = ?", filters.retention.upper()),
            (f"{_MARKED} = ?", filters.secret_level),
            ("i.state = ?", filters.state),
        ):
            if value not in ("", None):
                self._conditions.append(condition)
                self._values.append(value)
        if place:
            self._conditions.append("i.box_id IN (SELECT id FROM box WHERE home_slot >= ? AND home_slot < ?)")
            self._values += place
        self._none = db.execute("SELECT 1 FROM volume LIMIT 1").fetchone() is None

    def where(self, condition: str, values: tuple[object, ...], limit: int, order: str) -> list[Row]:
        """By a look-up of their own (a number, a label). They are ``i`` in ``condition`` and ``order``."""
        if self._none:
            return []
        where = " AND ".join([f"({condition})", *self._conditions])
        query = f"SELECT i.* FROM shown_volume AS i WHERE {where} ORDER BY {order} LIMIT ?"
        return list(self._db.execute(query, (*values, *self._values, limit)))

    def matching(self, words: str, sounds: str, order: Order) -> Iterator[Row]:
        """Newest first, or in the order of their numbers. Both expressions empty: whatever passes the filters."""
        if self._none:
            return
        asked = [(table, text) for table, text in (("volume_words", words), ("volume_sounds", sounds)) if text]
        matched = [f"+i.no IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)" for table, _text in asked]
        origin, by = "shown_volume AS i", "i.no DESC"
        if order == "number":
            by = "i.ref_order = '', i.ref_order, i.no"
        elif asked:  # along the matches: the first is told before the last is looked up
            table = asked[0][0]
            origin, by = f"{table} JOIN shown_volume AS i ON i.no = {table}.rowid", f"{table}.rowid DESC"
            matched[0] = f"{table} MATCH ?"
        where = " AND ".join([*matched, *self._conditions])
        query = f"SELECT i.* FROM {origin} WHERE {where} ORDER BY {by} LIMIT ?"
        yield from self._db.execute(query, (*(text for _table, text in asked), *self._values, self._most))
