"""Room kept back on the disk, so that what must never be refused still fits when something else has filled the rest.

A file of that size lies beside the store. It is given up when the disk is nearly full, and taken back when there is
room again: the trace and the alarms then write where it lay.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from edge.domain import disk_room
from edge.store.space import free_mb

RESERVE_FILE = "storeroom.reserve"
RESERVE_BYTES = 32 << 20  # some ten thousand events with their log
TAKEN_BACK_MB = 2 * disk_room.TIGHT_MB


class Reserve:
    def __init__(self, folder: Path) -> None:
        self._path = folder / RESERVE_FILE

    @property
    def held(self) -> bool:
        return self._path.exists()

    def step(self) -> None:
        """As the disk stands now; says nothing of a disk that gives no room, which its watch tells."""
        self.give_up_if_full()
        if not self.held and free_mb(self._path.parent) > TAKEN_BACK_MB:
            self._take()

    def give_up_if_full(self) -> None:
        if free_mb(self._path.parent) < disk_room.FULL_MB:
            self.give_up()

    def give_up(self) -> None:
        self._path.unlink(missing_ok=True)

    def _take(self) -> None:
        unfinished = self._path.with_suffix(".part")
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
            finally:
                os.close(descriptor)
            unfinished.rename(self._path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
