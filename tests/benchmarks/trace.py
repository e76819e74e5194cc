"""Events a second, each durable before it is acknowledged: one caller alone, and sixteen that share commits."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from edge.store.database import Database
from edge.store.verify import verify
from tests.benchmarks.figure import Figure
from tests.benchmarks.fresh_store import KEY, opened

SECONDS = 5.0
BODY = {"box": "018f4c9e-7f4e-7d5a-9d7e-2f3a4b5c6d7e", "slot": "B1-A-03-R-02-4-07", "why": "bench"}


def measure(folder: Path) -> list[Figure]:
    with opened(folder) as database:
        figures = [_rate(database, callers) for callers in (1, 16)]
    began = time.monotonic()
    report = verify(folder / "storeroom.db", KEY)
    lasted_s = time.monotonic() - began
    assert report.findings == []
    return [*figures, Figure("verify the trace", round(report.events / lasted_s), "events/s", n=report.events)]


def _rate(database: Database, callers: int) -> Figure:
    ends = time.monotonic() + SECONDS
    done = [0] * callers

    def call(who: int) -> None:
        while time.monotonic() < ends:
            database.write(lambda change: change.event("box.placed", subject="box", actor="bench", body=BODY))
            done[who] += 1

    threads = [threading.Thread(target=call, args=(who,)) for who in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    who = "1 caller" if callers == 1 else f"{callers} callers"
    return Figure(f"trace, {who}", round(sum(done) / SECONDS), "events/s", n=sum(done), note="synchronous=FULL")
