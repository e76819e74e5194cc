"""The one snapshot stream: everything a screen shows, whole on connect, again at each change and every second."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from anyio import to_thread

LOOK_S = 0.2  # how often a stream looks for news: 5 Hz while carriages move
HEARTBEAT_S = 1.0  # silence never lasts longer


class Snapshots:
    """Reads the room for all streams together: however many screens look, the room is read at most at ``LOOK_S``.

    ``mark`` is cheap and says whether something changed; ``read`` builds the snapshot. ``stopping`` ends all streams.
    """

    def __init__(
        self,
        read: Callable[[], dict[str, Any]],
        mark: Callable[[], object],
        monotonic_ms: Callable[[], int],
        stopping: threading.Event,
    ) -> None:
        self._read = read
        self._mark = mark
        self._monotonic_ms = monotonic_ms
        self._stopping = stopping
        self._lock = threading.Lock()
        self._nudges = 0
        self._text = ""
        self._built_ms = -(10**9)
        self._built_for: object = None
        self.open_streams = 0

    def nudge(self) -> None:
        """A command changed something that ``mark`` cannot see: the next look sends it."""
        with self._lock:
            self._nudges += 1

    def newest(self) -> str:
        """The snapshot as JSON text. Blocks on the store: call it on a worker thread."""
        with self._lock:
            now_ms = self._monotonic_ms()
            mark = (self._mark(), self._nudges)
            if mark != self._built_for or now_ms - self._built_ms >= HEARTBEAT_S * 1000 / 2:
                self._text = json.dumps(self._read(), ensure_ascii=False, separators=(",", ":"))
                self._built_ms, self._built_for = now_ms, mark
            return self._text

    async def events(self) -> AsyncIterator[str]:
        """Server-sent events for one screen until the server ends. Ends by itself when the screen goes away."""
        self.open_streams += 1
        try:
            sent_mark: object = None
            sent_ms = -(10**9)
            while not self._stopping.is_set():
                mark = (self._mark(), self._nudges)
                now_ms = self._monotonic_ms()
                if mark != sent_mark or now_ms - sent_ms >= HEARTBEAT_S * 1000 - LOOK_S * 500:
                    text = await to_thread.run_sync(self.newest)
                    yield f"event: snapshot\ndata: {text}\n\n"
                    sent_mark, sent_ms = mark, now_ms
                await asyncio.sleep(LOOK_S)
        finally:
            self.open_streams -= 1
