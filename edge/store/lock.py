"""One process writes a data directory: an flock on ``storeroom.lock``, released by the kernel when the process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from edge.errors import StoreError

NAME = "storeroom.lock"


class DataLock:
    """Held from construction to ``close``. Raises StoreError ``in_use`` naming the process that holds it."""

    def __init__(self, data_dir: Path) -> None:
        self._fd = os.open(data_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip() or "?"
            os.close(self._fd)
            raise StoreError("in_use", "stop_other_process", data_dir=str(data_dir), pid=holder) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode("ascii"), 0)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def in_use(data_dir: Path) -> bool:
    """Whether a process holds the directory now, this one included."""
    try:
        fd = os.open(data_dir / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
