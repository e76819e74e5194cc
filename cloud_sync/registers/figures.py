"""What a room's month, quarter or year was, in figures: its report."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from cloud_sync.registers.lives import Life, lasted_ms, lives
from cloud_sync.registers.period import Period
from cloud_sync.store.happenings import Happenings

CLIMATE = frozenset({"temp_high", "temp_low", "rh_high", "rh_low"})
FAMILIES = ("loan", "move", "stocktake", "door", "patrol")
DIFFERENT = ("misplaced", "missing", "unknown", "unread")  # of what a counted bay says
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Figures:
    """``acknowledged_min``: the middle one of the times to acknowledge; None: nothing was acknowledged."""

    asked: int
    denied: int
    lent: int
    returned: int
    late: int  # came back after their day, or are out past it at the period's end
    alarms: int
    acknowledged_min: int | None
    temperature_h: float
    humidity_h: float
    bays: int
    differences: int
    moves: int
    not_reached: int
    openings: int
    forced: int
    rounds: int


def figures(happenings: Happenings, node: str, period: Period, now_ms: int) -> Figures:
    until_ms = min(period.until_ms, now_ms)
    seen = happenings.of(node, FAMILIES, period.from_ms, period.until_ms)
    counted = Counter(one.action for one in seen)
    alarms = lives(happenings.of(node, ("alarm",), 0, period.until_ms))
    raised = [alarm for alarm in alarms if alarm.began_ms >= period.from_ms]
    waited = [
        alarm.at_ms["alarm.acknowledged"] - alarm.began_ms for alarm in raised if "alarm.acknowledged" in alarm.at_ms
    ]
    return Figures(
        asked=len({one.subject for one in seen if one.action in ("loan.asked", "loan.approved")}),
        denied=counted["loan.denied"],
        lent=counted["loan.handed_over"],
        returned=counted["loan.returned"],
        late=_late(happenings, node, period, until_ms),
        alarms=len(raised),
        acknowledged_min=round(statistics.median(waited) / 60_000) if waited else None,
        temperature_h=_hours(alarms, "temp", period, until_ms),
        humidity_h=_hours(alarms, "rh", period, until_ms),
        bays=counted["stocktake.bay_counted"],
        differences=sum(
            int(one.body.get(status, 0))
            for one in seen
            if one.action == "stocktake.bay_counted"
            for status in DIFFERENT
        ),
        moves=counted["move.ended"],
        not_reached=sum(one.action == "move.ended" and one.body.get("ended") != "reached" for one in seen),
        openings=counted["door.opened"],
        forced=sum(one.action == "door.opened" and one.body.get("how") == "forced" for one in seen),
        rounds=counted["patrol.signed"],
    )


def _late(happenings: Happenings, node: str, period: Period, until_ms: int) -> int:
    late = 0
    for loan in lives(happenings.of(node, ("loan",), 0, period.until_ms)):
        due, back_ms = str(loan.said.get("due", "")), loan.at_ms.get("loan.returned")
        if not due or "loan.handed_over" not in loan.at_ms or (back_ms is not None and back_ms < period.from_ms):
            continue
        day = datetime.fromtimestamp((back_ms or until_ms) / 1000, UTC).astimezone(period.zone).date().isoformat()
        late += day > due
    return late


def _hours(alarms: list[Life], kind: str, period: Period, until_ms: int) -> float:
    climate = (alarm for alarm in alarms if alarm.said.get("rule") in CLIMATE)
    of_kind = (alarm for alarm in climate if str(alarm.said["rule"]).startswith(kind))
    return round(sum(lasted_ms(alarm, period.from_ms, until_ms) for alarm in of_kind) / HOUR_MS, 1)
