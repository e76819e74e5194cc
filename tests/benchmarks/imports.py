"""Rows a second through the ordinary import: the demo's catalogue, generated lists in three formats, and a list that
was not written for us; whether memory stays flat over a long one.

python -m tests.benchmarks.imports list.csv 315168 --json FILE     one format, so many rows
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from edge.store.database import Database
from edge.workflows.ingest import ingest
from tests.benchmarks import kept_runs, written_lists
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.fresh_store import demo_sheet, opened, with_slots

SAMPLES = "STOREROOM_SAMPLE_CATALOGUES"  # a folder with other people's catalogues, as in the tests
FOREIGN = "melbourne_lewis_orr_gibson.csv"
LISTS = ("list.csv", "list.xlsx", "list.xml")
GENERATED = 6000  # rows in each format
WARM = 5000  # rows after which memory is compared: dictionaries are loaded by then


def measure(folder: Path) -> list[Figure]:
    sheet = demo_sheet(folder)
    with opened(folder) as database:
        with_slots(database)
        figures = [_import(database, sheet, "demo catalogue")]
    for name in LISTS:
        figures.append(generated(folder / name.replace(".", "-"), name, GENERATED))
    foreign = Path(os.environ.get(SAMPLES, "")) / FOREIGN
    if not os.environ.get(SAMPLES) or not foreign.exists():
        return [*figures, missed(f"import CSV, {FOREIGN}", "rows/s", f"set {SAMPLES} to the folder that has it")]
    with opened(folder) as database:
        return [*figures, _import(database, foreign, FOREIGN)]


def generated(folder: Path, name: str, count: int) -> Figure:
    """Into a store of its own."""
    folder.mkdir()
    path = written_lists.write(folder / name, count)
    with opened(folder) as database:
        return _import(database, path, f"{count:,} generated rows")


def _import(database: Database, path: Path, what: str) -> Figure:
    sizes_mb: dict[int, int] = {}

    def look(said: dict[str, Any]) -> None:
        sizes_mb[said["rows"]] = _resident_mb()

    began, cpu = time.monotonic(), time.process_time()
    answer = ingest(database, path, actor="bench", progress=look)
    cpu_s, lasted_s = time.process_time() - cpu, time.monotonic() - began
    rows = answer["rows"]
    assert rows == answer["taken"] + answer["mended"] + answer["refused"] + answer["context"]
    warm = next((size for at, size in sizes_mb.items() if at >= min(WARM, rows)), 0)
    note = f"{rows / lasted_s:.0f} by the wall; {answer['taken']} taken, {answer['mended']} mended, "
    note += f"{answer['refused']} refused; {warm} MB after {min(WARM, rows)} rows, {max(sizes_mb.values())} MB at most"
    return Figure(f"import {path.suffix[1:].upper()}, {what}", round(rows / cpu_s), "rows/s", "cpu", rows, note)


def _resident_mb() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def main(argv: list[str]) -> int:
    from tests.benchmarks.machine import describe
    from tests.benchmarks.run import table

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("name", choices=LISTS)
    asked.add_argument("count", type=int)
    asked.add_argument("--json", type=Path, default=Path("build/imports_scale.json"))
    options = asked.parse_args(argv)
    machine = describe()
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        figures = [generated(Path(folder) / "store", options.name, options.count)]
    kept_runs.add(options.json, machine, figures, list=options.name, rows=options.count)
    print(table(machine, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
