"""A card held to the reader opens a session at the panel bound to it: who was it, handed out once."""

from __future__ import annotations

import threading

from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.workflows import identify
from edge.workflows.room import Room

CLAIM_WITHIN_MS = 15_000


class Presence:
    """``poll`` is called by a background loop, ``presented`` and ``claim`` by the panel."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._presented = 0
        self._accepted = False
        self._holder: Person | None = None
        self._since_ms = 0

    def poll(self) -> None:
        """Look at the cards presented since the last call and answer each with light and beep."""
        for uid in self._room.reader.cards():
            try:
                holder = identify.by_card(self._room, uid)
            except RuleRefused:
                self._remember(None)
                self._room.reader.signal(False)
            else:
                self._remember(holder)
                self._room.reader.signal(True)

    def presented(self) -> tuple[int, bool]:
        """How many cards since the start, and whether the last one was accepted."""
        with self._lock:
            return self._presented, self._accepted

    def claim(self) -> Person | None:
        """Who held an accepted card to the reader within the last 15 s; each time only once."""
        with self._lock:
            holder, self._holder = self._holder, None
            fresh = self._room.clock.monotonic_ms() - self._since_ms <= CLAIM_WITHIN_MS
        return holder if fresh else None

    def _remember(self, holder: Person | None) -> None:
        with self._lock:
            self._presented += 1
            self._accepted = holder is not None
            self._holder = holder
            self._since_ms = self._room.clock.monotonic_ms()
