"""The record of climate 温湿度记录 that is signed each month: a part a place, its days, its drawings, its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloud_sync.contract import ClimateDay
from cloud_sync.registers import climate_chart
from cloud_sync.registers.climate import NO_FIGURES, OF_A_DAY, Day, Place, beyond, days, limited, line
from cloud_sync.registers.handed_out import MOST_PRINTED
from cloud_sync.registers.period import Period
from cloud_sync.registers.table import WORDS, headings
from edge.domain.climate_day import Hour, summary
from edge.errors import InputRefused
from edge.paper.document import Printed
from edge.paper.register import Column, Part, register
from edge.words import say

_SHARES = {"day": 11, "hours": 10, "gaps": 20, "beyond": 38}
_USUAL_SHARE = 8


def paper(told: Sequence[Place], rooms: Mapping[str, str], period: Period, language: str, now_ms: int) -> Printed:
    """A4 landscape. InputRefused ``register_too_long``: a shorter period, one room, or the sheet."""

    def word(name: str) -> str:
        return say(language, f"register.climate.{name}", WORDS)

    parts: list[Part] = []
    for node, room in rooms.items():
        of_room = [place for place in told if place.node == node]
        if not of_room:
            parts.append(Part(room, [("—", *NO_FIGURES, *NO_FIGURES, word("never"), "", "")]))
        for place in of_room:
            found = list(days(place, period, now_ms))
            charts = climate_chart.drawn([place], period)
            drawings = [(word(chart.measurand), chart.drawing) for chart in charts]
            rows = [line(day, period, word) for day in found]
            parts.append(Part(_head(room, place, period, found, language), rows, drawings))
    if sum(len(part.rows) for part in parts) > MOST_PRINTED:
        raise InputRefused("register_too_long", "choose_shorter_period", most=MOST_PRINTED)
    columns = [
        Column(heading, _SHARES.get(name, _USUAL_SHARE), centred=name not in ("gaps", "beyond"))
        for name, heading in zip(OF_A_DAY, headings(OF_A_DAY, language), strict=True)
    ]
    return register(word("record"), columns, parts, language, now_ms, [word("signed")])


def _head(room: str, place: Place, period: Period, found: Sequence[Day], language: str) -> str:
    """Room, place, period; each measurand's least, mean, greatest and limits in it; what is missing."""
    parts = [f"{room} · {place.name} · {period.first} – {period.last}"]
    parts += [_whole(measurand, sorted(told.items()), language) for measurand, told in place.days.items() if told]
    silent = sum(not day.recorded for day in found)
    missing = sum(len(day.missing) for day in found if day.recorded)
    crossed = len(
        {(day.from_ms, no) for day in found for one in day.both for _s, _b, hours in beyond(one) for no in hours}
    )
    parts.append(say(language, "register.climate.sum", WORDS, days=silent, missing=missing, beyond=crossed))
    return " · ".join(parts)


def _whole(measurand: str, told: Sequence[tuple[int, ClimateDay]], language: str) -> str:
    of_all = summary(Hour(*hour) for _from_ms, day in told for hour in day.hours)
    figures = "–" if of_all is None else "/".join(_tenths(one) for one in (of_all.least, of_all.mean, of_all.greatest))
    bands = dict.fromkeys((day.low, day.high) for _from_ms, day in told if limited(day))
    limits = ", ".join(f"{_tenths(low)}–{_tenths(high)}" for low, high in bands)
    words = f"{say(language, f'register.climate.{measurand}', WORDS)} {figures}"
    return f"{words} ({say(language, 'register.climate.limits', WORDS)} {limits})" if limits else words


def _tenths(value: int | None) -> str:
    return "" if value is None else f"{value / 100:.1f}"
