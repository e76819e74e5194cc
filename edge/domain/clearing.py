"""Why an aisle counts as occupied now, and what a person does about it, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from edge.domain.block import Aisle, CarriageReport
from edge.domain.travel import LATCH_MM

BODY_MM = 300  # what a person needs to go in sideways

Step = Literal[
    "check_board",
    "clear_fault",
    "take_crank_out",
    "leave_the_beam",
    "release_button",
    "check_gap_sensor",
    "crank",
    "walk",
    "mouth",
]


@dataclass(frozen=True, slots=True)
class Sensor:
    """An input beside the aisle that is not at rest: name as in registers.INPUTS, or ``gap`` where none is measured."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Clearing:
    """``walk``: deep button, then mouth. ``mouth``: the aisle is closed, nobody fits in, its mouth button is enough.

    ``crank``: it stands open too little for the walk, and rule 6 lets no motor widen it: by hand, shut or wide.
    """

    sensors: tuple[Sensor, ...]
    steps: tuple[Step, ...]


def too_narrow(aisle: Aisle) -> bool:
    """Latched, too wide for the mouth button alone and perhaps too narrow for the walk: a move was stopped there."""
    return aisle.state == "occupied" and aisle.gap_mm is not None and LATCH_MM < aisle.gap_mm < BODY_MM


def clearing(aisle: Aisle, carriages: Iterable[CarriageReport]) -> Clearing:
    """For an occupied aisle; empty for any other."""
    if aisle.state != "occupied":
        return Clearing((), ())
    reports = {report.column: report for report in carriages}
    sensors: list[Sensor] = []
    steps: list[Step] = []
    held = False
    for column, face in ((aisle.column_left, "right"), (aisle.column_right, "left")):
        report = reports.get(column) if column is not None else None
        if report is None:
            continue
        if not report.online:
            steps.append("check_board")
            continue
        held |= bool(report.faults)
        for name in report.open_inputs:
            if name in (f"beam_{face}_ok", f"deep_{face}_released", f"mouth_{face}_released", "crank_out"):
                sensors.append(Sensor(report.column, name))
        if (report.gap_left_mm if face == "left" else report.gap_right_mm) is None:
            sensors.append(Sensor(report.column, "gap"))
    names = {sensor.name for sensor in sensors}
    if "crank_out" in names:
        steps.append("take_crank_out")
    if held:
        steps.append("clear_fault")
    if any(name.startswith("beam_") for name in names):
        steps.append("leave_the_beam")
    if any(name.startswith(("deep_", "mouth_")) for name in names):
        steps.append("release_button")
    if "gap" in names:
        steps.append("check_gap_sensor")
    closed = aisle.gap_mm is not None and aisle.gap_mm <= LATCH_MM and "gap" not in names
    if too_narrow(aisle):
        steps.append("crank")
    steps.append("mouth" if closed else "walk")
    return Clearing(tuple(sensors), tuple(dict.fromkeys(steps)))
