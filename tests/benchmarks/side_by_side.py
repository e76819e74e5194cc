"""Readers beside one another over the same pictures; what was measured is kept, and the next run goes on from there.

Each reader reads a round of pictures in a process of its own, one reader after the other, so that all of them share
what else the machine is doing. Other sources of ours begin anew. Kept: sums, and the times of each picture.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.scoring import errors, lost, plain
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.machine import describe
from tests.proofs.campaign import hash_of

SECONDS = 300.0  # a run goes on so long, and then to the end of its round
KEPT = Path(__file__).parent / "reading.json"
PEERS = Path(__file__).parent / "reading_peers.py"
COVERS = (
    *(f"edge/vision/{name}.py" for name in ("crop", "detect", "network", "reader", "reading_order", "recognise")),
    *("edge/vision/regions.py", "models/manifest.toml", "tests/benchmarks/reading_peers.py"),
)


@dataclass(frozen=True)
class Picture:
    """``lines``: what is written on it (``scattered``: in no order); ``number``: the archive number, "" = none."""

    level: str
    jpeg: bytes
    lines: tuple[str, ...]
    number: str = ""
    scattered: bool = False


@dataclass(frozen=True)
class Comparison:
    """``ours``: the reader of reading_peers.py that is the product. ``draw``: the pictures of round 0, 1, …"""

    name: str
    ours: str
    rounds: int
    draw: Callable[[int], Sequence[Picture]]
    covers: tuple[str, ...]

    def readers(self) -> dict[str, str]:
        """Reader → its Python, or "" where it is not installed."""
        tesseract = shutil.which("tesseract")
        rapid = os.environ.get("STOREROOM_RAPIDOCR", "")
        return {self.ours: sys.executable, "rapidocr": rapid, "tesseract": sys.executable if tesseract else ""}


def go_on(comparison: Comparison, kept: Path = KEPT, seconds: float = SECONDS) -> dict[str, Any]:
    """Measure on, at least one round where any is left; → all that is kept of this comparison."""
    file = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    sources = hash_of((*COVERS, *comparison.covers))
    now = file.get(comparison.name, {})
    if now.get("sources") != sources:
        now = {"sources": sources, "machine": describe(), "readers": {}}
    readers = {reader: python for reader, python in comparison.readers().items() if python}
    for reader in readers:
        now["readers"].setdefault(reader, {"rounds": 0, "version": "", "peak_mb": 0, "levels": {}})
    ends = time.monotonic() + seconds
    while (at := min(now["readers"][reader]["rounds"] for reader in readers)) < comparison.rounds:
        pictures = {f"{number:03d}.jpg": one for number, one in enumerate(comparison.draw(at))}
        with tempfile.TemporaryDirectory() as folder:
            for name, one in pictures.items():
                (Path(folder) / name).write_bytes(one.jpeg)
            for reader, python in readers.items():
                if now["readers"][reader]["rounds"] == at:
                    _add(now["readers"][reader], said_by(reader, python, Path(folder)), pictures)
        file[comparison.name] = now
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(file, ensure_ascii=False, indent=1) + "\n", "utf-8")
        partial.rename(kept)
        if time.monotonic() >= ends:
            break
    return now


def said_by(reader: str, python: str, folder: Path) -> dict[str, Any]:
    """What a reader of reading_peers.py said of the folder."""
    done = subprocess.run([python, PEERS, reader, folder], capture_output=True, text=True, check=True, timeout=900)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _add(reader: dict[str, Any], said: dict[str, Any], pictures: Mapping[str, Picture]) -> None:
    reader["rounds"] += 1
    reader["version"] = said["version"]
    reader["peak_mb"] = max(reader["peak_mb"], round(said["peak_mb"]))
    for name, one in pictures.items():
        read = said["lines"][name]
        level = reader["levels"].setdefault(
            one.level, {"pictures": 0, "written": 0, "wrong": 0, "numbers": 0, "exact": 0, "ms": [], "cpu_ms": []}
        )
        level["pictures"] += 1
        level["written"] += len(plain("".join(one.lines)))
        level["wrong"] += sum(lost(line, read) for line in one.lines) if one.scattered else errors(one.lines, read)
        level["numbers"] += bool(one.number)
        level["exact"] += bool(one.number) and any(plain(one.number) in plain(line) for line in read)
        level["ms"].append(round(said["ms"][name]))
        level["cpu_ms"].append(round(said["cpu_ms"][name]))


def figures(comparison: Comparison, kept: dict[str, Any]) -> list[Figure]:
    """Character errors and exact numbers of each level, time and memory over all, of each reader."""
    made: list[Figure] = []
    for name, python in comparison.readers().items():
        reader = kept["readers"].get(name)
        who = "storeroom" if name == comparison.ours else name
        if not reader or not reader["rounds"]:
            why = "STOREROOM_RAPIDOCR names no Python" if name == "rapidocr" else f"{name} is not installed"
            made.append(missed(f"{comparison.name}: {who}", "%", why if not python else "not measured yet"))
            continue
        for level, told in reader["levels"].items():
            rate = round(100 * told["wrong"] / told["written"], 2)
            what = f"{comparison.name}: {who}, {level}: characters wrong"
            made.append(Figure(what, rate, "%", "count", told["written"], f"{told['pictures']} pictures"))
            if told["numbers"]:
                rate = round(100 * told["exact"] / told["numbers"], 1)
                what = f"{comparison.name}: {who}, {level}: archive numbers exact"
                made.append(Figure(what, rate, "%", "count", told["numbers"]))
        for unit, clock in (("ms", "wall"), ("cpu_ms", "cpu")):
            took = [ms for told in reader["levels"].values() for ms in told[unit]]
            what = f"{comparison.name}: {who}, a picture, median"
            note = f"mean {statistics.mean(took):.0f}"
            made.append(Figure(what, round(statistics.median(took)), "ms", clock, len(took), note))  # type: ignore[arg-type]
        made.append(
            Figure(f"{comparison.name}: {who}, memory at most", reader["peak_mb"], "MB", note=reader["version"])
        )
    return made
