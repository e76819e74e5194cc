"""Background loops of the node. A loop that fails is seen: logged, shown as a fault, tried again; never silent.

This is a thread's top loop, the one place where any exception may be caught (style: families below, everything here).
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable

from edge.clock import Clock
from edge.errors import StoreroomError

PATIENT = 15  # niceness

log = logging.getLogger(__name__)


class Loop:
    """Calls ``step`` every ``period_ms`` on a thread of its own until stopped; ``patient``: behind all others."""

    def __init__(
        self, name: str, period_ms: int, step: Callable[[], None], clock: Clock, *, patient: bool = False
    ) -> None:
        self.name = name
        self._patient = patient
        self._period_ms, self._step, self._clock = period_ms, step, clock
        self._stop = threading.Event()
        self._last_good_ms = clock.monotonic_ms()
        self.fault = ""  # code of the newest failure; "" while it works
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Loop:
        self._thread.start()
        return self

    def stop(self, wait_s: float = 3.0) -> None:
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(wait_s)

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def silent_ms(self) -> int:
        """Since its last good step."""
        return self._clock.monotonic_ms() - self._last_good_ms

    def _run(self) -> None:
        if self._patient:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENT)  # Linux: of this thread alone
        while not self._stop.wait(self._period_ms / 1000):
            try:
                self._step()
            except StoreroomError as error:
                self._failed(error.code, error)
            except Exception as error:  # noqa: BLE001  a thread's top loop
                self._failed("internal", error)
            else:
                if self.fault:
                    log.info("%s works again", self.name)
                self.fault = ""
                self._last_good_ms = self._clock.monotonic_ms()

    def _failed(self, code: str, error: Exception) -> None:
        if self.fault != code:
            log.error("%s failed: %s", self.name, error, exc_info=error if code == "internal" else None)
        self.fault = code
