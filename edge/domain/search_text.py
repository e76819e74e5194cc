"""The search normaliser: the same text in the index, in a query and at the centre.

NFKC, lower case, Latin letters without accents, Traditional to Simplified. Each Han run becomes its bigrams and its
last character, so that every character begins a token; Latin words and digits stay whole. An index of bigrams without
positions finds candidates; ``matches`` then decides on the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from opencc import OpenCC

_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[a-z0-9]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_WORD_BEFORE = re.compile(r"[a-z0-9]")
_LATIN_WITH_MARK = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")


@cache
def _to_simplified() -> Any:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """``text`` as it is compared; blanks and punctuation stay."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if _LATIN_WITH_MARK.search(folded):
        folded = _LATIN_WITH_MARK.sub(lambda mark: unicodedata.normalize("NFD", mark.group())[0], folded)
    if folded.isascii():
        return folded
    simplified: str = _to_simplified().convert(folded)
    return simplified


def index_tokens(text: str) -> str:
    """What the word index holds for ``text``: tokens joined by blanks."""
    tokens: dict[str, None] = {}
    for run in _RUN.findall(normalise(text)):
        if _IS_HAN.match(run):
            tokens.update(dict.fromkeys(run[place : place + 2] for place in range(len(run))))
        else:
            tokens[run] = None
    return " ".join(tokens)


def query_runs(query: str) -> list[str]:
    """The Han runs and Latin words of ``query`` that a record must all have."""
    return _RUN.findall(normalise(query))


def match_expression(runs: list[str]) -> str:
    """The full-text expression for all ``runs``: bigrams exactly, one character and Latin words by their beginning."""
    tokens: dict[str, None] = {}
    for run in runs:
        if not _IS_HAN.match(run):
            tokens[f'"{run}"' if run.isdigit() and len(run) > 3 else f'"{run}"*'] = None
        elif len(run) == 1:
            tokens[f'"{run}"*'] = None
        else:
            tokens.update(dict.fromkeys(f'"{run[place : place + 2]}"' for place in range(len(run) - 1)))
    return " AND ".join(tokens)


def matches(text: str, runs: list[str]) -> bool:
    """Whether ``text`` has every run: a Han run anywhere, a Latin word at the beginning of a word."""
    normalised = normalise(text)
    return all(_has(normalised, run) for run in runs)


def _has(normalised: str, run: str) -> bool:
    if _IS_HAN.match(run):
        return run in normalised
    start = normalised.find(run)
    while start >= 0:
        if start == 0 or not _WORD_BEFORE.match(normalised[start - 1]):
            return True
        start = normalised.find(run, start + 1)
    return False


def initials(text: str) -> str:
    """Pinyin initials of the Han characters of ``text``; where word and character differ, both, with a blank.

    Loads the phrase dictionary at first use (about 45 MB), so only writing records calls it.
    """
    from pypinyin import Style, lazy_pinyin

    han = "".join(run for run in _RUN.findall(normalise(text)) if _IS_HAN.match(run))
    if not han:
        return ""
    in_words = "".join(letter[:1] for letter in lazy_pinyin(han, style=Style.FIRST_LETTER))
    alone = "".join(_initial_alone(character) for character in han)
    return in_words if in_words == alone else f"{in_words} {alone}"


@cache
def _initial_alone(character: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(character, style=Style.FIRST_LETTER)[0][:1])


def initial_tokens(letters: str) -> str:
    """What the initials index holds: every three neighbouring letters of ``initials`` and the shorter tails."""
    return " ".join(
        dict.fromkeys(run[place : place + 3] for run in letters.split() for place in range(len(run)) if run.isalpha())
    )


def initials_expression(letters: str) -> str:
    """The full-text expression for typed initials (a–z): trigrams exactly, one or two letters by their beginning."""
    if len(letters) < 3:
        return f'"{letters}"*'
    return " AND ".join(dict.fromkeys(f'"{letters[place : place + 3]}"' for place in range(len(letters) - 2)))
