"""Each finished day's climate by the hour goes into the trace, and so to the centre; what was missed is made up."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from edge.domain.climate_day import ACTION, bounds_ms, day_of
from edge.domain.protections import band
from edge.store import climate_days
from edge.store.database import NODE, Change
from edge.workflows.room import Room

AFTER_MIDNIGHT_MS = 10 * 60_000  # the day's last readings have come by then
MADE_UP_DAYS = 31


class ClimateLog:
    """``step`` once a minute, in one background loop."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._told = climate_days.told(room.database)

    def step(self) -> None:
        room = self._room
        zone = ZoneInfo(room.zone)
        newest = day_of(room.clock.utc_ms() - AFTER_MIDNIGHT_MS, zone) - timedelta(1)
        oldest = newest - timedelta(MADE_UP_DAYS - 1)
        day = oldest if self._told is None else max(oldest, self._told + timedelta(1))
        while day <= newest:
            self._tell(day, zone)
            self._told = day
            day += timedelta(1)

    def _tell(self, day: date, zone: ZoneInfo) -> None:
        room = self._room
        places = room.readings.by_hour(*bounds_ms(day, zone))
        limits = room.alarms.limits().values()

        def tell(change: Change) -> None:
            for one in places:
                change.event(ACTION, subject=NODE, actor=NODE, body=one.as_body(band(limits, one.measurand)))
            climate_days.keep_told(change, day)

        room.database.write(tell, telemetry=not places)
