"""How far what was read is from what is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def plain(text: str) -> str:
    """Without blanks, in one width, with one kind of dash and dot: what a person would call the same."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).translate(str.maketrans({"—": "-", "–": "-", "•": "·", "・": "·", "∙": "·"}))


def errors(truth: Sequence[str], read: Sequence[str]) -> int:
    """Edit distance between all that is printed and all that was read, line breaks not counted."""
    a, b = plain("".join(truth)), plain("".join(read))
    return _distances(a, b, list(range(len(b) + 1)))[-1]


def lost(line: str, read: Sequence[str]) -> int:
    """Edit distance between ``line`` and the piece of what was read that is most like it."""
    a, b = plain(line), plain("".join(read))
    return min(_distances(a, b, [0] * (len(b) + 1)))


def _distances(a: str, b: str, row: list[int]) -> list[int]:
    """``row``: what it costs to begin at each place of ``b``; → what all of ``a`` costs that ends there."""
    for i, x in enumerate(a, 1):
        before, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y)))
    return row
