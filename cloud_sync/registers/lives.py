"""What happened to one thing after another → one line a thing: a loan, an alarm, a move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cloud_sync.store.happenings import Happening

ENDED_HOW = ("alarm.cleared", "alarm.returned")


@dataclass(slots=True)
class Life:
    """``said``: the newest of each field that left the room. ``at_ms``, ``by``: action → when first, and by whom."""

    node: str
    subject: str
    began_ms: int
    said: dict[str, Any] = field(default_factory=dict)
    at_ms: dict[str, int] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    withheld: bool = False


def lives(happenings: Iterable[Happening]) -> list[Life]:
    """In the order in which they began."""
    found: dict[tuple[str, str], Life] = {}
    for one in happenings:
        if one.action == "loan.opinion":
            continue
        life = found.setdefault((one.node, one.subject), Life(one.node, one.subject, one.utc_ms))
        life.said.update({name: value for name, value in one.body.items() if value not in ("", None)})
        life.at_ms.setdefault(one.action, one.utc_ms)
        life.by.setdefault(one.action, one.actor)
        life.withheld = life.withheld or one.withheld
    return list(found.values())


def over_ms(alarm: Life) -> int | None:
    """When the condition was over; None while it lasts."""
    return min((alarm.at_ms[action] for action in ENDED_HOW if action in alarm.at_ms), default=None)


def lasted_ms(alarm: Life, from_ms: int, until_ms: int) -> int:
    """How long its condition held within the period."""
    end = over_ms(alarm)
    return max(0, min(end if end is not None else until_ms, until_ms) - max(alarm.began_ms, from_ms))
