"""How long one search takes on the demo's catalogue: words of titles, pinyin initials, numbers and boxes, mixed."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from edge.domain.pinyin import sounds
from edge.store.search import Search
from edge.workflows.ingest import ingest
from hardware_tests.virtual import demo_catalogue
from tests.benchmarks.figure import Figure, cuts
from tests.benchmarks.fresh_store import demo_sheet, opened, with_slots

QUERIES = 600


def measure(folder: Path) -> list[Figure]:
    with opened(folder) as database:
        with_slots(database)
        ingest(database, demo_sheet(folder), actor="bench")
        search = Search(database)
        asked = queries()
        for query in asked[:20]:
            search.find(query, clearance="internal")
        took_ms, hits = [], 0
        for query in asked:
            began = time.perf_counter_ns()
            hits += bool(search.find(query, clearance="internal"))
            took_ms.append((time.perf_counter_ns() - began) / 1e6)
    note = f"{len(demo_catalogue.entries())} items; {hits} of {QUERIES} queries found something"
    shares = zip((50, 95, 99), cuts(took_ms), strict=True)
    return [Figure(f"search, p{percent}", value, "ms", n=QUERIES, note=note) for percent, value in shares]


def queries(seed: int = 7) -> list[str]:
    """What people type: two to six characters of a title, an archive number or half of it, initials, a box."""
    random = Random(seed)
    entries = demo_catalogue.entries()
    found = []
    for _ in range(QUERIES):
        entry = random.choice(entries)
        at = random.randrange(max(1, len(entry.title) - 2))
        piece = entry.title[at : at + random.randint(2, 6)]
        kinds = (piece, piece, piece, entry.ref_code, entry.ref_code[: len(entry.ref_code) // 2], entry.box[0])
        found.append(random.choice((*kinds, "".join(word[0] for word in sounds(piece).split()) or piece)))
    return found
