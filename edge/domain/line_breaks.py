"""Where a line of mixed Chinese and Latin text may end: between hanzi, between words, never before a closing mark."""

from __future__ import annotations

import re
from collections.abc import Callable

Measure = Callable[[str], float]

# A run that stays together: Latin letters, digits and the joiners of archive numbers; else each character is its own.
_PIECES = re.compile(r"[0-9A-Za-z\u00c0-\u024f.,:;'%/_~+*&@#·-]+|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。、；：？！）〕】》〉」』”’…—·,.;:?!)]}%")
_NEVER_LAST = frozenset("（〔【《〈「『“‘([{")


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """``text`` in lines no wider than ``width``, in the unit of ``measure``; at least one line.

    Line breaks in ``text`` count as blanks. A run too long for a line is cut where it must be; a character wider than
    the line stands alone.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _pieces(text):
        wide = measure(piece)
        if line and used + wide > width:
            kept, carried = _carry(line.rstrip(), piece)
            lines.append(kept)
            line, used = carried, measure(carried) if carried else 0.0
            piece = piece if line else piece.lstrip()
            wide = measure(piece) if piece else 0.0
        if used + wide > width and len(piece) > 1:
            *whole, piece = _cut(piece, width - used, width, measure)
            for part in whole:
                lines.append(line + part)
                line, used = "", 0.0
            wide = measure(piece)
        line, used = line + piece, used + wide
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    found = _PIECES.findall(" ".join(text.split()))
    return [" " if piece.isspace() else piece for piece in found]


def _carry(line: str, following: str) -> tuple[str, str]:
    """What stays on the line, and what goes down with ``following`` so that no mark stands where it must not."""
    if line[-1:] in _NEVER_LAST and len(line) > 1:
        return line[:-1], line[-1]
    if following[:1] in _NEVER_FIRST and len(line) > 1 and not line[-1].isascii():
        return line[:-1], line[-1]
    return line, ""


def _cut(piece: str, first: float, width: float, measure: Measure) -> list[str]:
    """``piece`` in parts, cut behind a dash where there is one: the first in what is left, the others a line each."""
    parts, part, used, room = [], "", 0.0, first
    for character in piece:
        wide = measure(character)
        if part and used + wide > room:
            dash = part.rfind("-") + 1 or len(part)
            parts.append(part[:dash])
            part, room = part[dash:], width
            used = measure(part) if part else 0.0
        part, used = part + character, used + wide
    return [*parts, part]
