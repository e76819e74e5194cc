"""A card held to the reader opens a session at the panel bound to it: who was it, handed out once."""

from __future__ import annotations

import threading

from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.workflows import identify
from edge.workflows.room import Room

CLAIM_WITHIN_MS = 15_000
HOLD_AGAIN_MS = 10_000  # after the reader came back: a card held meanwhile is lost, and nobody but its holder knows


class Presence:
    """``poll`` is called by a background loop, ``presented`` and ``claim`` by the panel."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._presented = 0
        self._accepted = False
        self._holder: Person | None = None
        self._since_ms = 0
        self._away = False
        self._back_ms: int | None = None

    def poll(self) -> None:
        """Look at the cards presented since the last call and answer each with light and beep."""
        self._notice_return()
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

    def hold_again(self) -> bool:
        """Whether the reader was away a moment ago, so that a card held to it may have gone unread."""
        back_ms = self._back_ms
        return back_ms is not None and self._room.clock.monotonic_ms() - back_ms < HOLD_AGAIN_MS

    def waiting(self) -> bool:
        """Whether an accepted card is unclaimed yet: a page that was opened after it was held claims it too."""
        with self._lock:
            return self._holder is not None and self._fresh()

    def claim(self) -> Person | None:
        """Who held an accepted card to the reader within the last 15 s; each time only once."""
        with self._lock:
            holder, self._holder = self._holder, None
            return holder if self._fresh() else None

    def _fresh(self) -> bool:
        return self._room.clock.monotonic_ms() - self._since_ms <= CLAIM_WITHIN_MS

    def _notice_return(self) -> None:
        online = self._room.reader.online()
        if online and self._away:
            self._back_ms = self._room.clock.monotonic_ms()
        self._away = not online

    def _remember(self, holder: Person | None) -> None:
        with self._lock:
            self._presented += 1
            self._accepted = holder is not None
            self._holder = holder
            self._back_ms = None  # the reader reads
            self._since_ms = self._room.clock.monotonic_ms()
