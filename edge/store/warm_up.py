"""What the first search after a start would wait for is done before anybody searches: the tables that texts are
compared by, and the store's file read once from its beginning.

Of the file nothing is deciphered and nothing kept here: the system has its pages then, for as long as it has memory to
spare. Without it a first search waits for hundreds of reads all over the file.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from edge.domain import search_text

PIECE_BYTES = 1 << 20
PAUSE_S = 0.002  # after each piece, for whoever else waits for the disk
PATIENT = 15  # niceness
SHARE = 2  # one part in so many of the memory that is free


class WarmUp:
    """In a thread of its own from ``start`` on; ``stop`` ends it early."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warm-up", daemon=True)

    def start(self) -> WarmUp:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def done(self) -> None:
        """Waits until all is read that there is memory for."""
        self._thread.join()

    def _run(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENT)  # Linux: of this thread alone
        search_text.normalise("檔案")
        left, piece = _free_bytes() // SHARE, bytearray(PIECE_BYTES)
        with (
            suppress(OSError),
            self._path.open("rb", buffering=0) as file,
        ):  # a disk that refuses is the writer's to tell
            while left > 0 and (read := file.readinto(piece)) and not self._stop.wait(PAUSE_S):
                left -= read


def _free_bytes() -> int:
    """What the system could give without taking it from a process; 0 where it does not say."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 0
