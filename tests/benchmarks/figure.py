"""One figure with its unit and the clock it was taken by; nothing here is ever asserted."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Clock = Literal["wall", "cpu", "virtual", "count"]


@dataclass(frozen=True, slots=True)
class Figure:
    """``clock``: wall = this machine's, shared with whatever else ran; cpu = what the thread itself took of it;
    virtual = lock-step; count = no clock at all."""

    name: str
    value: float
    unit: str
    clock: Clock = "wall"
    n: int = 1
    note: str = ""


def spread(name: str, values: Sequence[float], unit: str, clock: Clock = "wall", note: str = "") -> list[Figure]:
    """Median and greatest of what was measured ``len(values)`` times."""
    if not values:
        return [missed(name, unit, "nothing was measured")]
    return [
        Figure(f"{name}, median", round(statistics.median(values), 1), unit, clock, len(values), note),
        Figure(f"{name}, max", round(max(values), 1), unit, clock, len(values), note),
    ]


def tail(name: str, values: Sequence[float], unit: str, clock: Clock = "wall", note: str = "") -> list[Figure]:
    """p50, p99 and the greatest; under 100 values p99 is no more than the greatest, and the note says so."""
    if len(values) < 2:
        return [missed(name, unit, "nothing was measured")]
    p50, _p95, p99 = cuts(values)
    few = "" if len(values) >= 100 else f"of {len(values)} only: p99 wants 100"
    note = "; ".join(part for part in (few, note) if part)
    figures = (("p50", p50), ("p99", p99), ("max", round(max(values), 1)))
    return [Figure(f"{name}, {which}", value, unit, clock, len(values), note) for which, value in figures]


def missed(name: str, unit: str, why: str) -> Figure:
    """A figure that could not be taken on this machine."""
    return Figure(name, float("nan"), unit, n=0, note=why)


def cuts(values: Sequence[float]) -> list[float]:
    """p50, p95 and p99, none beyond the greatest value."""
    hundredths = statistics.quantiles(values, n=100, method="inclusive")
    return [round(hundredths[percent - 1], 1) for percent in (50, 95, 99)]


def told(values: Sequence[float]) -> str:
    return "/".join(f"{value:.1f}" for value in cuts(values))
