"""Which part of a record matched, as ranges of its own text: what a screen underlines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge.domain import archive_numbers, pinyin, search_text
from edge.domain.records import Field, Marked
from edge.domain.search_query import Terms

BEFORE, AFTER = 14, 34  # characters of a page's text shown around its longest match

Range = tuple[int, int]


class Text:
    """A text as it is compared, and which of its own characters each compared one came from."""

    def __init__(self, written: str) -> None:
        self.written, self.normalised = written, search_text.normalise(written)
        self._origins: Sequence[int] = range(len(written))
        if len(self.normalised) != len(written):
            each = [search_text.normalise(letter) for letter in written]
            self.normalised = "".join(each)
            self._origins = [place for place, normal in enumerate(each) for _ in normal]

    def range(self, start: int, end: int) -> Range:
        return self._origins[start], self._origins[end - 1] + 1

    def of_terms(self, asked: Terms) -> list[Range]:
        """Every place of the words, letters and phrases as written."""
        found: list[Range] = []
        pieces = [*asked.runs, *(run for phrase in asked.phrases for run in phrase.split(" "))]
        for run in dict.fromkeys(pieces):
            place = search_text.find_run(self.normalised, run)
            while place >= 0:
                found.append(self.range(place, place + len(run)))
                place = search_text.find_run(self.normalised, run, place + len(run))
        return found

    def of_pattern(self, pattern: re.Pattern[str]) -> list[Range]:
        return [self.range(*match.span()) for match in pattern.finditer(self.normalised)]

    def of_sounds(self, asked: Terms, sounds: str) -> list[Range]:
        """The Han characters that sound as typed."""
        han = [match.start() for match in search_text.HAN.finditer(self.normalised)]
        found = []
        for letters in asked.letters:
            heard = pinyin.find(sounds, letters)
            if heard and heard[1] + heard[2] <= len(han):
                found += [self.range(han[place], han[place] + 1) for place in range(heard[1], heard[1] + heard[2])]
        return found


def marked(field: Field, written: str, ranges: list[Range]) -> Marked:
    return Marked(field, written, joined(ranges))


def excerpt(text: str, ranges: list[Range], page: int) -> Marked:
    """The surroundings of the longest match on a page, or in the scope (``page`` 0), with all matches in them."""
    ranges = list(joined(ranges))
    first, last = max(ranges, key=lambda one: one[1] - one[0])
    start, end = max(0, first - BEFORE), min(len(text), last + AFTER)
    inside = [(max(one, start) - start, min(two, end) - start) for one, two in ranges if one < end and two > start]
    if page == 0:
        return Marked("scope", text[start:end], joined(inside))
    return Marked("text", text[start:end], joined(inside), page)


def joined(ranges: list[Range]) -> tuple[Range, ...]:
    """In order, those that touch or overlap made one."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((start, end))
    return tuple(result)


def of_number(ref_code: str, typed: str) -> list[Range]:
    """The beginning of an archive number that ``typed`` stands for; the whole number for another writing of it."""
    wanted = len(archive_numbers.prefix_fold(typed))
    for end in range(1, len(ref_code) + 1):
        if len(archive_numbers.prefix_fold(ref_code[:end])) >= wanted:
            same = archive_numbers.prefix_fold(ref_code[:end]) == archive_numbers.prefix_fold(typed)
            return [(0, end if same else len(ref_code))]
    return [(0, len(ref_code))] if ref_code else []
