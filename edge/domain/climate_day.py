"""A day of one place's climate by the hour, as the room tells it to the centre: the 温湿度记录 in figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from edge.domain.climate import Measurand
from edge.domain.protections import Band

HOUR_MS = 3_600_000
MEASURANDS: tuple[Measurand, ...] = ("temp_cc", "rh_cpct")
ACTION = "climate.day"


@dataclass(frozen=True, slots=True)
class Hour:
    """``no``: from the day's midnight; ``mean`` of all readings; ``minutes``: how many of the sixty have one."""

    no: int
    least: int
    mean: int
    greatest: int
    minutes: int


@dataclass(frozen=True, slots=True)
class PlaceDay:
    """``from_ms`` until ``to_ms`` is the room's own day: 23 or 25 hours where clocks change."""

    place: str
    measurand: Measurand
    from_ms: int
    to_ms: int
    hours: tuple[Hour, ...]

    def as_body(self, limits: Band) -> dict[str, Any]:
        """What leaves the room: an hour without a reading is not there."""
        told = [[one.no, one.least, one.mean, one.greatest, one.minutes] for one in self.hours]
        return {
            "place": self.place,
            "measurand": self.measurand,
            "from_ms": self.from_ms,
            "to_ms": self.to_ms,
            "low": limits.low,
            "high": limits.high,
            "hours": told,
        }


def bounds_ms(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The day's midnight and the next one's."""
    begin, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(1)))
    return int(begin.timestamp() * 1000), int(end.timestamp() * 1000)


def day_of(utc_ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(zone).date()


def summary(hours: Iterable[Hour]) -> Hour | None:
    """The whole day as one: its least, its mean by minutes, its greatest. None: no reading."""
    known = list(hours)
    if not known:
        return None
    minutes = sum(one.minutes for one in known)
    mean = round(sum(one.mean * one.minutes for one in known) / minutes)
    return Hour(0, min(one.least for one in known), mean, max(one.greatest for one in known), minutes)
