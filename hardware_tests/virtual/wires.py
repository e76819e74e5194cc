"""The bench's end of the node's GPIO wires: a Unix socket that pin factories connect to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path


class Wires:
    """Levels of the node's pins by BCM number. ``on_output(bcm, level)`` is called for every change the node makes."""

    def __init__(self, path: Path, on_output: Callable[[int, bool], None]) -> None:
        path.unlink(missing_ok=True)
        self._on_output = on_output
        self._inputs: dict[int, bool] = {}
        self._links: list[socket.socket] = []
        self._lock = threading.Lock()
        self.outputs: dict[int, bool] = {}
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        threading.Thread(target=self._accept, name="bench-wires", daemon=True).start()

    def drive(self, bcm: int, level: bool) -> None:
        """Put ``level`` on an input of the node."""
        with self._lock:
            self._inputs[bcm] = level
            for link in list(self._links):
                try:
                    link.sendall(f"in {bcm} {int(level)}\n".encode())
                except OSError:
                    self._links.remove(link)

    def close(self) -> None:
        self._server.close()
        with self._lock:
            for link in self._links:
                link.close()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            with self._lock:
                for bcm, level in self._inputs.items():
                    link.sendall(f"in {bcm} {int(level)}\n".encode())
                link.sendall(b"told\n")
                self._links.append(link)
            threading.Thread(target=self._listen, args=(link,), daemon=True).start()

    def _listen(self, link: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for line in link.makefile("rb"):
                _, bcm, level = line.split()
                self.outputs[int(bcm)] = level == b"1"
                self._on_output(int(bcm), level == b"1")
