"""Keyed SQLite connections and the one place where the driver's exceptions become StoreErrors.

A raw 32-byte key skips SQLCipher's key derivation; a file opened with another key, or no SQLCipher file at
all, cannot be told apart and is ``wrong_key``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlcipher3 import dbapi2 as driver
from sqlcipher3.dbapi2 import Connection, Row

from edge.errors import StoreError

__all__ = ["KEY_BYTES", "Connection", "Row", "connect", "driver_errors", "roll_back"]

KEY_BYTES = 32
BUSY_MS = 10_000
OVER_SOON = (driver.SQLITE_BUSY, driver.SQLITE_LOCKED, driver.SQLITE_PROTOCOL, driver.SQLITE_SCHEMA)


def connect(path: Path, key: bytes, *, read_only: bool = False, synchronous: str = "FULL") -> Connection:
    """A connection in autocommit mode with rows by name. Raises StoreError ``wrong_key``, ``damaged`` or ``disk_full``.

    ``synchronous`` is FULL for evidence; telemetry files may say NORMAL. ``read_only`` sets query_only.
    """
    if len(key) != KEY_BYTES:
        raise StoreError("wrong_key", "bring_database_key", path=str(path))
    with driver_errors(path):
        connection = driver.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = Row
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to our stderr
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError as error:
        connection.close()
        if "not a database" in str(error):
            raise StoreError("wrong_key", "bring_database_key", path=str(path)) from error
        raise store_error(error, path) from error
    try:
        with driver_errors(path):
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            if not read_only:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def driver_errors(path: Path | str = "") -> Iterator[None]:
    """Whatever the driver raises inside leaves as a StoreError; a mistake in our own SQL leaves as it is."""
    try:
        yield
    except MemoryError as error:  # SQLite's word for a page that SQLCipher cannot open: its seal is broken
        raise StoreError("damaged", "restore_backup", path=str(path)) from error
    except driver.Error as error:
        translated = store_error(error, path)
        if translated is error:
            raise
        raise translated from error


def store_error(error: Exception, path: Path | str = "") -> Exception:
    """The StoreError that a driver exception means; ``error`` itself when it means a mistake in our own SQL."""
    said, where = str(error), str(path)
    if "disk is full" in said:
        return StoreError("disk_full", "free_disk_space", path=where)
    if "malformed" in said or "not a database" in said or "fts5: corruption" in said:
        return StoreError("damaged", "restore_backup", path=where)
    if "disk I/O error" in said or "unable to open" in said or "readonly database" in said:
        return StoreError("disk_refuses", "check_disk", path=where)
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in OVER_SOON:
        return StoreError("store_busy", "try_again", path=where)
    if isinstance(error, driver.IntegrityError):
        return StoreError("conflict", "look_again", detail=said)
    return error


def roll_back(connection: Connection) -> None:
    """End a transaction whose outcome nobody wants any more; never raises for a damaged file."""
    with suppress(StoreError), driver_errors():
        if connection.in_transaction:
            connection.execute("ROLLBACK")
