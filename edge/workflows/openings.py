"""When a part of a recording is the beginning of a look at it, and when the same look going on.

A player asks for many parts. The trace gets one event for each look, however somebody asks: who begins in the middle
has opened it too.
"""

from __future__ import annotations

from threading import Lock

PAUSE_MS = 600_000  # of the player; whoever goes on later opens it anew

Look = tuple[str, str, str]  # person, file, purpose


class Openings:
    """Forgotten at a restart: the next part then counts as an opening."""

    def __init__(self) -> None:
        self._asked_ms: dict[Look, int] = {}
        self._lock = Lock()

    def begins(self, look: Look, start: int, now_ms: int) -> bool:
        """Whether this part, from byte ``start`` on, is to be told as an opening."""
        with self._lock:
            self._asked_ms = {one: at for one, at in self._asked_ms.items() if now_ms - at <= PAUSE_MS}
            return start == 0 or look not in self._asked_ms

    def went_on(self, look: Look, now_ms: int) -> None:
        """After its event was written."""
        with self._lock:
            self._asked_ms[look] = now_ms
