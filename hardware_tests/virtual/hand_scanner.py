"""A hand-held code scanner on the bench: a serial device that sends what it reads as text ended by CR."""

from __future__ import annotations

import os
import pty
import tty
from pathlib import Path


class HandScanner:
    """Node side: the tty linked at ``path``."""

    def __init__(self, path: Path) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        path.unlink(missing_ok=True)
        path.symlink_to(os.ttyname(self._slave))

    def scan(self, text: str) -> None:
        os.write(self._master, text.encode("ascii") + b"\r")

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)
