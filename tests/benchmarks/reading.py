"""How well and how fast labels are read, beside other readers where they are installed.

``STOREROOM_RAPIDOCR`` names the Python of an environment with rapidocr; Tesseract is used where it is on the PATH with
chi_sim. Each reader runs in a process of its own over the same files with two threads, once to warm up.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

from tests.benchmarks.drawn_labels import FONTS, LEVELS, Drawn, labels
from tests.benchmarks.figure import Figure, missed

COUNT = 20  # labels of each level
PEERS = Path(__file__).parent / "reading_peers.py"


def measure(folder: Path, count: int = COUNT) -> list[Figure]:
    if not FONTS:
        return [missed("labels read", "%", "the Noto CJK fonts are not installed")]
    drawn = {f"{level}-{index:03d}.jpg": one for level in LEVELS for index, one in enumerate(labels(count, level))}
    for name, one in drawn.items():
        (folder / name).write_bytes(one.jpeg)
    figures: list[Figure] = []
    rapid, tesseract = os.environ.get("STOREROOM_RAPIDOCR", ""), shutil.which("tesseract")
    for reader, python, why in (
        ("storeroom", sys.executable, ""),
        ("rapidocr", rapid, "STOREROOM_RAPIDOCR names no Python"),
        ("tesseract", sys.executable if tesseract else "", "tesseract is not installed"),
    ):
        figures += _figures(reader, python, folder, drawn) if python else [missed(f"{reader} reads labels", "%", why)]
    return figures


def said_by(reader: str, python: str, folder: Path) -> dict[str, Any] | str:
    """What a reader of reading_peers.py said of the folder, or why it said nothing."""
    done = subprocess.run([python, PEERS, reader, folder], capture_output=True, text=True, check=False, timeout=3000)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1][:100]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _figures(reader: str, python: str, folder: Path, drawn: dict[str, Drawn]) -> list[Figure]:
    said = said_by(reader, python, folder)
    if isinstance(said, str):
        return [missed(f"{reader} reads labels", "%", said)]
    figures = []
    for level in LEVELS:
        names = [name for name, one in drawn.items() if one.level == level]
        wrong = sum(errors(drawn[name].lines, said["lines"][name]) for name in names)
        written = sum(len(plain("".join(drawn[name].lines))) for name in names)
        exact = sum(any(plain(drawn[name].number) in plain(line) for line in said["lines"][name]) for name in names)
        figures += [
            Figure(f"{reader}, {level}: characters wrong", round(100 * wrong / written, 2), "%", "count", written),
            Figure(f"{reader}, {level}: archive numbers exact", 100 * exact / len(names), "%", "count", len(names)),
        ]
    times = list(said["ms"].values())
    figures.append(Figure(f"{reader}: a picture, median", round(statistics.median(times), 1), "ms", n=len(times)))
    figures.append(Figure(f"{reader}: memory at most", round(said["peak_mb"]), "MB"))
    return figures


def plain(text: str) -> str:
    """Without blanks, in one width, with one kind of dash and dot: what a person would call the same."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).translate(str.maketrans({"—": "-", "–": "-", "•": "·", "・": "·", "∙": "·"}))


def errors(truth: tuple[str, ...], read: list[str]) -> int:
    """Edit distance between all that is printed and all that was read, line breaks not counted."""
    a, b = plain("".join(truth)), plain("".join(read))
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y)))
    return row[-1]
