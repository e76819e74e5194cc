"""The storeroom door: its lock on an output; two contacts pull inputs low: it is closed, the handle inside is used."""

from __future__ import annotations

import threading

import gpiozero

from edge.errors import DeviceFault


class DoorGpio:
    def __init__(self, lock_pin: int, contact_pin: int, exit_pin: int, unlock_s: int, *, holds: bool) -> None:
        """``holds``: a lock that current holds shut, which opens when power or node fail; else current releases it.

        Raises DeviceFault where a pin is missing or in use.
        """
        try:
            self._release = gpiozero.DigitalOutputDevice(lock_pin, active_high=not holds, initial_value=False)
            self._contact = gpiozero.DigitalInputDevice(contact_pin, pull_up=True)
            self._exit = gpiozero.DigitalInputDevice(exit_pin, pull_up=True)
        except (gpiozero.GPIOZeroError, OSError) as error:
            pins = {"strike": lock_pin, "contact": contact_pin, "exit": exit_pin}
            raise DeviceFault("door_pins", "check_wiring", **pins) from error
        self._unlock_s = unlock_s
        self._lock = threading.Lock()
        self._relock: threading.Timer | None = None
        self._pressed = threading.Event()
        self._exit.when_activated = self._pressed.set

    @property
    def fitted(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return bool(self._contact.is_active)

    def exit_pressed(self) -> bool:
        pressed = self._pressed.is_set() or bool(self._exit.is_active)
        self._pressed.clear()
        return pressed

    def unlock(self) -> int:
        """Asked again meanwhile, the time runs anew."""
        with self._lock:
            if self._relock is not None:
                self._relock.cancel()
            self._release.on()
            self._relock = threading.Timer(self._unlock_s, self._lock_again)
            self._relock.daemon = True
            self._relock.start()
        return self._unlock_s * 1000

    def lock(self) -> None:
        with self._lock:
            if self._relock is not None:
                self._relock.cancel()
            self._release.off()

    def close(self) -> None:
        """Locked, then let go: without the node the lock does what it does without power."""
        self.lock()
        for pin in (self._release, self._contact, self._exit):
            pin.close()

    def _lock_again(self) -> None:
        with self._lock:
            self._release.off()
