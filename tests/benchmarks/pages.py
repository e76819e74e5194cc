"""How well and how fast whole pages are read as a document camera sees them, beside other readers where there are any.

Every reader gets the same frames of 12 megapixels (scans: 8.7); ours finds and squares the sheet first. Environment as
tests/benchmarks/reading.py.
"""

from __future__ import annotations

import statistics
from pathlib import Path

from models.scenes.fonts import FONTS
from models.scenes.pages import pages
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.side_by_side import KEPT, SECONDS, Comparison, Picture, figures, go_on

LEVELS = ("scan", "camera", "worn")  # glare is what the gate refuses
ROUNDS = 17  # one page of each level in a round


def measure(folder: Path, seconds: float = SECONDS, kept: Path = KEPT) -> list[Figure]:
    """``folder`` is not used: what was measured is kept beside this file."""
    if not FONTS:
        return [missed("pages", "%", "the Noto CJK fonts are not installed")]
    now = go_on(PAGES, kept, seconds)
    made = figures(PAGES, now)
    for reader, told in now["readers"].items():
        took_ms = [ms for level in told["levels"].values() for ms in level["ms"]]
        made.append(Figure(f"pages: {reader}", round(60_000 / statistics.mean(took_ms), 1), "1/min", n=len(took_ms)))
    return made


def _pages(at: int) -> list[Picture]:
    return [Picture(level, one.jpeg, one.lines) for level in LEVELS for one in pages(1, level, first=at)]


PAGES = Comparison(
    "pages",
    "pages",
    ROUNDS,
    _pages,
    (*(f"edge/vision/{name}.py" for name in ("digitised_page", "page_measures", "sheet")), "models/scenes/pages.py"),
)
