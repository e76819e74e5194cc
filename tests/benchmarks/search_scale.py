"""Search at the sizes an archive has, on the encrypted store: latency per class warm and cold, recall, index, memory.

python -m tests.benchmarks.search_scale 10000 133000       sizes; without one 10,000
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

from edge.domain import archive_numbers
from edge.store.readers import Readers
from edge.store.search import Search
from tests.benchmarks import kept_catalogue
from tests.benchmarks.figure import Figure, cuts, told
from tests.benchmarks.fresh_store import KEY
from tests.benchmarks.generated_catalogue import Entry, entries
from tests.benchmarks.search_classes import CLEARANCE, Asked, classes, text_of

EACH = 100  # queries a class
COLD = 40
CHECKED = 12  # queries a class compared with brute force
AS_MANY = 1000  # hits compared


def measure(folder: Path) -> list[Figure]:
    figures = []
    for size in kept_catalogue.sizes():
        place = folder / str(size)
        place.mkdir()
        figures += at_size(place, size)
    return figures


def at_size(folder: Path, size: int) -> list[Figure]:
    """``folder``: for what is measured beside the kept catalogue."""
    name = f"search {size:,}"
    store = kept_catalogue.kept(size)
    assert store is not None, "without an end it ends finished"
    figures = [kept_catalogue.figure(store, name), *sizes_of(store, name)]
    catalogue = list(entries(size))
    asked = classes(catalogue, EACH)
    path = store / "storeroom.db"
    readers = Readers(path, KEY)
    search = Search(readers)
    figures += [warm(f"{name}, {kind}", search, queries) for kind, queries in asked.items()]
    figures += recall(name, search, asked, catalogue)
    readers.close()
    figures += [cold(f"{name}, cold, {kind}", path, queries[:COLD]) for kind, queries in asked.items()]
    figures.append(memory(name, store, [one.query for kind in asked.values() for one in kind]))
    return figures


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


def cold(name: str, path: Path, queries: list[Asked]) -> Figure:
    """Each query on a new connection, the file's pages dropped from the system's cache."""
    took_ms, cpu_ms = [], []
    for one in queries:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        readers = Readers(path, KEY)
        began, cpu = time.perf_counter_ns(), time.thread_time_ns()
        Search(readers).find(one.query, clearance=CLEARANCE, filters=one.filters, order=one.order)
        took_ms.append((time.perf_counter_ns() - began) / 1e6)
        cpu_ms.append((time.thread_time_ns() - cpu) / 1e6)
        readers.close()
    note = f"wall p50/p95/p99 {told(took_ms)}; CPU {told(cpu_ms)}"
    return Figure(f"{name}, p99", cuts(took_ms)[2], "ms", "wall", len(took_ms), note)


def recall(name: str, search: Search, asked: dict[str, list[Asked]], catalogue: list[Entry]) -> list[Figure]:
    """Against brute force over every text, the newest thousand; for numbers, whether the one meant is among the hits.

    Each query counts alike. A query with one wrong character that is right somewhere else is none, and left out.
    """
    texts = [text_of(entry) for entry in catalogue]
    seen = [entry.item.secret_level == "internal" for entry in catalogue]
    figures = []
    for kind, queries in asked.items():
        shares, foreign = [], 0
        for one in queries if queries[0].target else queries[:CHECKED]:
            if one.order != "newest" or not (one.wanted or one.target):
                continue
            hits = search.find(one.query, clearance=CLEARANCE, limit=AS_MANY, filters=one.filters)
            got = {hit.item.ref_code for hit in hits if hit.item and (kind != "number prefix" or hit.why == "number")}
            if one.wanted is None:
                shares.append(float(one.target in got))
                continue
            near = kind == "one wrong hanzi"
            if near and hits and hits[0].why != "near":
                continue
            numbers = [no for no, entry in enumerate(catalogue) if seen[no] and one.wanted(texts[no], entry)]
            if not numbers:
                continue  # then a near hit is no mistake
            all_wanted = [catalogue[no].item.ref_code for no in numbers]
            if kind == "number prefix":
                all_wanted.sort(key=_number_order, reverse=True)
            wanted = set(all_wanted if near else all_wanted[-AS_MANY:])
            shares.append(len(wanted & got) / min(len(wanted), AS_MANY))
            foreign += len(got - set(all_wanted))
        if shares:
            note = f"{foreign} hits that brute force has not"
            figures.append(Figure(f"{name}, recall, {kind}", round(mean(shares), 4), "", "count", len(shares), note))
    return figures


def _number_order(ref_code: str) -> str:
    return archive_numbers.order_key(archive_numbers.prefix_fold(ref_code))


def sizes_of(store: Path, name: str) -> list[Figure]:
    figures, path = [], store / "storeroom.db"
    total_mb = 0.0
    with Readers(path, KEY).read() as db:
        for table in ("item_words", "item_sounds"):
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

    os.environ[kept_catalogue.SIZES] = " ".join(argv) or "10000"
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        print(table(describe(), measure(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
