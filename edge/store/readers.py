"""Read-only connections to one store file, kept for reuse. Needs no lock: also for a look while a node writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from edge.store.connection import Connection, connect, driver_errors, roll_back

IDLE = 8
CACHE_KIB = 8000  # deciphered pages a connection keeps at most: the upper levels of a million records' tables


class Reads(Protocol):
    def read(self) -> AbstractContextManager[Connection]: ...


class Readers:
    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._idle: list[Connection] = []
        self._gate = threading.Lock()
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection, rows by name, that sees one committed state throughout."""
        with self._gate:
            reader = self._idle.pop() if self._idle else None
        reader = reader or self._connected()
        healthy = False
        try:
            with driver_errors(self._path):
                reader.execute("BEGIN")
                yield reader
            healthy = True
        finally:
            roll_back(reader)
            with self._gate:
                keep = healthy and not self._closed and len(self._idle) < IDLE
                if keep:
                    self._idle.append(reader)
            if not keep:
                reader.close()

    def _connected(self) -> Connection:
        reader = connect(self._path, self._key, read_only=True)
        reader.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return reader

    def close(self) -> None:
        with self._gate:
            self._closed = True
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.close()
