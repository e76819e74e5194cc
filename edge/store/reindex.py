"""The search index written anew from the records, where a new version of the program reads them differently."""

from __future__ import annotations

from collections.abc import Collection

from edge.store import catalogue_rows as rows
from edge.store import volume_rows
from edge.store.connection import Connection

_WHOLE = frozenset({30, 31})  # migrations that leave the whole index to be filled
_SCOPE_AND_VOLUMES = 116


def after(db: Connection, applied: Collection[int]) -> None:
    """What these migrations leave to be written, in the caller's transaction; all of it takes a minute for 100,000
    records."""
    if _WHOLE & set(applied):
        for table in ("item_words", "item_sounds", "box_words"):
            db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        _each(db, "box", "SELECT no FROM box")
        _each(db, "item", "SELECT no FROM item ORDER BY no")
    elif _SCOPE_AND_VOLUMES in applied:
        _each(db, "item", "SELECT item_no FROM item_description WHERE scope <> '' ORDER BY item_no")
    if _SCOPE_AND_VOLUMES in applied:
        _each(db, "volume", "SELECT no FROM volume ORDER BY no")


def write(db: Connection, kind: str, no: int, into: str = "") -> None:
    """What the index, or one that is being rebuilt (``into``: the end of its tables' names), holds of one record."""
    {"item": rows.reindex_item, "box": rows.reindex_box, "volume": volume_rows.reindex}[kind](db, no, into)


def _each(db: Connection, kind: str, query: str) -> None:
    for row in db.execute(query).fetchall():
        write(db, kind, row[0])
