"""How well and how fast labels and photographs are read, beside other readers where they are installed.

``STOREROOM_RAPIDOCR`` names the Python of an environment with rapidocr; Tesseract is used where it is on the PATH with
chi_sim; ``STOREROOM_PHOTOS`` names a folder with the photographs of photos.toml. All run with two threads, once to
warm up.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from models.scenes.fonts import FONTS
from models.scenes.labels import LEVELS, labels
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.side_by_side import KEPT, SECONDS, Comparison, Picture, figures, go_on

A_ROUND = 4  # labels of each level
ROUNDS = 17


def measure(folder: Path, seconds: float = SECONDS, kept: Path = KEPT) -> list[Figure]:
    """``folder`` is not used: what was measured is kept beside this file."""
    if not FONTS:
        return [missed("labels", "%", "the Noto CJK fonts are not installed")]
    told = figures(LABELS, go_on(LABELS, kept, seconds))
    if "STOREROOM_PHOTOS" not in os.environ:
        return [*told, missed("photos", "ms", "STOREROOM_PHOTOS names no folder")]
    return told + figures(PHOTOS, go_on(PHOTOS, kept, seconds))


def _labels(at: int) -> list[Picture]:
    return [
        Picture(level, one.jpeg, one.lines, one.number)
        for level in LEVELS
        for one in labels(A_ROUND, level, first=at * A_ROUND)
    ]


def _photos(_at: int) -> list[Picture]:
    folder = Path(os.environ["STOREROOM_PHOTOS"])
    written = tomllib.loads((Path(__file__).parent / "photos.toml").read_text("utf-8"))
    return [
        Picture(name, (folder / name).read_bytes(), tuple(lines), scattered=True)
        for name, lines in written.items()
        if (folder / name).exists()
    ]


LABELS = Comparison("labels", "storeroom", ROUNDS, _labels, ("models/scenes/labels.py",))
PHOTOS = Comparison("photos", "storeroom", 1, _photos, ("tests/benchmarks/photos.toml",))
