"""Upkeep: what the node does every night for its own records, when it is due, and what it found.

Due is what has not ended since the newest two o'clock in the morning: a night without power is caught up by day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from edge.domain.protections import Limit

Job = Literal["index", "records", "trace", "evidence"]
Outcome = Literal["good", "bad", "failed"]
JOBS: tuple[Job, ...] = ("index", "records", "trace", "evidence")

NIGHT_H = 2
LATE_MS = 50 * 3_600_000  # two nights and two hours without an end: somebody must hear of it
GRACE_MS = 2 * 3_600_000  # for catching up after a time without power

# Raised by the first finding, and kept until a person has looked: the next good night alone does not take it back.
ALARMS: dict[str, Limit] = {
    job: Limit(f"upkeep_{job}", "findings", "high", 0, 0, 0, 0, "alarm", latching=True) for job in JOBS
}
RULES = frozenset(limit.rule for limit in ALARMS.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` has its words at ``upkeep.finding.<code>``; ``params`` name records by label, never by title."""

    code: str
    params: dict[str, Any]


# What somebody may accept as it is now: a record, or what was told of it, changed behind the trace.
OUTSIDE = frozenset({"record_differs", "record_untold", "record_gone", "tally_astray"})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job. ``position``: where it goes on, or where the next run begins; the job's own matter.

    ``ended_ms`` None: it was interrupted. ``outcome``: bad = it found something; failed = it could not look.
    """

    no: int
    job: Job
    began_ms: int
    ended_ms: int | None
    outcome: Outcome | None
    checked: int
    findings: tuple[Finding, ...]
    position: dict[str, Any]


def night_ms(utc_ms: int, zone: str) -> int:
    """The newest two o'clock in the morning at the site, as milliseconds since 1970."""
    now = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    night = now.replace(hour=NIGHT_H, minute=0, second=0, microsecond=0)
    if night > now:
        night -= timedelta(days=1)
    return int(night.timestamp() * 1000)


def due(ended: Iterable[Run], utc_ms: int, zone: str) -> list[Job]:
    """The jobs without an end since that hour, in order; an end in the future comes from a clock that was wrong."""
    night = night_ms(utc_ms, zone)
    done = {run.job for run in ended if run.ended_ms is not None and night <= run.ended_ms <= utc_ms}
    return [job for job in JOBS if job not in done]


def late(ended: Iterable[Run], utc_ms: int, awake_ms: int) -> bool:
    """Whether a job has had no end for too long; ``awake_ms``: how long this node has been running."""
    newest = dict.fromkeys(JOBS, utc_ms - awake_ms)
    for run in ended:
        if run.ended_ms is not None:
            newest[run.job] = run.ended_ms
    return awake_ms > GRACE_MS and any(utc_ms - ended_ms > LATE_MS for ended_ms in newest.values())
