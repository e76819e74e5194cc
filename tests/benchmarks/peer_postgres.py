"""PostgreSQL with pg_trgm, in a cluster of its own without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.figure import Figure

TOP = 50


def build(folder: Path, texts: list[str], name: str) -> list[Figure]:
    """[] where it is not here: asking it says so."""
    try:
        import psycopg
    except ImportError:
        return []
    data = folder / "postgres"
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, 65534, 65534)
        folder.chmod(0o755)
    _run(data, "initdb", "-D", f"{data}/cluster", "-E", "UTF8", "--locale=C.UTF-8", "-U", "bench", "--auth=trust")
    options = f"-c listen_addresses='' -c unix_socket_directories={data} -c shared_buffers=256MB"
    _run(data, "pg_ctl", "-D", f"{data}/cluster", "-w", "-l", f"{data}/log", "-o", options, "start")
    began = time.monotonic()
    with psycopg.connect(host=str(data), user="bench", dbname="postgres", autocommit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE EXTENSION pg_trgm")
        cursor.execute("CREATE TABLE item (no int PRIMARY KEY, words text NOT NULL)")
        with cursor.copy("COPY item FROM STDIN") as copy:
            for no, text in enumerate(texts):
                copy.write_row((no, text))
        cursor.execute("CREATE INDEX item_trigrams ON item USING gin (words gin_trgm_ops)")
        cursor.execute("ANALYZE item")
        found = cursor.execute("SELECT pg_relation_size('item_trigrams')").fetchone()
        size_mb = found[0] / 1e6 if found else 0
    return [Figure(f"{name}, build", round(time.monotonic() - began), "s", note=f"{size_mb:.0f} MB of index")]


def searching(folder: Path, _store: Path) -> tuple[Callable[[str], int], str]:
    """And the process id of the server's own process for this connection: that is what searches."""
    import psycopg

    connection = psycopg.connect(
        host=str(folder / "postgres"), user="bench", dbname="postgres", autocommit=True, prepare_threshold=None
    )

    def find(query: str) -> int:
        words = [f"%{word}%" for word in query.split()]
        statement = f"SELECT no FROM item WHERE {' AND '.join(['words LIKE %s'] * len(words))} ORDER BY no DESC"
        return len(connection.execute(f"{statement} LIMIT {TOP}", words).fetchall())  # type: ignore[arg-type]

    connection.execute("SET max_parallel_workers_per_gather = 0")  # one process, whose time can be told
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    return find, str(row[0])


def stop(folder: Path) -> None:
    data = folder / "postgres"
    if (data / "cluster").exists():
        _run(data, "pg_ctl", "-D", f"{data}/cluster", "-m", "immediate", "stop")


def _run(data: Path, *command: str) -> None:
    """As nobody, where we are root: the server refuses root. OSError with what it said."""
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_user, *command], capture_output=True, text=True, check=False, cwd=data, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise OSError(f"{command[0]}: {done.stderr.strip()[-300:]}")
