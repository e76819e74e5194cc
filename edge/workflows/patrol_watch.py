"""Which patrol is due and which is late: by the site's plan, told as an alarm until it was walked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain import alarms, patrol
from edge.domain.patrol_due import KINDS, Standing, most_urgent, standing
from edge.domain.protections import Limit
from edge.store import patrol_findings, patrol_site, patrols
from edge.store.database import Change
from edge.workflows import patrol_list
from edge.workflows.room import Room

BACK_MS = 400 * 86_400_000


@dataclass(frozen=True, slots=True)
class PatrolNow:
    """For a screen, without names. ``round_id`` "": none is under way. ``overdue``: findings past their day."""

    kinds: tuple[Standing, ...]
    urgent: str
    round_id: str
    round_kind: str
    answered: int
    points: int
    findings: int
    overdue: int


class PatrolWatch:
    """``step`` every ten seconds, in one background loop."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def step(self) -> None:
        room = self._room
        patrol_list.ready(room)
        for one in all_standing(room):
            self._observe(patrol.LATE, one.kind, one.missed if one.state == "late" else 0)
        self._observe(patrol.FINDING_LATE, patrol.FINDINGS_PLACE, overdue(room))

    def _observe(self, limit: Limit, place: str, value: int) -> None:
        room = self._room
        now_ms, boot_id = room.clock.monotonic_ms(), room.clock.boot_id()
        before = room.alarms.conditions(boot_id).get((limit.rule, place), alarms.NORMAL)
        if alarms.step(limit, before, value, now_ms)[0] == before:
            return

        def observe(change: Change) -> None:
            room.alarms.observe(change, limit, place, value, now_ms, boot_id)

        room.database.write(observe, telemetry=True)


def all_standing(room: Room) -> tuple[Standing, ...]:
    plan, since = patrol_site.plan(room.database), patrol_site.since_ms(room.database)
    now_ms, zone = room.clock.utc_ms(), ZoneInfo(room.zone)
    raised = room.alarms.emergencies(now_ms - BACK_MS)
    return tuple(
        standing(kind, plan, zone, now_ms, patrols.walked_ms(room.database, kind), since[kind] or now_ms, raised)
        for kind in KINDS
    )


def now(room: Room) -> PatrolNow:
    kinds = all_standing(room)
    urgent, going = most_urgent(kinds), patrols.open_round(room.database)
    return PatrolNow(
        kinds=kinds,
        urgent=urgent.kind if urgent else "",
        round_id=going.id if going else "",
        round_kind=going.kind if going else "",
        answered=going.answered if going else 0,
        points=going.points if going else 0,
        findings=len(patrol_findings.standing(room.database)),
        overdue=overdue(room),
    )


def overdue(room: Room) -> int:
    today = datetime.fromtimestamp(room.clock.utc_ms() / 1000, ZoneInfo(room.zone)).date().isoformat()
    return sum(one.overdue(today) for one in patrol_findings.standing(room.database))
