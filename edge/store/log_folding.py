"""The write-ahead log is folded back into the store's file beside the writer, so that nobody who saves waits for it.

What one change wrote is durable once it is in the log. Bringing it home means writing many pages all over the file and
waiting for the disk twice: on a memory card a good part of a second, which every fortieth edit would otherwise pay.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from edge.errors import StoreError
from edge.store.connection import Connection, connect, driver_errors

FOLDED_AT = 1000  # pages in the log
FAR_BEHIND = 8000  # pages after which the writer folds by itself, so that a long import cannot fill the disk
GATHER_S = 0.2  # that changes which follow one another closely are folded together


class LogFolder:
    def __init__(self, path: Path, key: bytes, writer: Connection) -> None:
        self._path, self._key = path, key
        writer.execute(f"PRAGMA wal_autocheckpoint = {FAR_BEHIND}")
        self._written, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-log", daemon=True)
        self._thread.start()

    def written(self) -> None:
        """Something was committed."""
        self._written.set()

    def close(self) -> None:
        self._stop.set()
        self._written.set()
        self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        while self._written.wait() and not self._stop.wait(GATHER_S):
            self._written.clear()
            if self._stop.is_set():  # else the call that ends this thread could be the very one just cleared away
                break
            with suppress(StoreError):  # a disk that refuses is the writer's to tell, who will meet it too
                connection = connection or connect(self._path, self._key)
                with driver_errors(self._path):
                    _fold(connection)
        if connection:
            connection.close()


def _fold(connection: Connection) -> None:
    _busy, pages, folded = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    if pages - folded >= FOLDED_AT:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
