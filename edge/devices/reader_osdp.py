"""Card reader over OSDP with secure channel (libosdp as control panel), and a supervisor that brings it back.

A reader that was restarted answers with an old sequence number; libosdp then leaves it alone for five minutes
(its issues 197 and 214). The cure: disable the device, drop the stale bytes on the line, enable it again.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

import osdp
import serial

from edge.errors import DeviceFault

BAUD = 9600
SCBK_BYTES = 16
LOOK_S = 0.2  # how often the supervisor looks
CURE_AFTER_LOOKS = 10  # without secure channel for this long: cure
REOPEN_AFTER_CURES = 3  # cures in vain: open the port anew, it may have been unplugged
SETTLE_S = 0.5

log = logging.getLogger(__name__)


class _Line(osdp.Channel):  # type: ignore[misc]  # libosdp has no types
    """The serial port as libosdp wants it: never blocking, never raising into C."""

    def __init__(self, port: str) -> None:
        super().__init__()
        self._serial = serial.Serial(port, BAUD, timeout=0, write_timeout=0)
        self.gone = False

    def read(self, max_bytes: int) -> bytes:
        read: bytes = self._quietly(lambda: self._serial.read(max_bytes), b"")
        return read

    def write(self, buf: bytes) -> int:
        written: int = self._quietly(lambda: self._serial.write(buf) or 0, 0)
        return written

    def flush(self) -> None:
        self._quietly(self._serial.reset_input_buffer, None)

    def close(self) -> None:
        self._quietly(self._serial.close, None)

    def _quietly(self, act: Any, otherwise: Any) -> Any:
        try:
            return act()
        except (OSError, serial.SerialException):
            self.gone = True
            return otherwise


def key_in(path: Path) -> bytes:
    """The reader's SCBK from a file of 32 hexadecimal digits. DeviceFault("reader_key") where there is none."""
    try:
        return bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError):
        raise DeviceFault("reader_key", "make_reader_key", length=0) from None


class ReaderOsdp:
    def __init__(self, port: str, address: int, key: bytes) -> None:
        """``key``: the reader's 16-byte SCBK; nothing is accepted outside the secure channel."""
        if len(key) != SCBK_BYTES:
            raise DeviceFault("reader_key", "make_reader_key", length=len(key))
        self._port, self._address, self._key = port, address, key
        self._lock = threading.Lock()
        self._cards: list[bytes] = []
        self._panel: osdp.ControlPanel | None = None
        self._line: _Line | None = None
        self._secure = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="reader", daemon=True)
        self._thread.start()

    def cards(self) -> list[bytes]:
        with self._lock:
            cards, self._cards = self._cards, []
        return cards

    def online(self) -> bool:
        return self._secure

    def signal(self, accepted: bool) -> None:
        """Dropped where the reader is offline: a light that comes minutes late would mislead."""
        panel = self._panel
        if panel is None or not self._secure:
            return
        colour = osdp.CommandLEDColor.Green if accepted else osdp.CommandLEDColor.Red
        beeps = 1 if accepted else 2
        # Times in units of 100 ms; a temporary colour, so the reader falls back to its resting light by itself.
        light = {"reader": 0, "led_number": 0, "control_code": 2, "on_count": 10, "off_count": 0}
        light |= {"on_color": colour, "off_color": osdp.CommandLEDColor.Black, "timer_count": 10, "temporary": True}
        beep = {"reader": 0, "control_code": 2, "on_count": 2, "off_count": 1, "rep_count": beeps}
        panel.submit_command(self._address, {"command": osdp.Command.LED, **light})
        panel.submit_command(self._address, {"command": osdp.Command.Buzzer, **beep})

    def close(self) -> None:
        self._ending.set()
        self._thread.join(10)

    def _supervise(self) -> None:
        said_gone = False
        while not self._ending.is_set():
            try:
                self._open()
                said_gone = False
                self._run()
            except (OSError, serial.SerialException) as error:
                if not said_gone:
                    log.error("card reader at %s is gone: %s", self._port, error)
                said_gone = True
            finally:
                self._close()
            self._ending.wait(SETTLE_S)

    def _open(self) -> None:
        self._line = _Line(self._port)
        flags = [osdp.LibFlag.EnforceSecure, osdp.LibFlag.EnableNotification]
        info = osdp.PDInfo(self._address, self._line, scbk=self._key, flags=flags)
        self._panel = osdp.ControlPanel([info], log_level=osdp.LogLevel.Critical, event_handler=self._heard)
        self._panel.start()

    def _heard(self, _device: int, event: dict[str, Any]) -> int:
        """Called by libosdp as soon as a reply is decoded: a card is kept even if the line goes in the next moment."""
        if event["event"] == osdp.Event.CardRead:
            with self._lock:
                self._cards.append(bytes(event["data"]))
        return 0

    def _close(self) -> None:
        self._secure = False
        if self._panel is not None:
            self._panel.teardown()
            self._panel = None
        if self._line is not None:
            self._line.close()
            self._line = None

    def _run(self) -> None:
        """Until closed, or the port is gone, or cures no longer help."""
        assert self._panel is not None and self._line is not None
        without, cures = 0, 0
        while not self._ending.is_set() and not self._line.gone and cures < REOPEN_AFTER_CURES:
            event = self._panel.get_event(self._address, timeout=LOOK_S)  # taken by _heard already: the loop's pace
            secure = self._panel.is_sc_active(self._address)
            if secure != self._secure:
                log.info("card reader at %s: secure channel %s", self._port, "up" if secure else "down")
            self._secure = secure
            if secure:
                without, cures = 0, 0
            elif event is None:
                without += 1
            if without >= CURE_AFTER_LOOKS:
                without, cures = 0, cures + 1
                self._cure()

    def _cure(self) -> None:
        assert self._panel is not None and self._line is not None
        self._panel.disable_pd(self._address)
        self._ending.wait(SETTLE_S)
        self._line.flush()
        self._panel.enable_pd(self._address)
