"""Alarm state as separate yes/no facts (ISA-18.2 as OPC UA Part 9 maps it), stepped by values and by people.

| active | acked | latched |                                                        |
|--------|-------|---------|--------------------------------------------------------|
| yes    | no    | no      | raised: it sounds until somebody acknowledges          |
| yes    | yes   | no      | somebody knows                                         |
| no     | no    | no      | came and went before anybody acknowledged              |
| no     | any   | yes     | the cause is gone, a person must still look and reset  |

Not active, acknowledged, not latched = over: the alarm is cleared and leaves the list. Acknowledging is not resetting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from edge.domain.protections import Limit
from edge.errors import RuleRefused

Change = Literal["raised", "returned", "cleared", "acknowledged"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule at one place. ``turning_ms``: since when (monotonic) the value has called for the other ``active``."""

    active: bool = False
    acked: bool = True
    latched: bool = False
    turning_ms: int | None = None

    @property
    def over(self) -> bool:
        return not self.active and self.acked and not self.latched

    @property
    def sounds(self) -> bool:
        return (self.active or self.latched) and not self.acked


NORMAL = Condition()


@dataclass(frozen=True, slots=True)
class Alarm:
    """One occurrence, from raised to cleared. ``value`` and ``limit`` as they were when it was raised last."""

    id: str
    rule: str
    place: str
    severity: str
    active: bool
    acked: bool
    latched: bool
    value: int
    limit: int
    raised_ms: int
    acked_ms: int | None
    acked_by: str
    returned_ms: int | None
    cleared_ms: int | None


def beyond(limit: Limit, value: int, active: bool) -> bool:
    """Whether ``value`` calls for the alarm; once active it must come back inside by the deadband."""
    margin = limit.deadband if active else 0
    if limit.side == "high":
        return value > limit.bound - margin
    return value < limit.bound + margin


def step(limit: Limit, condition: Condition, value: int | None, now_ms: int) -> tuple[Condition, Change | None]:
    """The condition after one look at ``value`` (None = no good value: nothing turns, nothing is forgotten)."""
    if value is None or beyond(limit, value, condition.active) == condition.active:
        return replace(condition, turning_ms=None), None
    since_ms = now_ms if condition.turning_ms is None else condition.turning_ms
    delay_s = limit.off_delay_s if condition.active else limit.on_delay_s
    if now_ms - since_ms < delay_s * 1000:
        return replace(condition, turning_ms=since_ms), None
    if not condition.active:
        return Condition(active=True, acked=False), "raised"
    after = Condition(active=False, acked=condition.acked, latched=limit.latching)
    return after, "cleared" if after.over else "returned"


def acknowledge(condition: Condition) -> tuple[Condition, Change]:
    """Somebody knows. Raises RuleRefused where it was acknowledged already."""
    if condition.acked:
        raise RuleRefused("alarm_acknowledged_already", "nothing_to_do")
    after = replace(condition, acked=True)
    return after, "cleared" if after.over else "acknowledged"


def again(condition: Condition) -> tuple[Condition, Change]:
    """Somebody knew, and it lasts: it is raised once more. Raises RuleRefused unless it is active and acknowledged."""
    if not (condition.active and condition.acked):
        raise RuleRefused("alarm_not_acknowledged", "acknowledge_first")
    return replace(condition, acked=False), "raised"


def reset(condition: Condition) -> tuple[Condition, Change]:
    """Take a latched alarm back. Raises RuleRefused while its cause lasts or nobody has acknowledged it."""
    if condition.active:
        raise RuleRefused("alarm_still_active", "remove_cause")
    if not condition.acked:
        raise RuleRefused("alarm_not_acknowledged", "acknowledge_first")
    if not condition.latched:
        raise RuleRefused("alarm_not_latched", "nothing_to_do")
    return NORMAL, "cleared"
