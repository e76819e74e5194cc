"""The node's child processes, motion and vision: started, watched, restarted within a budget, ended with the node."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from edge.clock import Clock

log = logging.getLogger(__name__)

RESTARTS = 5  # within BUDGET_MS; after that the process stays down and a fault says so until the node is restarted
BUDGET_MS = 600_000
PAUSE_S = 0.5
HUNG_MS = 30_000  # without an answer; a cold start on a small board takes a third of it
_DIE_WITH_PARENT = 1  # prctl PR_SET_PDEATHSIG


PATIENCE = {"edge.vision": 10}  # a picture may wait; a permit may not


def begin(parent_pid: int, patience: int) -> None:
    """In a child, before its program begins: give way by ``patience`` steps, and end with the parent."""
    os.nice(patience)
    die_with(parent_pid)


def die_with(parent_pid: int) -> None:
    """End when ``parent_pid`` ends, also where it has ended already."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent_pid:  # it died before the line above, so no signal will ever come
        os._exit(1)


class Child:
    """One module run as ``python -m MODULE --config FILE``. Its fate is its own: it never takes the node down."""

    def __init__(self, module: str, config: Path, clock: Clock) -> None:
        self.module = module
        self._argv = [sys.executable, "-m", module, "--config", str(config)]
        self._clock = clock
        self._starts: deque[int] = deque()
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self.fault = ""  # "process_gave_up" once the budget is used
        self._thread = threading.Thread(target=self._watch, name=module, daemon=True)

    def start(self) -> Child:
        self._spawn()
        self._thread.start()
        return self

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def kill(self) -> None:
        """As if it had crashed: the budget says whether it is started again."""
        if self._process and self._process.poll() is None:
            self._process.kill()

    def stop(self) -> None:
        self._ending.set()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _spawn(self) -> None:
        self._starts.append(self._clock.monotonic_ms())
        before = partial(begin, os.getpid(), PATIENCE.get(self.module, 0))
        self._process = subprocess.Popen(self._argv, stdin=subprocess.DEVNULL, preexec_fn=before)

    def _watch(self) -> None:
        while not self._ending.is_set():
            assert self._process
            status = self._process.wait()
            if self._ending.is_set():
                return
            while self._starts and self._clock.monotonic_ms() - self._starts[0] > BUDGET_MS:
                self._starts.popleft()
            if len(self._starts) > RESTARTS:
                self.fault = "process_gave_up"
                log.error("%s ended %d times in %d s and stays down", self.module, len(self._starts), BUDGET_MS // 1000)
                return
            log.error("%s ended with status %d; starting it again", self.module, status)
            self._ending.wait(PAUSE_S * len(self._starts))
            if not self._ending.is_set():
                self._spawn()


class Hung:
    """``step`` once a second: a child that runs but has not answered for HUNG_MS is killed, and starts anew."""

    def __init__(self, child: Child, answers: Callable[[], bool], clock: Clock) -> None:
        self._child, self._answers, self._clock = child, answers, clock
        self._heard_ms = clock.monotonic_ms()

    def step(self) -> None:
        now_ms = self._clock.monotonic_ms()
        if self._answers():
            self._heard_ms = now_ms
        elif now_ms - self._heard_ms >= HUNG_MS:
            log.error("%s has not answered for %d s and is ended", self._child.module, HUNG_MS // 1000)
            self._child.kill()
            self._heard_ms = now_ms
