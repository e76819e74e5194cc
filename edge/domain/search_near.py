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
class Nearly:
    """One run that may be wrong: the expression for candidates, the other terms, what the run may look like instead."""

    expression: str
    rest: Terms
    pattern: re.Pattern[str]
    halves: tuple[str, str]

    def written_in(self, normalised: str) -> bool:
        """A wrong character leaves one half of the run whole, which is looked for a hundred times faster."""
        whole = self.halves[0] in normalised or self.halves[1] in normalised
        return whole and self.pattern.search(normalised) is not None and self.rest.written_in(normalised)


def expressions(asked: Terms) -> list[Nearly]:
    """One for each run that may be wrong."""
    found = []
    for run in asked.words:
        if search_text.is_han(run) and len(run) >= SHORTEST:
            rest = replace(asked, words=tuple(word for word in asked.words if word != run))
            others = rest.expression(sounded=False)
            nearly = " OR ".join(dict.fromkeys(f"({around})" for around in _around(run)))
            halves = run[: len(run) // 2], run[len(run) // 2 :]
            found.append(Nearly(f"({nearly}) AND {others}" if others else nearly, rest, nearly_pattern(run), halves))
    return found


def _around(run: str) -> list[str]:
    """For each character that may be wrong, the expression for what stays."""
    told = []
    for place in range(len(run)):
        before, after = run[:place], run[place + 1 :]
        told.append(" AND ".join(dict.fromkeys([*search_text.pieces(before), *search_text.pieces(after)])))
    return told


def nearly_pattern(run: str) -> re.Pattern[str]:
    """Matches a normalised text that has ``run`` with one character replaced, left out or put in."""
    forms: dict[str, None] = {}
    for place in range(len(run)):
        before, after = re.escape(run[:place]), re.escape(run[place + 1 :])
        forms[f"{before}{search_text.HAN.pattern}{after}"] = None
        forms[before + after] = None
        if place:
            forms[f"{before}.{re.escape(run[place:])}"] = None
    return re.compile("|".join(forms))
