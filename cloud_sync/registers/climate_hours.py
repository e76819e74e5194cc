"""The sheet of climate by the hour: every hour of every finished day, told or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cloud_sync.contract import ClimateDay
from cloud_sync.registers.climate import Place, days, o_clock
from cloud_sync.registers.period import Period

COLUMNS = (
    *("room", "place", "day", "hour"),
    *("temp_least", "temp_mean", "temp_greatest", "temp_minutes", "temp_low", "temp_high"),
    *("rh_least", "rh_mean", "rh_greatest", "rh_minutes", "rh_low", "rh_high"),
)


def lines(told: Sequence[Place], rooms: Mapping[str, str], period: Period, now_ms: int) -> Iterator[tuple[str, ...]]:
    """COLUMNS; an hour without a reading has no figures and 0 minutes."""
    for place in told:
        for day in days(place, period, now_ms):
            hours = [{hour[0]: hour for hour in one.hours} if one else {} for one in (day.temp, day.rh)]
            for no in range(day.whole_h):
                temp, rh = (_figures(by_no.get(no), of) for by_no, of in zip(hours, (day.temp, day.rh), strict=True))
                yield (
                    rooms[place.node],
                    place.name,
                    day.day.isoformat(),
                    f"{o_clock(no, day, period):02}:00",
                    *temp,
                    *rh,
                )


def _figures(hour: tuple[int, int, int, int, int] | None, day: ClimateDay | None) -> tuple[str, ...]:
    figures = ("", "", "", "0") if hour is None else (*(f"{value / 100:.2f}" for value in hour[1:4]), str(hour[4]))
    limits = (
        ("", "") if day is None else ("" if bound is None else f"{bound / 100:.2f}" for bound in (day.low, day.high))
    )
    return (*figures, *limits)
