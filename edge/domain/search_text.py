"""The search normaliser: the same text in the index, in a query and at the centre.

NFKC, lower case, Latin letters without accents, Traditional to Simplified character by character: a piece of a text
always becomes a piece of what the text becomes. Each Han run becomes its bigrams and its single characters; Latin words
and digits stay whole. An index of them without positions finds candidates; ``matches`` then decides on the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from opencc import OpenCC

TRADITIONAL_SHARE = 0.1  # a Traditional text has some 0.3, a Simplified one next to nothing

_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{_HAN}]+|[a-z0-9]+")
HAN = re.compile(rf"[{_HAN}]")
_WORD = re.compile(r"[a-z0-9]")
_LATIN_WITH_MARK = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")

# What most texts consist of: ASCII, Han, and punctuation that folds character by character.
_PLAIN = re.compile("[\\x00-\\x7f\u00b7\u2014\u2018-\u201d\u2026\u3000-\u3029\u3030-\u303f\u3400-\u9fff\uff01-\uff5e]+")

# Traditional characters that became two Simplified ones, and variants: both writings are one for searching.
_ALSO_ONE = "瞭了著着藉借覆复薴苎苧苎夥伙摺折馀余锺钟濛蒙懞蒙迴回捲卷蘋苹鬱郁徵征麽么於于"


@cache
def _simplified() -> dict[int, str]:
    """Every character whose Simplified form is another one; no value is itself a key."""
    letters = [chr(code) for block in ((0x3400, 0xA000), (0x20000, 0x32000)) for code in range(*block)]
    converted = OpenCC("t2s").convert("\n".join(letters)).split("\n")
    table = {one: other for one, other in zip(letters, converted, strict=True) if one != other and len(other) == 1}
    table |= dict(zip(_ALSO_ONE[::2], _ALSO_ONE[1::2], strict=True))
    return {ord(one): table.get(other, other) for one, other in table.items()}


@cache
def _changes() -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """The plain characters that are compared as others, and what each becomes; a text has few, so it looks each up."""
    plain = (chr(code) for code in range(0x80, 0x10000) if _PLAIN.match(chr(code)))
    table = {one: unicodedata.normalize("NFKC", one).lower().translate(_simplified()) for one in plain}
    table = {one: other for one, other in table.items() if one != other}
    return re.compile(f"[{''.join(table)}]"), lambda match: table[match[0]]


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def traditional(text: str) -> str:
    """``text`` in Traditional characters, each the usual one."""
    return str(_to_traditional().convert(text))


def is_traditional(text: str) -> bool:
    """Whether enough of its Han characters are written otherwise in Simplified; a single one may be a name."""
    han = HAN.findall(text)
    return sum(ord(sign) in _simplified() for sign in han) >= max(3, TRADITIONAL_SHARE * len(han))


def normalise(text: str) -> str:
    """``text`` as it is compared; blanks and punctuation stay."""
    if text.isascii():
        return text.lower()
    if _PLAIN.fullmatch(text):
        changing, changed = _changes()
        return changing.sub(changed, text.lower())
    folded = unicodedata.normalize("NFKC", text).lower()
    if _LATIN_WITH_MARK.search(folded):
        folded = _LATIN_WITH_MARK.sub(lambda mark: unicodedata.normalize("NFD", mark.group())[0], folded)
    return folded.translate(_simplified())


@cache
def _writings() -> dict[str, str]:
    """Every character that others are compared as, and those others."""
    found: dict[str, str] = {}
    for one, other in ((chr(one), other) for one, other in _simplified().items()):
        found[other] = found.get(other, "") + one
    return found


def as_written(run: str) -> list[str]:
    """For each character of a normalised Han run, the expression for what may stand for it in a text that is plain."""
    others = _writings()
    return [f"[{sign}{others[sign]}]" if sign in others else re.escape(sign) for sign in run]


def is_plain(text: str) -> bool:
    """Whether each of its characters is compared by itself."""
    return _PLAIN.fullmatch(text) is not None


def is_han(run: str) -> bool:
    return HAN.match(run) is not None


def index_tokens(text: str) -> str:
    """What the word index holds for ``text``: tokens joined by blanks."""
    tokens: dict[str, None] = {}
    for run in RUN.findall(normalise(text)):
        if is_han(run):
            tokens.update(dict.fromkeys(run[place : place + 2] for place in range(len(run) - 1)))
            tokens.update(dict.fromkeys(run))
        else:
            tokens[run] = None
    return " ".join(tokens)


def query_runs(query: str) -> list[str]:
    """The Han runs and Latin words of ``query`` that a record must all have."""
    return RUN.findall(normalise(query))


def match_expression(runs: list[str]) -> str:
    """The full-text expression for all ``runs``: Latin words by their beginning, all else exactly."""
    tokens: dict[str, None] = {}
    for run in runs:
        if is_han(run):
            tokens.update(dict.fromkeys(pieces(run)))
        else:
            tokens[f'"{run}"' if is_whole_number(run) else f'"{run}"*'] = None
    return " AND ".join(tokens)


def pieces(run: str) -> list[str]:
    """The bigrams of a Han run as terms of an expression; a single character is its own."""
    return [f'"{run[place : place + 2]}"' for place in range(max(1, len(run) - 1))] if run else []


def is_whole_number(run: str) -> bool:
    """Years and serial numbers are meant whole; shorter digits may be a beginning."""
    return run.isdigit() and len(run) > 3


def squeeze(normalised: str) -> str:
    """The runs of a normalised text with single blanks between: what phrases are looked for in."""
    return " ".join(RUN.findall(normalised))


def find_run(normalised: str, run: str, start: int = 0) -> int:
    """Where ``run`` is in a normalised text from ``start`` on, or -1: a Han run anywhere, a word where a word begins.

    Digits that are meant whole must also end there.
    """
    place = normalised.find(run, start)
    if is_han(run):
        return place
    while place >= 0:
        end = place + len(run)
        begins = place == 0 or not _WORD.match(normalised[place - 1])
        if begins and not (is_whole_number(run) and end < len(normalised) and _WORD.match(normalised[end])):
            return place
        place = normalised.find(run, place + 1)
    return -1


def find_phrase(squeezed: str, phrase: str) -> int:
    """Where a squeezed ``phrase`` is in a squeezed text, or -1; Latin words at its ends are whole words."""
    place = squeezed.find(phrase)
    while place >= 0:
        end = place + len(phrase)
        cut_before = place > 0 and _WORD.match(phrase[0]) and _WORD.match(squeezed[place - 1])
        cut_after = end < len(squeezed) and _WORD.match(phrase[-1]) and _WORD.match(squeezed[end])
        if not cut_before and not cut_after:
            return place
        place = squeezed.find(phrase, place + 1)
    return -1
