"""A measurement: a named value with unit and limits, checked where it is taken and kept for the report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Measurement:
    name: str
    value: float
    unit: str
    low: float | None
    high: float | None
    ok: bool


@dataclass(slots=True)
class Measurements:
    """What one test measured, in order."""

    taken: list[Measurement] = field(default_factory=list)

    def check(self, name: str, value: float, unit: str, low: float | None = None, high: float | None = None) -> None:
        """Record; AssertionError when outside ``low``..``high`` (both inclusive, None = open)."""
        ok = (low is None or value >= low) and (high is None or value <= high)
        self.taken.append(Measurement(name, value, unit, low, high, ok))
        limits = f"{'' if low is None else low} .. {'' if high is None else high}"
        assert ok, f"{name} = {value} {unit}, allowed {limits} {unit}"

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(measurement) for measurement in self.taken]
