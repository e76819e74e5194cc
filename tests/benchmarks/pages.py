"""How well and how fast whole pages are read as a document camera sees them, beside other readers where there are any.

Every reader gets the same frames of 12 megapixels (scans: 8.7); ours finds and squares the sheet first. Environment as
tests/benchmarks/reading.py. ``count`` of each level; 50 pages and more take a quarter of an hour.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from pathlib import Path

from tests.benchmarks.drawn_labels import FONTS
from tests.benchmarks.drawn_pages import pages
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.reading import errors, plain, said_by

COUNT = 17
LEVELS = ("scan", "camera", "worn")  # glare is what the gate refuses


def measure(folder: Path, count: int = COUNT) -> list[Figure]:
    if not FONTS:
        return [missed("pages read", "%", "the Noto CJK fonts are not installed")]
    drawn = {}
    for level in LEVELS:
        for index, one in enumerate(pages(count, level)):
            drawn[f"{level}-{index:03d}.jpg"] = (level, one.lines)
            (folder / f"{level}-{index:03d}.jpg").write_bytes(one.jpeg)
    rapid, tesseract = os.environ.get("STOREROOM_RAPIDOCR", ""), shutil.which("tesseract")
    figures: list[Figure] = []
    for reader, python, why in (
        ("pages", sys.executable, ""),
        ("rapidocr", rapid, "STOREROOM_RAPIDOCR names no Python"),
        ("tesseract", sys.executable if tesseract else "", "tesseract is not installed"),
    ):
        name = "storeroom" if reader == "pages" else reader
        said = said_by(reader, python, folder) if python else why
        figures += [missed(f"{name} reads pages", "%", said)] if isinstance(said, str) else _figures(name, said, drawn)
    return figures


def _figures(name: str, said: dict, drawn: dict[str, tuple[str, tuple[str, ...]]]) -> list[Figure]:
    figures = []
    for level in LEVELS:
        files = [file for file, (of, _) in drawn.items() if of == level]
        wrong = sum(errors(drawn[file][1], said["lines"][file]) for file in files)
        written = sum(len(plain("".join(drawn[file][1]))) for file in files)
        rate = round(100 * wrong / written, 2)
        figures.append(Figure(f"{name}, page, {level}: characters wrong", rate, "%", "count", written))
    times = list(said["ms"].values())
    a_minute = round(60_000 / statistics.mean(times), 1)
    figures.append(Figure(f"{name}: pages", a_minute, "1/min", n=len(times)))
    figures.append(Figure(f"{name}: memory at most, pages", round(said["peak_mb"]), "MB"))
    return figures
