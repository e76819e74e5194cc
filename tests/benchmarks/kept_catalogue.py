"""Generated catalogues kept under build/ between runs: at a million items one takes a quarter of an hour to write.

python -m tests.benchmarks.kept_catalogue 1000000 --minutes 13     goes on where it ended
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
from pathlib import Path

from edge.clock import SystemClock
from edge.store import catalogue_rows as rows
from edge.store.connection import connect
from edge.store.database import Database
from tests.benchmarks.figure import Figure
from tests.benchmarks.fresh_store import KEY, NODE
from tests.benchmarks.generated_catalogue import entries, fill

SIZES = "STOREROOM_SEARCH_SIZES"  # such as "10000 133000 315168 1000000"
PLACE = Path("build/catalogues")
MADE = "made.json"
SAMPLE = 200  # entries whose index tells whether a kept catalogue is still what this program would write
CACHE_KIB = 300_000


def sizes() -> list[int]:
    """The sizes that are asked for."""
    return [int(size) for size in os.environ.get(SIZES, "10000").split()]


def kept(size: int, ends: float = math.inf) -> Path | None:
    """The folder of a finished store with ``size`` items; None where ``ends`` of the monotonic clock came first."""
    folder = PLACE.resolve() / f"{size}-{_fingerprint()}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "storeroom.db"
    if (folder / MADE).exists():
        with Database.open(path, KEY, clock=SystemClock(), node_id=NODE):
            pass  # its schema is brought up to this program's
    else:
        began, cpu = time.monotonic(), time.process_time()
        with Database.open(path, KEY, clock=SystemClock(), node_id=NODE, create=not path.exists()) as database:
            database.write(_hurry, telemetry=True)
            done = fill(database, size, ends)
        told = json.loads((folder / "runs.json").read_text()) if (folder / "runs.json").exists() else [0.0, 0.0]
        told = [told[0] + time.process_time() - cpu, told[1] + time.monotonic() - began]
        (folder / "runs.json").write_text(json.dumps(told))
        if done < size:
            return None
        with_log = connect(path, KEY)
        with_log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with_log.close()
        (folder / MADE).write_text(json.dumps({"items": size, "cpu_s": round(told[0]), "wall_s": round(told[1])}))
    return folder


def figure(store: Path, name: str) -> Figure:
    """How fast a kept catalogue was written, whenever that was."""
    made = json.loads((store / MADE).read_text())
    rate = round(made["items"] / made["cpu_s"])
    return Figure(f"{name}, written", rate, "items/s", "cpu", made["items"], f"{made['wall_s']} s by the wall clock")


def _hurry(change: object) -> None:
    """A catalogue that can be made again need not survive a power cut."""
    change.db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")  # type: ignore[attr-defined]


def _fingerprint() -> str:
    told = hashlib.sha256()
    for entry in entries(SAMPLE):
        told.update(repr((entry.item.ref_code, rows.index_of(entry.item, entry.further), entry.volume)).encode())
    return told.hexdigest()[:8]


def main(argv: list[str]) -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="+", type=int)
    asked.add_argument("--minutes", type=float, default=math.inf)
    options = asked.parse_args(argv)
    ends = time.monotonic() + options.minutes * 60
    for size in options.sizes:
        folder = kept(size, ends)
        print(f"{size:,}: {(folder / MADE).read_text() if folder else 'to be gone on with'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
