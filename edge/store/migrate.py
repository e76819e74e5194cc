"""Schema: numbered forward migrations ``migrations/NNN_name.sql``, each applied once and recorded in ``migration``.

A file that holds data is copied before it is changed; a file that knows migrations this program does not is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2 as driver

from edge.domain import archive_numbers
from edge.errors import StoreError
from edge.store import reindex
from edge.store.connection import Connection, connect, driver_errors

FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, order=True)
class Migration:
    no: int
    name: str
    sql: str


def known(folder: Path = FOLDER) -> list[Migration]:
    """All migrations of this program, in order. Raises ValueError when two share a number."""
    found = [
        Migration(int(path.stem[:3]), path.stem[4:], path.read_text("utf-8"))
        for path in sorted(folder.glob("[0-9]*.sql"))
    ]
    if len({migration.no for migration in found}) != len(found):
        raise ValueError(f"{folder}: two migrations share a number")
    return found


def applied(connection: Connection) -> set[int]:
    """Numbers recorded in the file; empty for a new one."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migration'").fetchone():
        return set()
    return {row["no"] for row in connection.execute("SELECT no FROM migration")}


def statements(sql: str) -> Iterator[str]:
    """The statements of a script one by one (the driver's executescript would commit behind our back)."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if driver.complete_statement(statement):
            yield statement
            statement = ""
    if any(line.strip() and not line.strip().startswith("--") for line in statement.splitlines()):
        raise ValueError(f"statement without an end: {statement.strip()[:60]}")


def migrate(connection: Connection, path: Path, key: bytes, utc_ms: int, folder: Path = FOLDER) -> list[int]:
    """Bring the open file up to date in one transaction; the numbers newly applied.

    Raises StoreError ``newer_schema`` before anything is touched. A failing migration leaves the file as it was.
    """
    with driver_errors(path):
        done, ours = applied(connection), known(folder)
        newer = done - {migration.no for migration in ours}
        if newer:
            raise StoreError("newer_schema", "update_storeroom", path=str(path), newest=max(newer))
        pending = [migration for migration in ours if migration.no not in done]
        if pending and done:
            _copy_before(connection, path, key, max(done))
        if not pending:
            return []
        connection.execute("BEGIN EXCLUSIVE")
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration"
                " (no INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_utc_ms INTEGER NOT NULL) STRICT"
            )
            for function in (archive_numbers.order_key, archive_numbers.prefix_fold):  # for 082 and 116
                connection.create_function(function.__name__, 1, function, deterministic=True)
            for migration in pending:
                for statement in statements(migration.sql):
                    connection.execute(statement)
                connection.execute("INSERT INTO migration VALUES (?, ?, ?)", (migration.no, migration.name, utc_ms))
            if done:
                reindex.after(connection, [migration.no for migration in pending])
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return [migration.no for migration in pending]


def _copy_before(connection: Connection, path: Path, key: bytes, newest: int) -> Path:
    """``storeroom.db.before-NNN`` beside the file, keyed alike; written under another name first."""
    target = path.with_name(f"{path.name}.before-{newest:03d}")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    copy = connect(partial, key)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    partial.rename(target)
    return target
