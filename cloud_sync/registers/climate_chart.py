"""Climate by the hour as a drawing: a band from least to greatest, the mean as a line, a gap where nothing was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cloud_sync.contract import ClimateDay
from cloud_sync.registers.climate import Place
from cloud_sync.registers.period import Period
from edge.domain.climate_day import HOUR_MS

WIDTH, HEIGHT, MARGIN = 480, 120, 14
LEAST_SPAN = 200  # hundredths: a quiet room is not drawn as a storm
GRID = 3


@dataclass(frozen=True, slots=True)
class Line:
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``band`` and ``mean``: SVG paths within ``width`` × ``height``."""

    node: str
    place: str
    measurand: str
    width: int
    height: int
    lines: tuple[Line, ...]
    band: str
    mean: str


Point = tuple[int, int, int, int]  # utc_ms, least, mean, greatest


def drawn(places: Sequence[Place], period: Period) -> list[Chart]:
    """One a place and measurand that has a figure in the period."""
    return [
        _chart(place, measurand, points, period)
        for place in places
        for measurand, days in place.days.items()
        if (points := sorted(_points(days.values())))
    ]


def _points(days: Iterable[ClimateDay]) -> Iterator[Point]:
    for day in days:
        for no, least, mean, greatest, _minutes in day.hours:
            yield day.from_ms + no * HOUR_MS, least, mean, greatest


def _chart(place: Place, measurand: str, points: list[Point], period: Period) -> Chart:
    low, high = min(one[1] for one in points), max(one[3] for one in points)
    if high - low < LEAST_SPAN:
        low, high = (low + high - LEAST_SPAN) // 2, (low + high + LEAST_SPAN) // 2

    def x(ms: int) -> float:
        return round((ms - period.from_ms) / (period.until_ms - period.from_ms) * WIDTH, 1)

    def y(value: float) -> float:
        return round(HEIGHT - MARGIN / 2 - (value - low) / (high - low) * (HEIGHT - 1.5 * MARGIN), 1)

    band, mean = [], []
    for run in _runs(points):
        upper = [f"{x(end)},{y(one[3])}" for one in run for end in (one[0], one[0] + HOUR_MS)]
        lower = [f"{x(end)},{y(one[1])}" for one in reversed(run) for end in (one[0] + HOUR_MS, one[0])]
        band.append(f"M{' L'.join([*upper, *lower])}Z")
        mean.append("M" + " L".join(f"{x(end)},{y(one[2])}" for one in run for end in (one[0], one[0] + HOUR_MS)))
    steps = [low + (high - low) * no / (GRID - 1) for no in range(GRID)]
    lines = tuple(Line(y(value), f"{value / 100:.1f}") for value in steps)
    return Chart(place.node, place.name, measurand, WIDTH, HEIGHT, lines, " ".join(band), " ".join(mean))


def _runs(points: list[Point]) -> Iterator[list[Point]]:
    """Hours that follow one another."""
    run: list[Point] = []
    for point in points:
        if run and point[0] != run[-1][0] + HOUR_MS:
            yield run
            run = []
        run.append(point)
    if run:
        yield run
