"""Rows a second through the ordinary import: the demo's catalogue, and a list that was not written for us."""

from __future__ import annotations

import os
import time
from pathlib import Path

from edge.workflows.ingest import ingest
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.fresh_store import demo_sheet, opened, with_slots

SAMPLES = "STOREROOM_SAMPLE_CATALOGUES"  # a folder with other people's catalogues, as in the tests
FOREIGN = "melbourne_lewis_orr_gibson.csv"


def measure(folder: Path) -> list[Figure]:
    sheet = demo_sheet(folder)
    with opened(folder) as database:
        with_slots(database)
        began = time.monotonic()
        answer = ingest(database, sheet, actor="bench")
        figures = [_figure("import XLSX, demo catalogue", answer["rows"], began)]
        foreign = Path(os.environ.get(SAMPLES, "")) / FOREIGN
        if not os.environ.get(SAMPLES) or not foreign.exists():
            return [*figures, missed(f"import CSV, {FOREIGN}", "rows/s", f"set {SAMPLES} to the folder that has it")]
        began = time.monotonic()
        answer = ingest(database, foreign, actor="bench")
        return [*figures, _figure(f"import CSV, {FOREIGN}", answer["rows"], began)]


def _figure(name: str, rows: int, began: float) -> Figure:
    return Figure(name, round(rows / (time.monotonic() - began)), "rows/s", n=rows)
