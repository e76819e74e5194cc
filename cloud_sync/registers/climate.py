"""The register of climate 温湿度登记簿: each place by the day as the rooms told it; what was not told shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pydantic import ValidationError

from cloud_sync.contract import CLIMATE_LATE_DAYS, ClimateDay
from cloud_sync.registers.period import Period
from cloud_sync.store.happenings import Happenings
from edge.domain.climate_day import ACTION, HOUR_MS, Hour, bounds_ms, day_of, summary

DAY_MS = 24 * HOUR_MS
FIGURES = ("day", "temp_least", "temp_mean", "temp_greatest", "rh_least", "rh_mean", "rh_greatest")
OF_A_DAY = (*FIGURES, "hours", "gaps", "beyond")
COLUMNS = ("room", "place", *OF_A_DAY)
NO_FIGURES = ("", "", "")

Say = Callable[[str], str]
"""A word of ``register.climate``."""


@dataclass(frozen=True, slots=True)
class Place:
    """``days``: measurand → the day's ``from_ms`` → that day."""

    node: str
    name: str
    days: dict[str, dict[int, ClimateDay]] = field(default_factory=lambda: {"temp_cc": {}, "rh_cpct": {}})


@dataclass(frozen=True, slots=True)
class Day:
    """A finished day of one place. ``temp``, ``rh`` None: the room told nothing of it."""

    day: date
    from_ms: int
    to_ms: int
    temp: ClimateDay | None
    rh: ClimateDay | None

    @property
    def both(self) -> list[ClimateDay]:
        return [one for one in (self.temp, self.rh) if one is not None]

    @property
    def whole_h(self) -> int:
        """23 or 25 where clocks change."""
        return round((self.to_ms - self.from_ms) / HOUR_MS)

    @property
    def missing(self) -> list[int]:
        """Hours of which temperature or humidity has no reading."""
        known = [{hour[0] for hour in one.hours} if one is not None else set() for one in (self.temp, self.rh)]
        return [no for no in range(self.whole_h) if not all(no in hours for hours in known)]

    @property
    def recorded(self) -> bool:
        return any(one.hours for one in self.both)


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


def days(place: Place, period: Period, now_ms: int) -> Iterator[Day]:
    """Every finished day of the period, told or not."""
    by_day = {
        measurand: {day_of(one.from_ms, period.zone): one for one in told.values()}
        for measurand, told in place.days.items()
    }
    last = min(period.last, day_of(now_ms, period.zone) - timedelta(1))
    for number in range((last - period.first).days + 1):
        day = period.first + timedelta(number)
        temp, rh = (by_day[measurand].get(day) for measurand in ("temp_cc", "rh_cpct"))
        told = temp or rh
        yield Day(day, *((told.from_ms, told.to_ms) if told else bounds_ms(day, period.zone)), temp, rh)


def lines(
    told: Sequence[Place], rooms: Mapping[str, str], nodes: Sequence[str], period: Period, now_ms: int, say: Say
) -> list[tuple[str, ...]]:
    """A line a place and finished day; one line of a room that never told any."""
    found: list[tuple[str, ...]] = []
    for node in nodes:
        of_room = [place for place in told if place.node == node]
        if not of_room:
            found.append((rooms[node], "—", "", *NO_FIGURES, *NO_FIGURES, say("never"), "", ""))
        for place in of_room:
            found += [(rooms[node], place.name, *line(day, period, say)) for day in days(place, period, now_ms)]
    return found


def line(day: Day, period: Period, say: Say) -> tuple[str, ...]:
    """OF_A_DAY."""
    if not day.recorded:
        return (day.day.isoformat(), *NO_FIGURES, *NO_FIGURES, say("no_record"), "", "")
    crossed = "; ".join(
        f"{say(f'short.{one.measurand}')} {sign}{bound / 100:.1f}: {clock(hours, day, period)}"
        for one in day.both
        for sign, bound, hours in beyond(one)
    )
    hours = f"{day.whole_h - len(day.missing)}/{day.whole_h}"
    return (
        day.day.isoformat(),
        *three(day.temp),
        *three(day.rh),
        hours,
        clock(day.missing, day, period),
        crossed or ("" if any(limited(one) for one in day.both) else say("no_limits")),
    )


def three(day: ClimateDay | None) -> tuple[str, ...]:
    """Least, mean and greatest of the day."""
    found = summary(Hour(*hour) for hour in day.hours) if day is not None else None
    if found is None:
        return NO_FIGURES
    return tuple(f"{value / 100:.1f}" for value in (found.least, found.mean, found.greatest))


def limited(day: ClimateDay) -> bool:
    return (day.low, day.high) != (None, None)


def beyond(day: ClimateDay) -> Iterator[tuple[str, int, list[int]]]:
    """(sign, bound, hours with a reading beyond it) of each limit that was crossed."""
    if day.high is not None and (
        hours := [no for no, _least, _mean, greatest, _min in day.hours if greatest > day.high]
    ):
        yield ">", day.high, hours
    if day.low is not None and (hours := [no for no, least, _mean, _greatest, _min in day.hours if least < day.low]):
        yield "<", day.low, hours


def clock(hours: Iterable[int], day: Day, period: Period) -> str:
    """Hours of the day as its clock shows them: 3, 4, 5 and 22 are ``3–6, 22–23``."""
    spans: list[list[int]] = []
    for no in hours:
        if spans and spans[-1][1] == no:
            spans[-1][1] = no + 1
        else:
            spans.append([no, no + 1])
    return ", ".join(f"{o_clock(begin, day, period)}–{o_clock(end, day, period) or 24}" for begin, end in spans)


def o_clock(no: int, day: Day, period: Period) -> int:
    return datetime.fromtimestamp(day.from_ms / 1000 + no * 3600, UTC).astimezone(period.zone).hour
