"""Runs of numbers: which are missing, which comes next, and how a provisional run is numbered anew.

A number that was voided or sealed stands for ever, so a new run goes around it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def gaps(numbers: Iterable[int], first: int = 1) -> list[tuple[int, int]]:
    """Ranges, both ends included, missing between ``first`` and the highest of ``numbers``."""
    missing, expected = [], first
    for number in sorted(set(numbers)):
        if number > expected:
            missing.append((expected, number - 1))
        expected = max(expected, number + 1)
    return missing


def following(used: Iterable[int], last_no: int) -> int:
    """The next free number above everything ever given."""
    return max(max(used, default=0), last_no) + 1


def renumbered(wanted: Sequence[str], standing: Collection[int]) -> dict[str, int]:
    """``wanted``: ids in the order that is wanted → their numbers from 1, those of ``standing`` left out."""
    taken = set(standing)
    numbers: dict[str, int] = {}
    no = 0
    for one in wanted:
        no += 1
        while no in taken:
            no += 1
        numbers[one] = no
    return numbers
