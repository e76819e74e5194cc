"""The programs of the demo: the node, the broker and the centre as the ordinary commands they are."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# The kernel's "parent" is the thread that started a program: this one lives as long as the demo.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Program:
    """One command, its output in a log file; started, stopped (SIGTERM) or killed (the plug pulled)."""

    def __init__(self, name: str, argv: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self.name = name
        self._argv, self._log, self._env = argv, log, env or {}
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def of_module(cls, module: str, *args: str, log: Path, env: dict[str, str] | None = None) -> Program:
        return cls(module, [sys.executable, "-m", module, *args], log, env)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def failed(self) -> bool:
        """It has ended, and not well."""
        return self._process is not None and self._process.poll() not in (None, 0)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self.running else None

    def start(self) -> None:
        if self.running:
            return
        _STARTER.submit(self._spawn).result()

    def _spawn(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._env},
                start_new_session=True,  # Ctrl-C in the terminal is for the demo, which stops its programs in order
                preexec_fn=_die_with_parent,  # and a killed demo leaves nothing running
            )

    def stop(self, wait_s: float = 10.0) -> None:
        if self._process is None:
            return
        if self.running:
            self._process.terminate()
        try:
            self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """The plug pulled: the program and everything it started, at once."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def tail(self, lines: int = 20) -> str:
        """The end of its log, for a person who wonders why it did not come up."""
        return "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-lines:]) if self._log.exists() else ""
