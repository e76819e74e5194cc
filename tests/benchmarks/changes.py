"""What a store of some size takes to change: one edit until it is found, and a whole night's upkeep.

python -m tests.benchmarks.changes 133000 1000000 --json FILE
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.records import NewItem
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.search import Search
from edge.store.upkeep_site import Site
from edge.workflows.upkeep import Upkeep
from tests.benchmarks import kept_catalogue, kept_runs
from tests.benchmarks.figure import Figure, cuts, told
from tests.benchmarks.fresh_store import KEY, opened

EDITS = 200
SYNCED_BYTES = 40_000  # what one edit adds to the log
PAGE = "经研究决定，同意该项目立项，请有关单位遵照执行。" * 20


def measure(folder: Path) -> list[Figure]:
    return [figure for size in kept_catalogue.sizes() for figure in at_size(folder / str(size), size)]


def at_size(folder: Path, size: int) -> list[Figure]:
    """On a copy of the kept catalogue."""
    store = kept_catalogue.kept(size)
    assert store is not None, "without an end it ends finished"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(store / "storeroom.db", folder / "storeroom.db")
    with opened(folder) as database:
        return [*edits(database, f"store {size:,}"), *upkeep(database, f"store {size:,}")]


def edits(database: Database, name: str) -> list[Figure]:
    """The very first edit, which loads what says how titles sound, by itself."""
    catalogue, search = Catalogue(database), Search(database)
    first, added, read, disk = _Taken(), _Taken(), _Taken(), _Taken()
    for no in range(EDITS + 1):
        word = f"甪直{chr(0x4E00 + no)}龘"
        new = NewItem("Z109", f"关于{word}的通知", ref_code=f"Z109-WS·2026-Y-BGS-{no + 9_000_000}")
        with (added if no else first).one():
            item = database.write(lambda change, new=new: catalogue.add_item(change, new, actor="bench"))
            hits = search.find(word, clearance="internal")
        assert any(hit.item and hit.item.id == item for hit in hits)
        text = PAGE + word + "页"
        with (read if no else first).one():
            database.write(
                lambda change, item=item, text=text: catalogue.set_text(change, item, 1, text, "bench", 0.9, "bench")
            )
            hits = search.find(word + "页", clearance="internal")
        assert hits
        with disk.one():
            _sync(database.path.parent)
    waits = f"a file of {SYNCED_BYTES:,} bytes written and synced by itself, meanwhile: wall {told(disk.wall_ms)}"
    slowest = f"and the page's {first.wall_ms[1]:.1f} ms; CPU {first.cpu_ms[0]:.1f} and {first.cpu_ms[1]:.1f}"
    return [
        Figure(f"{name}, first edit of a process", round(first.wall_ms[0], 1), "ms", note=slowest),
        *(
            Figure(
                f"{name}, {what}, p99",
                cuts(taken.wall_ms)[2],
                "ms",
                n=EDITS,
                note=f"wall p50/p95/p99 {told(taken.wall_ms)}; CPU of all threads {told(taken.cpu_ms)}; {waits}",
            )
            for what, taken in (("new record until it is found", added), ("text of a page until it is found", read))
        ),
    ]


def _sync(folder: Path) -> None:
    """What the disk alone takes for as much as an edit writes."""
    with (folder / "synced").open("wb", buffering=0) as file:
        file.write(bytes(SYNCED_BYTES))
        os.fdatasync(file.fileno())


@dataclass(slots=True)
class _Taken:
    """By the wall, which is the disk's and the neighbours' too, and by the processor."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        began, cpu = time.perf_counter_ns(), time.process_time_ns()
        yield
        self.wall_ms.append((time.perf_counter_ns() - began) / 1e6)
        self.cpu_ms.append((time.process_time_ns() - cpu) / 1e6)


def upkeep(database: Database, name: str) -> list[Figure]:
    site = Site(database, KEY, Ed25519PrivateKey.generate().public_key(), (), lambda: True)
    work = Upkeep(site, database.clock, "Asia/Shanghai", "bench")
    figures = []
    for night in ("first", "second"):
        cpu = time.process_time()
        runs = work.now(lambda _said: None)
        lasted = ", ".join(f"{run.job} {((run.ended_ms or 0) - run.began_ms) / 1000:.1f} s" for run in runs)
        compared = next(run.checked for run in runs if run.job == "records")
        assert {run.outcome for run in runs} == {"good"}, runs
        note = f"by the wall: {lasted}"
        cpu_s = round(time.process_time() - cpu, 1)
        figures.append(Figure(f"{name}, {night} upkeep", cpu_s, "s", "cpu", compared, note))
    return figures


def main(argv: list[str]) -> int:
    from tests.benchmarks.machine import describe
    from tests.benchmarks.run import table

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, default=[10_000])
    asked.add_argument("--json", type=Path, default=Path("build/changes_scale.json"))
    options = asked.parse_args(argv)
    for size in options.sizes:
        machine = describe()
        with tempfile.TemporaryDirectory(prefix="changes-") as folder:
            figures = at_size(Path(folder) / str(size), size)
        kept_runs.add(options.json, machine, figures, size=size)
        print(table(machine, figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
