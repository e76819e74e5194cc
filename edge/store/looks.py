"""Looks: frames of the counter camera kept as evidence, in a keyed file of their own.

They show people and papers, so nothing of them lies in the clear; they are large, so they stay out of the store.
"""

from __future__ import annotations

from pathlib import Path

from edge.store.keyed_file import KeyedFile

SCHEMA = """
CREATE TABLE IF NOT EXISTS look (
    id TEXT PRIMARY KEY,
    utc_ms INTEGER NOT NULL,
    jpeg BLOB NOT NULL
) STRICT;
"""


class Looks:
    def __init__(self, path: Path, key: bytes) -> None:
        """Raises StoreError ``wrong_key``, ``damaged`` or ``disk_full``."""
        self.file = KeyedFile(path, key, SCHEMA)

    def keep(self, look_id: str, jpeg: bytes, utc_ms: int) -> None:
        """Durable on return, so before the verdict that rests on it is in the trace.

        Raises StoreError ``disk_full``, or ``conflict`` for an id that is kept already.
        """
        with self.file.use() as db:
            db.execute("INSERT INTO look VALUES (?, ?, ?)", (look_id, utc_ms, jpeg))

    def read(self, look_id: str) -> bytes | None:
        with self.file.use() as db:
            row = db.execute("SELECT jpeg FROM look WHERE id = ?", (look_id,)).fetchone()
        return None if row is None else bytes(row["jpeg"])

    def close(self) -> None:
        self.file.close()
