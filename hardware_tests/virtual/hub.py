"""The bus in the live bench: one pty for the node and one per board, copied into each other as the medium says.

The hub keeps both ends of every pty open, so a board or a node may come and go without the others noticing.
"""

from __future__ import annotations

import os
import selectors
import termios
import threading
import time
import tty
from pathlib import Path

from hardware_tests.virtual.medium import NODE, Medium

READ_BYTES = 4096


class Hub:
    """``tty_of[port]`` is the path to open at the far end. ``medium`` may be given faults; take ``lock`` for that."""

    def __init__(self, boards: list[int], *, baud: int = 115200, seed: int = 1) -> None:
        self.lock = threading.Lock()
        self.medium = Medium({NODE, *boards}, baud, seed)
        self.tty_of: dict[int, str] = {}
        self._near: dict[int, int] = {}
        self._far: dict[int, int] = {}
        for port in sorted(self.medium.ports):
            near, far = os.openpty()
            tty.setraw(near)
            tty.setraw(far)
            os.set_blocking(near, False)
            self._near[port] = near
            self._far[port] = far
            self.tty_of[port] = os.ttyname(far)
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="bus-hub", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def link_node(self, path: Path) -> None:
        """Make ``path`` a stable name for the node's end."""
        path.unlink(missing_ok=True)
        path.symlink_to(self.tty_of[NODE])

    def empty(self, port: int) -> None:
        """Forget what lies unread at a board's end: it has just been powered up."""
        termios.tcflush(self._far[port], termios.TCIFLUSH)

    def stop(self) -> None:
        os.write(self._wake_write, b"x")
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        for fd in (*self._near.values(), *self._far.values(), self._wake_read, self._wake_write):
            os.close(fd)

    def _run(self) -> None:
        with selectors.SelectSelector() as selector:
            for port, fd in self._near.items():
                selector.register(fd, selectors.EVENT_READ, port)
            selector.register(self._wake_read, selectors.EVENT_READ, None)
            while True:
                ready = selector.select(self._wait_s())
                now_us = time.monotonic_ns() // 1000
                with self.lock:
                    for key, _events in ready:
                        if key.data is None:
                            return
                        self.medium.talk(key.data, _read(key.fd), now_us)
                    heard = self.medium.hear(now_us)
                for port, data in heard:
                    _write(self._near[port], data)

    def _wait_s(self) -> float | None:
        with self.lock:
            next_us = self.medium.next_us()
        if next_us is None:
            return None
        return max(0.0, (next_us - time.monotonic_ns() // 1000) / 1_000_000)


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, READ_BYTES)
    except (BlockingIOError, OSError):
        return b""


def _write(fd: int, data: bytes) -> None:
    """Into the listener's buffer; when nobody empties it the bytes are lost, as on a wire."""
    try:
        os.write(fd, data)
    except BlockingIOError:
        return
