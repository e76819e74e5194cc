"""A tty as the test master's line: a real RS-485 adapter, or the virtual bench's pty."""

from __future__ import annotations

import time

import serial

GAP_MS = 50


class SerialLine:
    """``heard`` = bytes that came in; ``late`` = how often this process slept past GAP_MS. Close it when done."""

    def __init__(self, port: str, baud: int = 115200, parity: str = "N") -> None:
        self._port = serial.Serial(port, baud, parity=parity, timeout=0)
        self.heard = bytearray()
        self.late = 0

    @property
    def now_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def say(self, frame: bytes) -> None:
        self._port.reset_input_buffer()
        self._port.write(frame)

    def tick(self) -> None:
        self.heard += self._port.read(512)
        before_ns = time.monotonic_ns()
        time.sleep(0.001)
        self.late += time.monotonic_ns() - before_ns > GAP_MS * 1_000_000

    def close(self) -> None:
        self._port.close()
