"""Readings of the air and their quality: every value has an age, and a rule that meets a stale value says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measurand = Literal["temp_cc", "rh_cpct", "lux", "leak"]
Quality = Literal["good", "stale", "bad"]

MEASURANDS: tuple[Measurand, ...] = ("temp_cc", "rh_cpct", "lux", "leak")

# Sensors are not polled while carriages move, so a value may age through a move before it counts as stale.
STALE_AFTER_MS = 60_000

# What the sensors can measure at all (SHT31: −40..125 °C, 0..100 %RH; BH1750: 1..65535 lx); outside = broken.
POSSIBLE: dict[Measurand, tuple[int, int]] = {
    "temp_cc": (-4000, 12500),
    "rh_cpct": (0, 10000),
    "lux": (0, 65535),
    "leak": (0, 1),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """``value`` in the measurand's integer unit: 0.01 °C, 0.01 %RH, lux, 1 = wet."""

    place: str
    measurand: Measurand
    value: int
    utc_ms: int


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of one measurand: least, mean and greatest value of ``count`` readings."""

    start_ms: int
    least: int
    mean: int
    greatest: int
    count: int


def possible(measurand: Measurand, value: int | None) -> int | None:
    """``value``, or None where no working sensor can say it."""
    low, high = POSSIBLE[measurand]
    return value if value is not None and low <= value <= high else None


def quality(value: int | None, age_ms: int | None) -> Quality:
    if age_ms is None or age_ms > STALE_AFTER_MS:
        return "stale"
    return "bad" if value is None else "good"
