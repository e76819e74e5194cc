"""One virtual board as a process: /main.py of its flash in a MicroPython VM, or under CPython where there is no wheel.

Nothing of the repository's ``firmware/`` is in its path: it runs what was flashed, as a board does.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Literal

STAND_INS = Path(__file__).resolve().parent / "board"
HEAP = "384K"  # an RP2040 has about 200 KB; the VM's pointers are twice as wide

Interpreter = Literal["micropython", "cpython"]
Reset = Literal["power", "watchdog", "soft"]


def best_interpreter() -> Interpreter:
    return "micropython" if importlib.util.find_spec("micropython_unix") else "cpython"


class BoardProcess:
    """``flash`` is the board's directory and its working directory; what it prints goes to ``log``."""

    def __init__(self, address: int, kind: int, flash: Path, tty: str, plant: Path, log: IO[bytes]) -> None:
        self.address = address
        self.kind = kind
        self._flash = flash
        self._tty = tty
        self._plant = plant
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def power_up(self, reset: Reset, interpreter: Interpreter) -> None:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "STOREROOM_PLANT": str(self._plant),
            "STOREROOM_BUS": self._tty,
            "STOREROOM_BOARD": str(self.address),
            "STOREROOM_KIND": str(self.kind),
            "STOREROOM_RESET": reset,
            "MICROPYPATH": f"{STAND_INS}:.frozen",
        }
        if interpreter == "micropython":
            start = "import sys; from micropython_unix import main; sys.exit(main())"
            command = [sys.executable, "-c", start, "-X", f"heapsize={HEAP}", "main.py"]
        else:
            command = [sys.executable, str(STAND_INS / "run_cpython.py")]
        self._process = subprocess.Popen(
            command,
            cwd=self._flash,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C in a terminal is for the bench: boards know no terminal
        )

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def ended_by_itself(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def hang(self) -> None:
        """The processor stands still, as after a hard fault: outputs stay as they are until the watchdog bites."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def cut(self) -> None:
        """No power: it is gone at this instruction."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
