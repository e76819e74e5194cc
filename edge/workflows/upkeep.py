"""The nightly upkeep: every job in turn, only while nothing moves, taken up again where it was disturbed.

What a job finds raises an alarm of its own and stands in the trace; that a job has not ended for two nights is a fault
of the node. ``storeroom upkeep --now`` does the same at once; ``--rebuild-index`` writes the search index anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.domain import upkeep
from edge.domain.block import BlockState
from edge.domain.people import Person
from edge.domain.upkeep import Finding, Job, Outcome, Run
from edge.errors import RuleRefused, StoreError
from edge.store import index_rebuild
from edge.store.alarms import Alarms
from edge.store.database import Change
from edge.store.upkeep_evidence import evidence, trace
from edge.store.upkeep_index import index, records
from edge.store.upkeep_runs import UpkeepRuns
from edge.store.upkeep_site import Disturbed, Site, Step
from edge.workflows.rights import needs
from edge.workflows.room import Room

WORK: dict[Job, Callable[[Site, dict[str, Any]], Iterator[Step]]] = {
    "index": index,
    "records": records,
    "trace": trace,
    "evidence": evidence,
}
AFTER_START_MS = 10 * 60_000  # a room that was just switched on has other things to do
WAIT_S = 1.0
KEEP_EVERY = 20  # steps between two notes of how far it has come

Progress = Callable[[dict[str, Any]], None]


def at_rest(state: BlockState) -> bool:
    """Nothing moves and nothing is about to."""
    return state.move is None or state.move.phase == "ended"


@needs("acknowledge")
def found(room: Room, _person: Person) -> list[Run]:
    """The newest ended run of each job, for whoever answers its alarm."""
    return UpkeepRuns(room.database).newest()


class Upkeep:
    """``place``: what the alarms call this room."""

    def __init__(self, site: Site, clock: Clock, zone: str, place: str) -> None:
        self._site, self._clock, self._zone, self._place = site, clock, zone, place
        self._runs = UpkeepRuns(site.database)
        self._alarms = Alarms(site.database)
        self._working = threading.Lock()
        self._started_ms = clock.monotonic_ms()

    def step(self) -> None:
        """In a background loop: what is due, as far as the room is quiet."""
        if self._awake_ms() < AFTER_START_MS or not self._site.quiet() or not self._working.acquire(blocking=False):
            return
        try:
            for job in upkeep.due(self._runs.newest(), self._clock.utc_ms(), self._zone):
                if self._work(job, lambda _said: None) is None:
                    return
        finally:
            self._working.release()

    def now(self, progress: Progress) -> list[Run]:
        """All jobs at once, waiting while something moves. RuleRefused ``upkeep_running``."""
        if not self._working.acquire(blocking=False):
            raise RuleRefused("upkeep_running", "wait_for_upkeep")
        done = []
        try:
            for job in upkeep.JOBS:
                while (run := self._work(job, progress)) is None:
                    progress({"job": job, "checked": 0, "waiting": True})
                    threading.Event().wait(WAIT_S)
                done.append(run)
        finally:
            self._working.release()
        return done

    def rebuild_index(self, actor: str, progress: Progress) -> dict[str, int]:
        """Write the search index anew while search goes on in the old one, waiting while something moves; how many
        records it holds. RuleRefused ``upkeep_running``.
        """
        if not self._working.acquire(blocking=False):
            raise RuleRefused("upkeep_running", "wait_for_upkeep")
        total = 0
        try:
            for done, total in index_rebuild.rebuild(self._site.database, actor):
                progress({"job": "index", "checked": done, "total": total, "waiting": False})
                while not self._site.quiet():
                    threading.Event().wait(WAIT_S)
        finally:
            self._working.release()
        return {"records": total}

    def newest(self) -> list[Run]:
        return self._runs.newest()

    def late(self) -> bool:
        return upkeep.late(self._runs.newest(), self._clock.utc_ms(), self._awake_ms())

    def _awake_ms(self) -> int:
        return self._clock.monotonic_ms() - self._started_ms

    def _work(self, job: Job, progress: Progress) -> Run | None:
        """The ended run; None where it was disturbed."""
        write = self._site.database.write
        run = write(lambda change: self._runs.begin(change, job), telemetry=True)
        outcome: Outcome = "good"
        waiting: list[Step] = []

        def keep() -> Run:
            checked, found = sum(step.checked for step in waiting), [one for step in waiting for one in step.findings]
            position = waiting[-1].position if waiting else run.position
            waiting.clear()
            return write(lambda change: self._runs.keep(change, run, checked, found, position), telemetry=True)

        try:
            for step in WORK[job](self._site, run.position):
                waiting.append(step)
                if step.findings or len(waiting) >= KEEP_EVERY:
                    run = keep()
                    progress({"job": job, "checked": run.checked, "waiting": False})
                if not step.last:
                    self._site.require_quiet()
        except Disturbed:
            keep()
            return None
        except StoreError as error:
            named = f"{error.code} {Path(str(error.params.get('path', ''))).name}".strip()
            waiting.append(Step(0, [Finding("unreadable", {"code": named})], run.position))
            outcome = "failed"
        run = keep()
        if run.findings and outcome == "good":
            outcome = "bad"
        return write(lambda change: self._end(change, run, outcome))

    def _end(self, change: Change, run: Run, outcome: Outcome) -> Run:
        limit = upkeep.ALARMS[run.job]
        now_ms, boot_id = self._clock.monotonic_ms(), self._clock.boot_id()
        self._alarms.observe(change, limit, self._place, len(run.findings), now_ms, boot_id)
        return self._runs.end(change, run, outcome)
