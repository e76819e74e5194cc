"""Limits of the protections 八防 for a paper storeroom 纸质档案库: the profile a node starts with.

14–24 °C and 45–60 %RH: JGJ 25-2010 table 5.2.1, as quoted for paper stores. Deadbands, delays, light and leak values
are proposals for a slow room with ±0.1 °C and ±0.5 %RH of sensor noise, not the standard's.
A site changes limits in the store (``edge/store/alarms.py``), never here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from edge.errors import InputRefused

Severity = Literal["advice", "alarm", "emergency"]
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of one measurand's band. ``bound`` and ``deadband`` in the measurand's integer unit.

    Beyond the bound for ``on_delay_s`` → active; back inside by ``deadband`` for ``off_delay_s`` → not active.
    ``latching``: stays until a person resets it, also when the cause is gone.
    """

    rule: str
    measurand: str
    side: Literal["high", "low"]
    bound: int
    deadband: int
    on_delay_s: int
    off_delay_s: int
    severity: Severity
    latching: bool = False

    def __post_init__(self) -> None:
        for name in ("deadband", "on_delay_s", "off_delay_s"):
            if getattr(self, name) < 0:
                raise InputRefused("limit_negative", "correct_limit", rule=self.rule, field=name)


PAPER: dict[str, Limit] = {
    limit.rule: limit
    for limit in (
        Limit("temp_high", "temp_cc", "high", 2400, 50, 10 * MINUTE_S, 10 * MINUTE_S, "alarm"),
        Limit("temp_low", "temp_cc", "low", 1400, 50, 10 * MINUTE_S, 10 * MINUTE_S, "alarm"),
        Limit("rh_high", "rh_cpct", "high", 6000, 150, 15 * MINUTE_S, 15 * MINUTE_S, "alarm"),
        Limit("rh_low", "rh_cpct", "low", 4500, 150, 15 * MINUTE_S, 15 * MINUTE_S, "alarm"),
        Limit("light_on", "lux", "high", 50, 5, 10 * MINUTE_S, MINUTE_S, "advice"),
        Limit("leak", "leak", "high", 0, 0, 2, 0, "emergency", latching=True),
        # Seconds since the board's last good value; not polled during a move, hence a minute and not three polls.
        Limit("comms_lost", "silent_s", "high", 60, 55, 0, 2, "alarm"),
        # Seconds since a camera's last new frame; it is asked for one every three, so the alarm comes within ten.
        Limit("camera_frozen", "frame_s", "high", 7, 3, 0, 2, "alarm"),
        # The storeroom door: opened with nobody's leave; seconds that it has stood open, first said, then an alarm.
        Limit("door_forced", "forced", "high", 0, 0, 0, 0, "emergency", latching=True),
        Limit("door_held", "held_s", "high", 30, 0, 0, 2, "advice"),
        Limit("door_held_long", "held_s", "high", 60, 0, 0, 2, "alarm"),
    )
}


class Band(NamedTuple):
    """Between which values a measurand is to stay, in its integer unit. None: no limit on that side."""

    low: int | None
    high: int | None


def band(limits: Iterable[Limit], measurand: str) -> Band:
    of_it = {limit.side: limit.bound for limit in limits if limit.measurand == measurand}
    return Band(of_it.get("low"), of_it.get("high"))


def changed(rule: str, **fields: int) -> Limit:
    """The paper profile's limit ``rule`` with ``bound``, ``deadband`` or delays replaced. Raises InputRefused."""
    if rule not in PAPER:
        raise InputRefused("limit_unknown", "correct_limit", rule=rule)
    return replace(PAPER[rule], **fields)  # type: ignore[arg-type]
