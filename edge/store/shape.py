"""What the tables of an open file look like, as it says itself; sqlite-utils reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.store.connection import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database


def tables(db: Connection) -> list[str]:
    """Names of all tables, those of the search index among them."""
    return list(_file(db).table_names())


def written(db: Connection, table: str) -> str:
    """The statement that makes ``table``."""
    return str(_file(db)[table].schema)


def references(db: Connection, target: str) -> list[tuple[str, str, str]]:
    """Table, column and the column of ``target`` it points at, of every foreign key to ``target``."""
    return [
        (key.table, column, other)
        for table in _file(db).tables
        for key in table.foreign_keys
        if key.other_table == target
        for column, other in zip(key.columns, key.other_columns, strict=True)
    ]


def _file(db: Connection) -> Database:
    from sqlite_utils import Database  # a quarter of a second that only those pay who ask

    return Database(db, recursive_triggers=False)  # the connection's own settings stay
