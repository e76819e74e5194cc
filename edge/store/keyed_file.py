"""A keyed SQLite file beside the store, for what is too large or too often written to lie in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.store.connection import Connection, connect, driver_errors, roll_back


class KeyedFile:
    """One connection for all threads, one at a time."""

    def __init__(self, path: Path, key: bytes, schema: str, *, synchronous: str = "FULL") -> None:
        """Raises StoreError ``wrong_key``, ``damaged`` or ``disk_full``."""
        self._path = path
        self._db = connect(path, key, synchronous=synchronous)
        self._lock = threading.Lock()
        with driver_errors(path):
            self._db.executescript(schema)

    @contextmanager
    def use(self) -> Iterator[Connection]:
        """Whatever the driver raises inside leaves as a StoreError."""
        with self._lock, driver_errors(self._path):
            yield self._db

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """All of it or nothing, durable at the end of the ``with``."""
        with self.use() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                roll_back(db)
                raise

    def close(self) -> None:
        with self._lock:
            self._db.close()
