"""When somebody begins to look at a recording or a page, and when the same look goes on.

A player asks for many parts, the viewer for a picture and its text. The trace gets one event for each look, however
somebody asks: who begins in the middle has opened it too.
"""

from __future__ import annotations

from threading import Lock

PAUSE_MS = 600_000  # whoever goes on later opens it anew

Look = tuple[str, str, str]  # person, recording or page, purpose


class Openings:
    """Forgotten at a restart: what is asked next then counts as an opening."""

    def __init__(self) -> None:
        self._asked_ms: dict[Look, int] = {}
        self._lock = Lock()

    def begins(self, look: Look, now_ms: int) -> bool:
        with self._lock:
            self._asked_ms = {one: at for one, at in self._asked_ms.items() if now_ms - at <= PAUSE_MS}
            return look not in self._asked_ms

    def went_on(self, look: Look, now_ms: int) -> None:
        """After its event was written."""
        with self._lock:
            self._asked_ms[look] = now_ms
