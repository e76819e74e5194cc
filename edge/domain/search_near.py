"""One wrong character forgiven: wrong, missing or too many, in one Han run of the query, by typing or by OCR.

Whatever one character spoils, the pieces before and after it are whole: their bigrams name the candidates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from edge.domain import search_text
from edge.domain.search_query import Terms

SHORTEST = 3  # characters; of two, one wrong leaves nothing to go by


@dataclass(frozen=True, slots=True)
class _Around:
    """Looks for a run by its halves: a wrong character leaves one of them whole, and it is found a hundred times faster
    than all that the run may look like."""

    pattern: re.Pattern[str]
    first: re.Pattern[str]
    second: re.Pattern[str]
    lead: int  # characters of the first half: before the second one lie as many, one less or one more

    @classmethod
    def of(cls, signs: list[str], wrong: str) -> _Around:
        """``signs``: an expression for each character; ``wrong``: for the one that may stand in its place."""
        lead = len(signs) // 2
        return cls(_pattern(signs, wrong), re.compile("".join(signs[:lead])), re.compile("".join(signs[lead:])), lead)

    def found_in(self, text: str) -> bool:
        half = self.first.search(text)
        while half:
            if self.pattern.match(text, half.start()):
                return True
            half = self.first.search(text, half.start() + 1)
        half = self.second.search(text)
        while half:
            begins = range(max(0, half.start() - self.lead - 1), half.start() - self.lead + 2)
            if any(self.pattern.match(text, begin) for begin in begins):
                return True
            half = self.second.search(text, half.start() + 1)
        return False


@dataclass(frozen=True, slots=True)
class Nearly:
    """One run that may be wrong: the expression for candidates, the other terms, what the run may look like instead."""

    expression: str
    rest: Terms
    around: _Around
    as_written: _Around  # in texts that are plain

    @property
    def pattern(self) -> re.Pattern[str]:
        return self.around.pattern

    def in_text(self, text: str) -> bool:
        """As it is written: most texts that were thought of lack the run and need not be normalised to be told so."""
        if search_text.is_plain(text) and not self.as_written.found_in(text):
            return False
        normalised = search_text.normalise(text)
        return self.around.found_in(normalised) and self.rest.written_in(normalised)


def expressions(asked: Terms) -> list[Nearly]:
    """One for each run that may be wrong."""
    found = []
    for run in asked.words:
        if search_text.is_han(run) and len(run) >= SHORTEST:
            rest = replace(asked, words=tuple(word for word in asked.words if word != run))
            others = rest.expression(sounded=False)
            nearly = " OR ".join(dict.fromkeys(f"({around})" for around in _around(run)))
            expression = f"({nearly}) AND {others}" if others else nearly
            plain = _Around.of([*run], search_text.HAN.pattern)
            written = _Around.of(search_text.as_written(run), ".")  # of Han signs alone it would take long to compile
            found.append(Nearly(expression, rest, plain, written))
    return found


def _around(run: str) -> list[str]:
    """For each character that may be wrong, the expression for what stays."""
    told = []
    for place in range(len(run)):
        before, after = run[:place], run[place + 1 :]
        told.append(" AND ".join(dict.fromkeys([*search_text.pieces(before), *search_text.pieces(after)])))
    return told


def _pattern(signs: list[str], wrong: str) -> re.Pattern[str]:
    """Matches a text that has the run of ``signs`` with one character replaced, left out or put in."""
    forms: dict[str, None] = {}
    for place in range(len(signs)):
        before, after = "".join(signs[:place]), "".join(signs[place + 1 :])
        forms[before + wrong + after] = None
        forms[before + after] = None
        if place:
            forms[f"{before}.{''.join(signs[place:])}"] = None
    return re.compile("|".join(forms))
