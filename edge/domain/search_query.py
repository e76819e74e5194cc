"""What is asked for: terms that a record must all have, filters, and the order of the answer.

A term is a Han run, a Latin word or number, or a phrase in quotes. Latin words may also be pinyin: then all of them
are, and they sound in the title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from edge.domain import pinyin, search_text
from edge.domain.records import SECRECY
from edge.errors import InputRefused

MAX_QUERY = 200  # characters
YEARS_AS_TOKENS = 60  # a wider range of years narrows nothing

Order = Literal["newest", "number", "best"]
ORDERS: tuple[Order, ...] = ("newest", "number", "best")
STATES = ("registered", "shelved", "out", "void")

_QUOTED = re.compile(r'["“”「『＂]([^"“”「」『』＂]+)["“”」』＂]')
_YEARS = re.compile(r"(\d{4})(?:\s*[-~–—至]\s*(\d{4}))?")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

# Letters no search term contains stand before what a filter looks for in the word index.
_FONDS, _YEAR, _CATEGORY, _RETENTION, _LEVEL = "φψκρσ"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows an answer; "" and None narrow nothing.

    ``category``: code 类别号 (WS); ``retention``: Y, D30 …; ``place``: beginning of a slot code; ``state``: a record's.
    """

    fonds_no: str = ""
    year_from: int | None = None
    year_to: int | None = None
    category: str = ""
    retention: str = ""
    secret_level: str = ""
    place: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        """InputRefused ``filter_unknown`` for a level or a state that there is none of."""
        if self.secret_level and self.secret_level not in SECRECY:
            raise InputRefused("filter_unknown", "choose_from_list", filter="secret_level", value=self.secret_level)
        if self.state and self.state not in STATES:
            raise InputRefused("filter_unknown", "choose_from_list", filter="state", value=self.state)

    @property
    def of_items_only(self) -> bool:
        """Whether boxes, which have no year, category, retention or level, are out of the question."""
        return bool(
            self.category
            or self.retention
            or self.secret_level
            or self.year_from is not None
            or self.year_to is not None
        )

    def tokens(self) -> list[str]:
        """Terms of an expression on the word index that any item passing these filters has."""
        told = [
            _token(letter, value)
            for letter, value in (
                (_FONDS, self.fonds_no),
                (_CATEGORY, self.category),
                (_RETENTION, self.retention),
                (_LEVEL, self.secret_level),
            )
            if value
        ]
        if self.year_from is not None and self.year_to is not None:
            years = range(self.year_from, self.year_to + 1)
            if 0 < len(years) <= YEARS_AS_TOKENS:
                told.append("(" + " OR ".join(_token(_YEAR, str(year)) for year in years) + ")")
        return told


ANY = Filters()


def years(text: str) -> tuple[int | None, int | None]:
    """First and last year of "2011" or "2011-2015"; (None, None) for "". InputRefused ``years_unreadable``."""
    if not text.strip():
        return None, None
    match = _YEARS.fullmatch(text.strip())
    if match is None:
        raise InputRefused("years_unreadable", "write_years", text=text[:30])
    first = int(match[1])
    last = int(match[2] or first)
    return min(first, last), max(first, last)


def filter_words(fonds_no: str, year: int | None, category: str, retention: str, secret_level: str) -> str:
    """What the word index holds of an item for its filters."""
    pairs = ((_FONDS, fonds_no), (_CATEGORY, category), (_RETENTION, retention), (_LEVEL, secret_level))
    told = [letter + _plain(value) for letter, value in pairs if value]
    return " ".join([*told, _YEAR + str(year)] if year is not None else told)


def _token(letter: str, value: str) -> str:
    return f'"{letter}{_plain(value)}"'


def _plain(value: str) -> str:
    return _NOT_WORD.sub("", search_text.normalise(value))


@dataclass(frozen=True, slots=True)
class Terms:
    """Han runs and Latin words with digits; Latin words that may be pinyin; phrases, squeezed."""

    words: tuple[str, ...]
    letters: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def runs(self) -> list[str]:
        """All that is looked for as written."""
        return [*self.words, *self.letters]

    def expression(self, *, sounded: bool) -> str:
        """The expression on the word index; with ``sounded``, without the letters. "" when it asks nothing."""
        parts = [search_text.match_expression(list(self.words) if sounded else self.runs)]
        parts += [_phrase_expression(phrase) for phrase in self.phrases]
        return " AND ".join(part for part in parts if part)

    def sound_expression(self) -> str:
        return " AND ".join(pinyin.expression(letters) for letters in self.letters)

    def written_in(self, normalised: str) -> bool:
        """Whether a normalised text has all of them as written; the fields of a record stand on lines of their own."""
        return all(search_text.find_run(normalised, run) >= 0 for run in self.runs) and self._phrases_in(normalised)

    def rank(self, title: str) -> tuple[int, int]:
        """Sorts the better title first: how many terms it lacks, then how much else it says."""
        normalised = search_text.normalise(title)
        lacking = sum(search_text.find_run(normalised, run) < 0 for run in self.words)
        lacking += sum(search_text.find_phrase(search_text.squeeze(normalised), phrase) < 0 for phrase in self.phrases)
        return lacking, len(title)

    def _phrases_in(self, normalised: str) -> bool:
        if not self.phrases:
            return True
        lines = [search_text.squeeze(line) for line in normalised.split("\n")]
        return all(any(search_text.find_phrase(line, phrase) >= 0 for line in lines) for phrase in self.phrases)


def terms(query: str) -> Terms:
    """What ``query`` asks for; nothing of it for a query without letters, digits or Han characters."""
    phrases: dict[str, None] = {}
    words: dict[str, None] = {}

    def quoted(match: re.Match[str]) -> str:
        phrase = search_text.squeeze(search_text.normalise(match[1]))
        (phrases if " " in phrase or not search_text.HAN.match(phrase) else words)[phrase] = None
        return " "

    rest = _QUOTED.sub(quoted, query)
    phrases.pop("", None)
    words |= dict.fromkeys(search_text.query_runs(rest))
    letters = tuple(word for word in words if pinyin.LETTERS.fullmatch(word))
    return Terms(tuple(word for word in words if word not in letters), letters, tuple(phrases))


def _phrase_expression(phrase: str) -> str:
    """Pieces of its Han runs, its Latin words whole."""
    parts = []
    for run in phrase.split(" "):
        parts += search_text.pieces(run) if search_text.is_han(run) else [f'"{run}"']
    return " AND ".join(dict.fromkeys(parts))
