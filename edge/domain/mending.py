"""A doubtful line helped by what is known (R225): numbers in this bay, the grammar of archive numbers, the site's
words, and which signs are taken for which.

Only signs that look alike are exchanged, and only where one known thing fits; a digit never becomes another digit.
Nothing is put in but the 〇 of a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from edge.domain import archive_numbers, han_years

Why = Literal["", "number", "word", "year"]

# signs that readers take for one another; the first stands for all
LOOK_ALIKE = (
    *("0OoQ〇○Ｏ", "1lI|丨Ⅰ", "2Zz", "5Ss", "8B", "6G", "-—–−一~～―", "·.•・,，。、"),
    *("已己巳", "未末", "土士", "日曰", "人入", "千干于", "戊戌戍", "天夫", "贷货", "候侯", "令今", "刀力", "治冶"),
    *("准淮", "间问", "拔拨", "折拆", "析柝", "栗粟", "市巿", "密蜜", "陈阵", "住往", "埋理", "渗滲", "帐账"),
    *("园圆", "漏漓滴", "缮倦", "坏环", "堤提", "历厉", "处外", "办为", "务条", "报极", "材村", "岸崖", "项顶"),
    *("竣峻", "验检"),
)
SHORTEST_WORD = 3
_RUN = re.compile(r"[0-9A-Za-z〇○Ｏ|·.•・,，~～—–−―-]{6,}")
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Known:
    """What may stand on a page. Built once for a page by ``known``."""

    numbers: Mapping[str, frozenset[str]]
    words: Mapping[int, Mapping[str, frozenset[str]]]  # length → skeleton → words
    alike: Mapping[str, str]
    this_year: int
    keys: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Mended:
    """``why`` "" where nothing was mended."""

    text: str
    why: Why


def learned(corrections: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of single signs that people exchanged twice or more often: (read, written); never two digits."""
    times: dict[tuple[str, str], int] = {}
    for read, written in corrections:
        if len(read) != len(written):
            continue
        for one, other in zip(read, written, strict=True):
            if one != other and not (one in _DIGITS and other in _DIGITS) and not one.isspace() and not other.isspace():
                times[(one, other)] = times.get((one, other), 0) + 1
    return [pair for pair, count in times.items() if count >= 2]


def alike(pairs: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Sign → the one that stands for all it is taken for. Learned pairs never bring two digits together."""
    stands = {sign: group[0] for group in LOOK_ALIKE for sign in group}
    for one, other in pairs:
        first, second = stands.get(one, one), stands.get(other, other)
        if first == second or (first in _DIGITS and second in _DIGITS):
            continue
        keep, gone = (second, first) if second in _DIGITS else (first, second)
        stands |= {sign: keep for sign, at in stands.items() if at == gone} | {one: keep, other: keep, gone: keep}
    return stands


def known(numbers: Iterable[str], words: Iterable[str], table: Mapping[str, str], this_year: int) -> Known:
    by_skeleton: dict[str, set[str]] = {}
    keys = set()
    for number in numbers:
        by_skeleton.setdefault(_joined(_skeleton(number, table)), set()).add(number)
        keys.add(archive_numbers.key_of(number))
    by_length: dict[int, dict[str, set[str]]] = {}
    for word in words:
        if len(word) >= SHORTEST_WORD:
            by_length.setdefault(len(word), {}).setdefault(_skeleton(word, table), set()).add(word)
    return Known(
        {skeleton: frozenset(found) for skeleton, found in by_skeleton.items()},
        {
            length: {skeleton: frozenset(found) for skeleton, found in of.items()}
            for length, of in sorted(by_length.items(), reverse=True)
        },
        table,
        this_year,
        frozenset(keys),
    )


def mend(text: str, of: Known) -> Mended:
    """The numbers and words in ``text`` that are known but for signs that look alike, written as they are known; years
    with their 〇.
    """
    dated = han_years.whole(text, of.this_year)
    numbered = _RUN.sub(lambda run: _number(run[0], of), dated)
    worded = _words(numbered, of)
    why: Why = "number" if numbered != dated else "word" if worded != numbered else "year" if dated != text else ""
    return Mended(worded, why)


def _number(run: str, of: Known) -> str:
    if archive_numbers.key_of(run) in of.keys:
        return run  # one that is known, however it is written
    fits = of.numbers.get(_joined(_skeleton(run, of.alike)), frozenset())
    return next(iter(fits)) if len(fits) == 1 else run


def _words(text: str, of: Known) -> str:
    """Longer words first; a word that stands there already is left alone, and so are its signs."""
    signs = list(text)
    settled = [False] * len(signs)
    for length, by_skeleton in of.words.items():
        for start in range(len(signs) - length + 1):
            if any(settled[start : start + length]):
                continue
            here = "".join(signs[start : start + length])
            fits = by_skeleton.get(_skeleton(here, of.alike), frozenset())
            word = here if here in fits else next(iter(fits)) if len(fits) == 1 else ""
            if word:
                signs[start : start + length] = word
                settled[start : start + length] = [True] * length
    return "".join(signs)


def _joined(skeleton: str) -> str:
    """Of a number: its dots are the first thing a bad print turns into dashes."""
    return skeleton.replace("·", "-")


def _skeleton(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(sign, sign) for sign in text)
