"""Search at the sizes an archive has, on the encrypted store: latency per class warm and cold, recall, index, memory.

python -m tests.benchmarks.search_scale 10000 133000                  sizes; without one 10,000
python -m tests.benchmarks.search_scale 1000000 --json FILE --part cold     goes on with the parts that FILE has not
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from statistics import mean

from edge.domain import archive_numbers
from edge.domain.records import Hit
from edge.domain.search_query import Filters
from edge.store.index_rebuild import TABLES
from edge.store.readers import Readers
from edge.store.search import Search
from edge.store.warm_up import WarmUp
from tests.benchmarks import kept_catalogue, kept_runs, search_classes
from tests.benchmarks.figure import Figure, cuts, told
from tests.benchmarks.fresh_store import KEY
from tests.benchmarks.generated_catalogue import Entry, entries
from tests.benchmarks.search_classes import Asked, classes
from tests.benchmarks.searched_records import CLEARANCE, Record, records

EACH = 100  # queries a class
COLD = 40
CHECKED = 12  # queries a class compared with brute force
AS_MANY = 1000  # hits compared


def measure(_folder: Path) -> list[Figure]:
    return [figure for size in kept_catalogue.sizes() for part in PARTS.values() for figure in part(At(size))]


class At:
    """One size: its kept store, its catalogue, and what is asked of it."""

    def __init__(self, size: int) -> None:
        self.size, self.name = size, f"search {size:,}"

    @cached_property
    def store(self) -> Path:
        store = kept_catalogue.kept(self.size)
        assert store is not None, "without an end it ends finished"
        return store

    @property
    def path(self) -> Path:
        return self.store / "storeroom.db"

    @cached_property
    def catalogue(self) -> list[Entry]:
        return list(entries(self.size))

    @cached_property
    def asked(self) -> dict[str, list[Asked]]:
        return classes(self.catalogue, EACH)

    @cached_property
    def questions(self) -> dict[str, list[Asked]]:
        """The same without brute force; kept beside the store, for drawing them from a million takes a minute."""
        made_by = hashlib.sha256(Path(search_classes.__file__).read_bytes()).hexdigest()[:8]
        kept = self.store / f"asked-{EACH}-{made_by}.json"
        if not kept.exists():
            plain = {
                kind: [(one.query, asdict(one.filters), one.order) for one in queries]
                for kind, queries in self.asked.items()
            }
            kept.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
        return {
            kind: [Asked(query, filters=Filters(**filters), order=order) for query, filters, order in queries]
            for kind, queries in json.loads(kept.read_text("utf-8")).items()
        }


def stored(at: At) -> list[Figure]:
    return [kept_catalogue.figure(at.store, at.name), *sizes_of(at.store, at.name)]


def all_warm(at: At) -> list[Figure]:
    readers = Readers(at.path, KEY)
    figures = [warm(f"{at.name}, {kind}", Search(readers), queries) for kind, queries in at.questions.items()]
    readers.close()
    return figures


def all_recalled(at: At) -> list[Figure]:
    readers = Readers(at.path, KEY)
    figures = recall(at.name, Search(readers), at.asked, list(records(at.catalogue)))
    readers.close()
    return figures


def all_cold(at: At) -> list[Figure]:
    return [
        first(f"{at.name}, cold, {kind}", at.path, queries[:COLD], dropped=True)
        for kind, queries in at.questions.items()
    ]


def all_warmed(at: At) -> list[Figure]:
    """As after a start of the node: the system's cache dropped once, the warm-up, then a new connection each query."""
    _drop(at.path)
    began, cpu = time.perf_counter(), time.process_time()
    WarmUp(at.path).start().done()
    lasted, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    figures = [Figure(f"{at.name}, warm-up of a start", round(lasted, 1), "s", "wall", 1, f"CPU {cpu_s:.1f} s")]
    for kind, queries in at.questions.items():
        figures.append(first(f"{at.name}, after the warm-up, {kind}", at.path, queries[:COLD], dropped=False))
    return figures


def held(at: At) -> list[Figure]:
    return [memory(at.name, at.store, [one.query for kind in at.questions.values() for one in kind])]


PARTS: dict[str, Callable[[At], list[Figure]]] = {
    "stored": stored,
    "warm": all_warm,
    "recall": all_recalled,
    "cold": all_cold,
    "warmed": all_warmed,
    "memory": held,
}


def warm(name: str, search: Search, queries: list[Asked]) -> Figure:
    took_ms, cpu_ms, found = [], [], 0
    for repeat in range(2):
        for one in queries:
            began, cpu = time.perf_counter_ns(), time.thread_time_ns()
            hits = search.find(one.query, clearance=CLEARANCE, filters=one.filters, order=one.order)
            if repeat:
                took_ms.append((time.perf_counter_ns() - began) / 1e6)
                cpu_ms.append((time.thread_time_ns() - cpu) / 1e6)
                found += bool(hits)
    note = f"CPU p50/p95/p99 {told(cpu_ms)}; wall {told(took_ms)}; {found} of {len(queries)} found"
    return Figure(f"{name}, p99", cuts(cpu_ms)[2], "ms", "cpu", len(cpu_ms), note)


