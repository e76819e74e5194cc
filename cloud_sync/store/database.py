"""The centre's SQLite file: one writer at a time, WAL, and synchronous=FULL for everything that is evidence."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from cloud_sync.rights import BEFORE
from edge.errors import StoreError

SCHEMA_VERSION = 1
FILE = "central.db"

T = TypeVar("T")


class Database:
    """Open once a process; ``write`` from any thread, ``read`` gives each thread its own read-only connection."""

    def __init__(self, data_dir: Path) -> None:
        """Raises StoreError: ``central_newer_schema``, ``central_damaged``."""
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = data_dir / FILE
        self._lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        try:
            self._writer = self._connect()
            self._writer.execute("PRAGMA journal_mode = WAL")
            found = int(self._writer.execute("PRAGMA user_version").fetchone()[0])
            if found > SCHEMA_VERSION:
                raise StoreError("central_newer_schema", "update_central", found=found, known=SCHEMA_VERSION)
            unlike_before = self._lacks_rights()
            self._writer.executescript(Path(__file__).with_name("schema.sql").read_text("utf-8"))
            self._gain("loan", "box_no", "TEXT NOT NULL DEFAULT ''")
            self._gain("loan", "person", "TEXT NOT NULL DEFAULT ''")
            self._gain("loan", "asked_ms", "INTEGER NOT NULL DEFAULT 0")
            self._gain("command", "reason", "TEXT NOT NULL DEFAULT ''")
            self._gain("command", "text", "TEXT NOT NULL DEFAULT ''")
            self._gain("person", "gone", "INTEGER NOT NULL DEFAULT 0")
            if unlike_before:
                self._keep_what_everybody_could()
        except sqlite3.DatabaseError as error:
            raise StoreError("central_damaged", "restore_central", file=str(self._path), why=str(error)) from error

    def _lacks_rights(self) -> bool:
        """A file of before rights were told apart: it has people and no table of rights."""
        tables = {row["name"] for row in self._writer.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return "person" in tables and "person_right" not in tables

    def _keep_what_everybody_could(self) -> None:
        """Nobody loses what they could do; who may administer users is said at the server."""
        names = [row["name"] for row in self._writer.execute("SELECT name FROM person")]
        given = [(name, right) for name in names for right in BEFORE]
        self._writer.executemany("INSERT INTO person_right VALUES (?, ?)", given)

    def _gain(self, table: str, column: str, kind: str) -> None:
        """A column that a file of an earlier release lacks."""
        if not any(row["name"] == column for row in self._writer.execute(f"PRAGMA table_info({table})")):
            self._writer.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def write(self, fn: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        """Run ``fn`` in one transaction; on return it is on the disk (``durable``) or at least in the log.

        Raises StoreError ``central_disk``: nothing of it was kept.
        """
        with self._lock:
            try:
                self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    result = fn(self._writer)
                except BaseException:
                    self._writer.execute("ROLLBACK")
                    raise
                self._writer.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise StoreError("central_disk", "free_central_disk", why=str(error)) from error
        return result

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A read-only connection of this thread, in one consistent snapshot while the block runs."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            self._local.connection = connection
            with self._lock:
                self._readers.append(connection)
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            for connection in (*self._readers, self._writer):
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=20, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection
