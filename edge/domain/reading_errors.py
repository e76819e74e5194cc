"""How far a reading is from what really stands there."""

from __future__ import annotations

from collections.abc import Iterable


def distance(read: str, written: str) -> int:
    """Signs to be exchanged, put in or left out, least."""
    row = list(range(len(written) + 1))
    for at, sign in enumerate(read, 1):
        before, row[0] = row[0], at
        for to, wanted in enumerate(written, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (sign != wanted))
    return row[-1]


def error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Over (read, written): errors for each sign that is written; 0.0 where nothing is."""
    errors = signs = 0
    for read, written in pairs:
        errors += distance(read, written)
        signs += len(written)
    return errors / signs if signs else 0.0
