"""Many rows into one table in few statements.

Between two statements the writer has to wait for Python's lock, which another thread that reads the next rows of a list
may hold for milliseconds; within one it needs none.
"""

from __future__ import annotations

from collections.abc import Sequence

from edge.store.connection import Connection

AT_ONCE = 40  # rows a statement


def insert_rows(db: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """In their order; all or, with the driver's error, none that the caller's transaction would keep."""
    into, each = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ", f"({', '.join('?' * len(columns))})"
    whole = len(rows) - len(rows) % AT_ONCE
    for at in range(0, whole, AT_ONCE):
        values = [value for row in rows[at : at + AT_ONCE] for value in row]
        db.execute(into + ", ".join([each] * AT_ONCE), values)
    db.executemany(into + each, rows[whole:])