def first(name: str, path: Path, queries: list[Asked], *, dropped: bool) -> Figure:
    """Each query the first of its connection; with ``dropped`` the file's pages are dropped from the system's cache."""
    took_ms, cpu_ms = [], []
    for one in queries:
        if dropped:
            _drop(path)
        readers = Readers(path, KEY)
        began, cpu = time.perf_counter_ns(), time.thread_time_ns()
        Search(readers).find(one.query, clearance=CLEARANCE, filters=one.filters, order=one.order)
        took_ms.append((time.perf_counter_ns() - began) / 1e6)
        cpu_ms.append((time.thread_time_ns() - cpu) / 1e6)
        readers.close()
    note = f"wall p50/p95/p99 {told(took_ms)}; CPU {told(cpu_ms)}"
    return Figure(f"{name}, p99", cuts(took_ms)[2], "ms", "wall", len(took_ms), note)


def _drop(path: Path) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def recall(name: str, search: Search, asked: dict[str, list[Asked]], told_of: list[Record]) -> list[Figure]:
    """Against brute force over every text, the newest thousand; for numbers and sounds, whether the one meant is among
    the hits.

    Each query counts alike. A query with one wrong character that is right somewhere else is none, and left out; so is
    one of sounds that more than a thousand records have.
    """
    shown = [record for record in told_of if record.shown]
    figures = []
    for kind, queries in asked.items():
        shares, foreign = [], 0
        near = kind.startswith("one wrong hanzi")
        for one in queries if queries[0].target or near else queries[:CHECKED]:
            if one.order != "newest" or not (one.wanted or one.target):
                continue
            hits = search.find(one.query, clearance=CLEARANCE, limit=AS_MANY, filters=one.filters)
            by_number = "number prefix" in kind
            got = {_number_of(hit) for hit in hits if not by_number or hit.why == "number"} - {""}
            if one.wanted is None:
                if one.target in got or len(hits) < AS_MANY:
                    shares.append(float(one.target in got))
                continue
            if near and hits and hits[0].why != "near":
                continue
            likely = [record for record in shown if any(piece in record.text for piece in one.pieces)]
            all_wanted = [record.ref_code for record in likely if one.wanted(record)]
            if not all_wanted:
                continue  # then a near hit is no mistake
            if by_number:
                all_wanted.sort(key=_number_order, reverse=True)
            wanted = set(all_wanted if near else all_wanted[-AS_MANY:])
            shares.append(len(wanted & got) / min(len(wanted), AS_MANY))
            foreign += len(got - set(all_wanted))
        if shares:
            note = f"{foreign} hits that brute force has not"
            figures.append(Figure(f"{name}, recall, {kind}", round(mean(shares), 4), "", "count", len(shares), note))
    return figures


def _number_of(hit: Hit) -> str:
    record = hit.item or hit.volume
    return record.ref_code if record else ""


def _number_order(ref_code: str) -> str:
    return archive_numbers.order_key(archive_numbers.prefix_fold(ref_code))


def sizes_of(store: Path, name: str) -> list[Figure]:
    figures, path = [], store / "storeroom.db"
    total_mb = 0.0
    with Readers(path, KEY).read() as db:
        for table in TABLES:
            data = db.execute(f"SELECT coalesce(sum(length(block)), 0) FROM {table}_data").fetchone()[0]
            rows = db.execute(f"SELECT coalesce(sum(length(sz) + 6), 0) FROM {table}_docsize").fetchone()[0]
            total_mb += (data + rows) / 1e6
            figures.append(Figure(f"{name}, {table}", round((data + rows) / 1e6, 1), "MB", "count"))
    figures.append(Figure(f"{name}, index in all", round(total_mb), "MB", "count"))
    figures.append(Figure(f"{name}, store file", round(path.stat().st_size / 1e6), "MB", "count"))
    return figures


def memory(name: str, store: Path, queries: list[str]) -> Figure:
    """The most a process of its own held that only searches: Python, the store's driver and its cache."""
    (store / "queries.txt").write_text("\n".join(queries), "utf-8")
    command = [sys.executable, "-m", "tests.benchmarks.search_only", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Figure(f"{name}, memory of a searching process", float(done.stdout), "MB", "count", len(queries))


def main(argv: list[str]) -> int:
    from tests.benchmarks.machine import describe
    from tests.benchmarks.run import table

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, default=[10_000])
    asked.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS))
    asked.add_argument("--json", type=Path, default=Path("build/search_scale.json"))
    options = asked.parse_args(argv)
    for at in map(At, options.sizes):
        for part in options.part:
            if kept_runs.has(options.json, size=at.size, part=part):
                continue
            machine = describe()
            figures = PARTS[part](at)
            kept_runs.add(options.json, machine, figures, size=at.size, part=part)
            print(table(machine, figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
