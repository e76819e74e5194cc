"""Hand-held code scanner on a serial line (or USB in serial mode): each scan is text ended by CR, LF or both."""

from __future__ import annotations

import logging
import threading

import serial

BAUD = 9600
READ_S = 0.2
REOPEN_S = 1.0
STALE_READS = 3  # a line that stops half-way for longer is dropped, not glued to the next scan
MAX_TEXT_BYTES = 4096

log = logging.getLogger(__name__)


class ScannerSerial:
    """Reads on a thread of its own; a scanner that was unplugged is there again when its port is."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._texts: list[str] = []
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._online = False
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)
        self._thread.start()

    def scans(self) -> list[str]:
        with self._lock:
            texts, self._texts = self._texts, []
        return texts

    def online(self) -> bool:
        return self._online

    def close(self) -> None:
        self._ending.set()
        self._thread.join(REOPEN_S + READ_S + 1)

    def _run(self) -> None:
        said_gone = False
        while not self._ending.is_set():
            try:
                with serial.Serial(self._port, BAUD, timeout=READ_S) as line:
                    self._online, said_gone = True, False
                    self._read(line)
            except (OSError, serial.SerialException) as error:
                if not said_gone:
                    log.error("scanner at %s is gone: %s", self._port, error)
                said_gone = True
            self._online = False
            self._ending.wait(REOPEN_S)

    def _read(self, line: serial.Serial) -> None:
        pending, idle_reads = b"", 0
        while not self._ending.is_set():
            data = line.read(line.in_waiting or 1)
            idle_reads = 0 if data else idle_reads + 1
            if idle_reads >= STALE_READS or len(pending) > MAX_TEXT_BYTES:
                pending = b""
            *whole, pending = (pending + data).replace(b"\n", b"\r").split(b"\r")
            texts = [text.decode("utf-8", "replace").strip() for text in whole]
            with self._lock:
                self._texts += [text for text in texts if text]
