"""How far a reading is from what really stands there."""

from __future__ import annotations

from collections.abc import Iterable


def distances(read: str, written: str, begin: list[int]) -> list[int]:
    """``begin``: what it costs to begin at each place of ``written``; → what all of ``read`` costs that ends there.

    A sign exchanged, put in or left out costs one.
    """
    row = begin
    for at, sign in enumerate(read, 1):
        before, row = row, [at]
        for to, wanted in enumerate(written, 1):
            row.append(min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (sign != wanted)))
    return row


def distance(read: str, written: str) -> int:
    """Of the whole of one to the whole of the other."""
    return distances(read, written, list(range(len(written) + 1)))[-1]


def error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Over (read, written): errors for each sign that is written; 0.0 where nothing is."""
    errors = signs = 0
    for read, written in pairs:
        errors += distance(read, written)
        signs += len(written)
    return errors / signs if signs else 0.0
