"""Climate by the hour as a drawing: a band from least to greatest, the mean as a line, a gap where nothing was told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cloud_sync.contract import ClimateDay
from cloud_sync.registers.climate import Place
from cloud_sync.registers.period import Period
from edge.domain.climate_day import HOUR_MS
from edge.paper.chart import Drawing, Level, Points

WIDTH, HEIGHT, MARGIN = 480, 120, 14
LEAST_SPAN = 200  # hundredths: a quiet room is not drawn as a storm
GRID = 3


@dataclass(frozen=True, slots=True)
class Chart:
    node: str
    place: str
    measurand: str
    drawing: Drawing

    @property
    def band(self) -> str:
        """SVG path."""
        return " ".join(f"{_path(points)}Z" for points in self.drawing.bands)

    @property
    def mean(self) -> str:
        """SVG path."""
        return " ".join(map(_path, self.drawing.curves))


Point = tuple[int, int, int, int]  # utc_ms, least, mean, greatest


def drawn(places: Sequence[Place], period: Period) -> list[Chart]:
    """One a place and measurand that has a figure in the period."""
    return [
        Chart(place.node, place.name, measurand, _drawing(points, _bounds(days.values()), period))
        for place in places
        for measurand, days in place.days.items()
        if (points := sorted(_points(days.values())))
    ]


def _points(days: Iterable[ClimateDay]) -> Iterator[Point]:
    for day in days:
        for no, least, mean, greatest, _minutes in day.hours:
            yield day.from_ms + no * HOUR_MS, least, mean, greatest


def _bounds(days: Iterable[ClimateDay]) -> list[int]:
    """Limits of the newest day that has any."""
    newest = max(
        (day for day in days if (day.low, day.high) != (None, None)), key=lambda day: day.from_ms, default=None
    )
    return [] if newest is None else [bound for bound in (newest.low, newest.high) if bound is not None]


def _drawing(points: list[Point], bounds: list[int], period: Period) -> Drawing:
    low, high = min([*(one[1] for one in points), *bounds]), max([*(one[3] for one in points), *bounds])
    if high - low < LEAST_SPAN:
        low, high = (low + high - LEAST_SPAN) // 2, (low + high + LEAST_SPAN) // 2

    def x(ms: int) -> float:
        return round((ms - period.from_ms) / (period.until_ms - period.from_ms) * WIDTH, 1)

    def y(value: float) -> float:
        return round(HEIGHT - MARGIN / 2 - (value - low) / (high - low) * (HEIGHT - 1.5 * MARGIN), 1)

    bands: list[Points] = []
    curves: list[Points] = []
    for run in _runs(points):
        upper = [(x(end), y(one[3])) for one in run for end in (one[0], one[0] + HOUR_MS)]
        lower = [(x(end), y(one[1])) for one in reversed(run) for end in (one[0] + HOUR_MS, one[0])]
        bands.append((*upper, *lower))
        curves.append(tuple((x(end), y(one[2])) for one in run for end in (one[0], one[0] + HOUR_MS)))
    steps = [low + (high - low) * no / (GRID - 1) for no in range(GRID)]
    return Drawing(
        WIDTH,
        HEIGHT,
        tuple(_level(y, value) for value in steps),
        tuple(_level(y, bound) for bound in bounds),
        tuple(bands),
        tuple(curves),
    )


def _level(y: Callable[[float], float], value: float) -> Level:
    return Level(y(value), f"{value / 100:.1f}")


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


def _path(points: Points) -> str:
    return "M" + " L".join(f"{x},{y}" for x, y in points)
