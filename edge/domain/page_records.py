"""Pages as the store holds them, and what becomes of a person's corrections when a page is read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from edge.domain import han_years, mending
from edge.domain.page_gate import Complaint
from edge.domain.page_seen import PageLine, Quad
from edge.domain.stamp import Stamp

PageState = Literal["held", "loose", "hooked", "replaced", "dropped"]
LineState = Literal["sure", "unsure", "corrected", "confirmed"]

SURE = 0.8  # confidence of a line's mean character
WEAKEST = 0.7  # and of its weakest: below, a person is asked
SAME_LINE = 0.6  # share of signs that two readings of one line have in common at least


@dataclass(frozen=True, slots=True)
class ScanFile:
    """An original as it came; ``author`` to ``made_with`` as it says itself. ``source``: camera or file."""

    id: str
    sha256: str
    source: str
    name: str
    format: str
    author: str
    created: str
    modified: str
    made_with: str
    alarming: tuple[str, ...]
    bytes: int
    pages: int
    received_ms: int
    received_by: str


@dataclass(frozen=True, slots=True)
class Page:
    """``image``: SHA-256 of the squared page. ``proposed``: ids of items it names. ``despite``: why it was kept.
    ``turned_deg``: it lay so far clockwise and was turned upright. ``stamp``: what its archive stamp proposes."""

    no: int
    id: str
    file_id: str
    file_page: int
    item_id: str | None
    page_no: int | None
    image: str
    width: int
    height: int
    dpi: int
    turned_deg: int
    stamp: Stamp
    complaints: tuple[Complaint, ...]
    proposed: tuple[str, ...]
    printed_no: int | None
    state: PageState
    despite: str
    seen_ms: int
    seen_by: str


@dataclass(frozen=True, slots=True)
class Line:
    """``read_text``: as the networks read it, for ever; ``text``: as it counts. ``mended``: by what it was put right
    without a person: ``number``, ``word``, ``year``."""

    line: int
    quad: Quad
    read_text: str
    text: str
    confidence: float
    weakest: float
    state: LineState
    mended: mending.Why = ""

    @property
    def by_person(self) -> bool:
        """Also where a later reading differs and the line waits again."""
        return self.state in ("corrected", "confirmed") or (self.text != self.read_text and not self.mended)


def as_read(lines: Sequence[PageLine], this_year: int) -> list[Line]:
    """A person is asked about lines that the networks doubted, and about years that cannot be."""
    return [
        Line(
            number,
            line.quad,
            line.text,
            line.text,
            line.confidence,
            line.weakest,
            "sure" if _is_sure(line, this_year) else "unsure",
        )
        for number, line in enumerate(lines, 1)
    ]


def _is_sure(line: PageLine, this_year: int) -> bool:
    doubted = line.confidence < SURE or line.weakest < WEAKEST
    return not doubted and not han_years.lacking(line.text, this_year)


def helped(lines: Sequence[Line], of: mending.Known, own_number: str) -> list[Line]:
    """Doubtful lines put right by what is known, and marked so. A person is still asked, but not about the number of
    the very item whose page it is.
    """
    return [_helped(line, of, own_number) if line.state == "unsure" and not line.by_person else line for line in lines]


def _helped(line: Line, of: mending.Known, own_number: str) -> Line:
    put = mending.mend(line.read_text, of)
    if not put.why:
        return line
    own = put.why == "number" and bool(own_number) and own_number in put.text
    certain = own and not han_years.lacking(line.read_text, of.this_year)
    return replace(line, text=put.text, mended=put.why, state="sure" if certain else "unsure")


def text_of(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines if line.text)


def confidence_of(lines: Sequence[Line]) -> float:
    """Mean over the signs; a person's words are certain."""
    signs = sum(len(line.text) for line in lines)
    sure = sum(len(line.text) * (1.0 if line.by_person else line.confidence) for line in lines if line.text)
    return min(1.0, sure / signs) if signs else 0.0


def carried_over(before: Sequence[Line], new: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The ``new`` reading with a person's words kept, and those of ``before`` that no new line resembles.

    Where the networks read the same as then, nobody is asked again; where they read something else, the person's words
    stay and the line waits for a person.
    """
    result, lost = list(new), []
    taken: set[int] = set()
    for line in before:
        if not line.by_person:
            continue
        likeness = {
            index: max(_likeness(line.read_text, other.read_text), _likeness(line.text, other.read_text))
            for index, other in enumerate(new)
            if index not in taken
        }
        best = max(likeness, key=lambda index: likeness[index], default=None)
        if best is None or likeness[best] < SAME_LINE:
            lost.append(line)
            continue
        taken.add(best)
        agrees = new[best].read_text in (line.read_text, line.text)
        kept: LineState = "confirmed" if new[best].read_text == line.text else "corrected"
        result[best] = replace(new[best], text=line.text, state=kept if agrees else "unsure")
    return result, lost


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0
