"""How far what was read is from what is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from edge.domain.reading_errors import distance, distances


def plain(text: str) -> str:
    """Without blanks, in one width, with one kind of dash and dot: what a person would call the same."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).translate(str.maketrans({"—": "-", "–": "-", "•": "·", "・": "·", "∙": "·"}))


def errors(truth: Sequence[str], read: Sequence[str]) -> int:
    """Edit distance between all that is printed and all that was read, line breaks not counted."""
    a, b = plain("".join(truth)), plain("".join(read))
    return distance(a, b)


def lost(line: str, read: Sequence[str]) -> int:
    """Edit distance between ``line`` and the piece of what was read that is most like it."""
    a, b = plain(line), plain("".join(read))
    return min(distances(a, b, [0] * (len(b) + 1)))
