"""Is this picture of a page good enough to keep? Limits follow DA/T 31 where it gives them: 300 dpi for reading, at
most 3° askew, no page missing. The others were set where the reader's errors begin to rise (tests/benchmarks/pages.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from edge.domain.page_seen import Measures
from edge.errors import InputRefused

PAPERS_MM = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "B5": (176, 250), "16K": (185, 260)}
DPI = (200, 300, 600)
DPI_SLACK = 0.98  # corners are found to about a pixel in a hundred of the small picture
EDGE_AT_MOST_UM = 400
PAPER_AT_LEAST, CONTRAST_AT_LEAST = 55, 20
GLARE_AT_MOST_PM = 2
SLOPE_AT_MOST_CDEG = 300

_PAGE_NUMBER = re.compile(r"[\s\-—–―－~·.•第]*(\d{1,4})[\s\-—–―－~·.•]*页?[\s.]*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """``paper``: one of PAPERS_MM; ``dpi``: one of DPI. InputRefused ``paper_unknown`` or ``dpi_unknown``."""

    paper: str = "A4"
    dpi: int = 300

    def __post_init__(self) -> None:
        if self.paper not in PAPERS_MM:
            raise InputRefused("paper_unknown", "choose_paper", paper=self.paper, known=", ".join(PAPERS_MM))
        if self.dpi not in DPI:
            raise InputRefused("dpi_unknown", "choose_dpi")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Words: ``page_complaint.<code>`` says what is wrong, ``page_remedy.<code>`` what to do."""

    code: str
    params: dict[str, Any]


def dpi_of(measures: Measures, paper: str) -> int:
    short_mm, long_mm = PAPERS_MM[paper]
    return round(25.4 * min(measures.short_px / short_mm, measures.long_px / long_mm))


def complaints(measures: Measures, written: bool, wanted: Wanted) -> list[Complaint]:
    """What speaks against the picture, worst first; ``written``: whether any writing was read on the page."""
    if measures.found == "nothing":
        return [Complaint("no_sheet", {})]
    found = []
    dpi = dpi_of(measures, wanted.paper)
    if measures.cut_off:
        found.append(Complaint("cut_off", {}))  # how fine it is shows once the whole sheet does
    elif dpi < wanted.dpi * DPI_SLACK:
        found.append(Complaint("coarse", {"dpi": dpi, "wanted": wanted.dpi, "paper": wanted.paper}))
    if measures.paper < PAPER_AT_LEAST:
        found.append(Complaint("dark", {}))
    elif written and measures.contrast < CONTRAST_AT_LEAST:
        found.append(Complaint("faint", {}))
    if measures.edge_px is not None and written:
        edge_um = round(measures.edge_px * 25_400 / max(dpi, 1))
        if edge_um > EDGE_AT_MOST_UM:
            found.append(Complaint("blurred", {"edge_um": edge_um, "most_um": EDGE_AT_MOST_UM}))
    if measures.glare_pm > GLARE_AT_MOST_PM:
        found.append(Complaint("glare", {"percent": f"{measures.glare_pm / 10:.1f}"}))
    if abs(measures.slope_cdeg) > SLOPE_AT_MOST_CDEG:
        found.append(Complaint("askew", {"degrees": f"{abs(measures.slope_cdeg) / 100:.1f}"}))
    if not written and not found:
        found.append(Complaint("blank", {}))
    return found


def printed_number(lines: Sequence[str]) -> int | None:
    """The page number 页码 that is printed alone in the first or the last line."""
    for line in (lines[-1:], lines[:1]):
        match = _PAGE_NUMBER.fullmatch(line[0]) if line else None
        if match and int(match[1]):
            return int(match[1])
    return None


def missing(numbers: Iterable[int], expected: int | None) -> list[int]:
    """Page numbers that are not there, of 1 to ``expected`` (as catalogued) or to the highest that is."""
    there = set(numbers)
    return [number for number in range(1, (expected or max(there, default=0)) + 1) if number not in there]


def spans(numbers: Iterable[int]) -> str:
    """Page numbers as a person writes them: "3-5, 9"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def number_skipped(before: int | None, printed: int | None) -> Complaint | None:
    """Two pages that follow each other in the file carry printed numbers that do not."""
    if before is None or printed is None or printed in (before, before + 1) or printed < before:
        return None
    return Complaint("number_skipped", {"before": before, "printed": printed})
