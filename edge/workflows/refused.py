"""Somebody asked in a way that is not allowed: kept in the trace, and not so often that trying fills it."""

from __future__ import annotations

import threading

from edge.errors import StoreroomError
from edge.workflows.room import Room

QUIET_MS = 10_000  # one event for each route and reason in this time, with the count of those before it


class Refusals:
    """``record`` writes the event ``request.refused`` {code, route, why, peer, before}."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._last_ms: dict[tuple[str, str], int] = {}
        self._unwritten: dict[tuple[str, str], int] = {}

    def record(self, error: StoreroomError, *, actor: str, route: str, why: str, peer: str) -> None:
        key = (route, why)
        now_ms = self._room.clock.monotonic_ms()
        with self._lock:
            last_ms = self._last_ms.get(key)
            if last_ms is not None and now_ms - last_ms < QUIET_MS:
                self._unwritten[key] = self._unwritten.get(key, 0) + 1
                return
            self._last_ms[key] = now_ms
            before = self._unwritten.pop(key, 0)
        body = {"code": error.code, "route": route, "why": why, "peer": peer, "before": before}
        self._room.database.write(
            lambda change: change.event("request.refused", subject="panel", actor=actor or "unknown", body=body)
        )
