"""The register of climate 温湿度登记簿: each place by the day as the rooms told it; what was not told shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pydantic import ValidationError

from cloud_sync.contract import CLIMATE_LATE_DAYS, ClimateDay
from cloud_sync.registers.period import Period
from cloud_sync.store.happenings import Happenings
from edge.domain.climate_day import ACTION, HOUR_MS, Hour, day_of, summary

DAY_MS = 24 * HOUR_MS
COLUMNS = (
    *("room", "place", "day", "temp_least", "temp_mean", "temp_greatest"),
    *("rh_least", "rh_mean", "rh_greatest", "hours"),
)
NO_FIGURES = ("", "", "")


@dataclass(frozen=True, slots=True)
class Place:
    """``days``: measurand → the day's ``from_ms`` → that day."""

    node: str
    name: str
    days: dict[str, dict[int, ClimateDay]] = field(default_factory=lambda: {"temp_cc": {}, "rh_cpct": {}})


def places(happenings: Happenings, node: str, period: Period) -> list[Place]:
    """By room and name. A place that told nothing within the period, but shortly before it, is there without days."""
    late_ms = CLIMATE_LATE_DAYS * DAY_MS
    found: dict[tuple[str, str], Place] = {}
    for one in happenings.of(node, ("climate",), period.from_ms - late_ms, period.until_ms + late_ms):
        if one.action != ACTION or one.withheld:
            continue
        try:
            day = ClimateDay.model_validate(one.body)
        except ValidationError:
            continue  # of a node that tells more than this centre understands
        place = found.setdefault((one.node, day.place), Place(one.node, day.place))
        if period.from_ms <= day.from_ms < period.until_ms:
            place.days[day.measurand][day.from_ms] = day
    return [found[key] for key in sorted(found)]


def lines(
    told: Sequence[Place],
    rooms: Mapping[str, str],
    nodes: Sequence[str],
    period: Period,
    now_ms: int,
    words: tuple[str, ...],
) -> list[tuple[str, ...]]:
    """A line a place and finished day. ``words``: of a day without record, of a room that never told any."""
    no_record, never = words
    last = min(period.last, day_of(now_ms, period.zone) - timedelta(1))
    found: list[tuple[str, ...]] = []
    for node in nodes:
        of_room = [place for place in told if place.node == node]
        if not of_room:
            found.append((rooms[node], "—", "", *NO_FIGURES, *NO_FIGURES, never))
        for place in of_room:
            by_day = {
                measurand: {day_of(day.from_ms, period.zone): day for day in days.values()}
                for measurand, days in place.days.items()
            }
            day = period.first
            while day <= last:
                found.append((rooms[node], place.name, day.isoformat(), *_figures(by_day, day, no_record)))
                day += timedelta(1)
    return found


def _figures(by_day: Mapping[str, Mapping[date, ClimateDay]], day: date, no_record: str) -> tuple[str, ...]:
    days = [by_day[measurand].get(day) for measurand in ("temp_cc", "rh_cpct")]
    recorded = [one for one in days if one is not None and one.hours]
    if not recorded:
        return (*NO_FIGURES, *NO_FIGURES, no_record)
    whole = max(round((one.to_ms - one.from_ms) / HOUR_MS) for one in recorded)
    least = min(len(one.hours) if one is not None else 0 for one in days)
    return (*_three(days[0]), *_three(days[1]), f"{least}/{whole}")


def _three(day: ClimateDay | None) -> tuple[str, ...]:
    found = summary(Hour(*hour) for hour in day.hours) if day is not None else None
    if found is None:
        return NO_FIGURES
    return tuple(f"{value / 100:.1f}" for value in (found.least, found.mean, found.greatest))
