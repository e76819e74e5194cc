"""A card reader on the bench: an OSDP peripheral with secure channel behind a pty."""

from __future__ import annotations

import contextlib
import os
import pty
import threading
import time
import tty
from pathlib import Path

from osdp import (
    Capability,
    CardFormat,
    Channel,
    Event,
    LibFlag,
    LogLevel,
    PDCapabilities,
    PDInfo,
    PeripheralDevice,
)

HOLD_S = 1.5  # without a light or beep for so long one holds the card there anew
PATIENCE_S = 15  # then one gives up


class PtyLine(Channel):  # type: ignore[misc]
    """OSDP bytes over one end of a pty."""

    def __init__(self, fd: int) -> None:
        super().__init__()
        self.fd = fd
        os.set_blocking(fd, False)

    def read(self, max_read: int) -> bytes:
        try:
            return os.read(self.fd, max_read)
        except (BlockingIOError, OSError):
            return b""

    def write(self, data: bytes) -> int:
        try:
            return os.write(self.fd, data)
        except OSError:
            return 0

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            while os.read(self.fd, 256):
                pass


class CardReader:
    """Node side: the tty linked at ``path``. A held card is held until the reader lights up or beeps, as people do."""

    def __init__(self, path: Path, address: int, key: bytes) -> None:
        master, slave = pty.openpty()
        tty.setraw(master)
        tty.setraw(slave)
        self._slave = slave
        path.unlink(missing_ok=True)
        path.symlink_to(os.ttyname(slave))
        capabilities = PDCapabilities(
            [
                (Capability.LEDControl, 1, 1),
                (Capability.AudibleControl, 1, 1),
                (Capability.OutputControl, 1, 1),
                (Capability.CardDataFormat, 1, 1),
                (Capability.ContactStatusMonitoring, 1, 1),
            ]
        )
        info = PDInfo(address, PtyLine(master), scbk=key, flags=[LibFlag.EnforceSecure])
        self._answered = threading.Event()
        self._closed = False
        self._device = PeripheralDevice(info, capabilities, log_level=LogLevel.Critical, command_handler=self._lit)
        self._device.start()

    def present(self, uid: bytes) -> bool:
        """Hold a card to the reader. False when no node listens over the secure channel."""
        if not self._device.is_sc_active():
            return False
        self._answered.clear()
        self._submit(uid)
        threading.Thread(target=self._hold, args=(uid,), name="card", daemon=True).start()
        return True

    def _hold(self, uid: bytes) -> None:
        gives_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < gives_up:
            if self._answered.wait(HOLD_S) or self._closed:
                return
            if self._device.is_sc_active():
                self._submit(uid)

    def _submit(self, uid: bytes) -> None:
        self._device.submit_event(
            {
                "event": Event.CardRead,
                "reader_no": 0,
                "format": CardFormat.Unspecified,
                "direction": 0,
                "length": len(uid) * 8,
                "data": uid,
            }
        )

    def _lit(self, _command: dict[str, object]) -> tuple[int, None]:
        self._answered.set()
        return 0, None

    def close(self) -> None:
        self._closed = True
        self._device.stop()
        os.close(self._slave)
