"""The air of the room: temperature and humidity that drift to a set value or replay a recorded climate.

Deterministic: the small wander is two slow sines, not noise from a random generator.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

DRIFT_S = 20.0  # time constant; a real room takes hours, a person at the bench would not wait


@dataclass(slots=True)
class Spot:
    """The air at one sensor board."""

    place: str
    temp_offset_c: float
    rh_offset_pct: float
    wet: bool = False
    silent: bool = False


@dataclass(slots=True)
class Air:
    """``series``: rows of (seconds, degC, %RH), replayed in a loop, step-interpolated, until a value is set by hand."""

    spots: dict[int, Spot]
    temp_c: float = 20.0
    rh_pct: float = 50.0
    lux: float = 30.0
    set_temp_c: float = 20.0
    set_rh_pct: float = 50.0
    series: Sequence[tuple[float, float, float]] = field(default_factory=tuple)
    time_s: float = 0.0

    @classmethod
    def of(cls, places: dict[int, str]) -> Air:
        spots = {}
        for number, (address, place) in enumerate(sorted(places.items())):
            spots[address] = Spot(place, temp_offset_c=0.3 * number, rh_offset_pct=-1.5 * number)
        return cls(spots)

    def set_humidity(self, rh_pct: float) -> None:
        self.series = ()
        self.set_rh_pct = rh_pct

    def set_temperature(self, temp_c: float) -> None:
        self.series = ()
        self.set_temp_c = temp_c

    def at(self, address: int) -> tuple[float, float]:
        """(degC, %RH) at one board now."""
        spot = self.spots[address]
        wander = math.sin(self.time_s / 97.0 + address) + 0.5 * math.sin(self.time_s / 31.0)
        temp_c = self.temp_c + spot.temp_offset_c + 0.05 * wander
        return temp_c, min(100.0, max(0.0, self.rh_pct + spot.rh_offset_pct + 0.2 * wander))

    def advance(self, dt_s: float) -> None:
        self.time_s += dt_s
        if self.series:
            self._replay()
        part = 1.0 - math.exp(-dt_s / DRIFT_S)
        self.temp_c += (self.set_temp_c - self.temp_c) * part
        self.rh_pct += (self.set_rh_pct - self.rh_pct) * part

    def _replay(self) -> None:
        at_s = self.time_s % self.series[-1][0] if self.series[-1][0] > 0 else 0.0
        row = self.series[max(0, bisect_right(self.series, at_s, key=lambda row: row[0]) - 1)]
        self.set_temp_c, self.set_rh_pct = row[1], row[2]
