"""The storeroom door: an electric strike on an output, a closing contact on an input (closed = low)."""

from __future__ import annotations

import threading

import gpiozero

from edge.errors import DeviceFault


class DoorGpio:
    def __init__(self, strike_pin: int, contact_pin: int, unlock_s: int) -> None:
        """Raises DeviceFault where a pin is missing or in use."""
        try:
            self._strike = gpiozero.DigitalOutputDevice(strike_pin, initial_value=False)
            self._contact = gpiozero.DigitalInputDevice(contact_pin, pull_up=True)
        except (gpiozero.GPIOZeroError, OSError) as error:
            raise DeviceFault("door_pins", "check_wiring", strike=strike_pin, contact=contact_pin) from error
        self._unlock_s = unlock_s
        self._lock = threading.Lock()
        self._relock: threading.Timer | None = None

    def is_closed(self) -> bool:
        return bool(self._contact.is_active)

    def unlock(self) -> None:
        """Release the strike for ``unlock_s``; asked again meanwhile, the time runs anew."""
        with self._lock:
            if self._relock is not None:
                self._relock.cancel()
            self._strike.on()
            self._relock = threading.Timer(self._unlock_s, self._lock_again)
            self._relock.daemon = True
            self._relock.start()

    def close(self) -> None:
        """The strike falls back to locked."""
        with self._lock:
            if self._relock is not None:
                self._relock.cancel()
            self._strike.off()
        self._strike.close()
        self._contact.close()

    def _lock_again(self) -> None:
        with self._lock:
            self._strike.off()
