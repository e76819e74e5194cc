"""The alarm buzzer on an output: on while it sounds."""

from __future__ import annotations

import gpiozero

from edge.errors import DeviceFault


class SounderGpio:
    def __init__(self, pin: int) -> None:
        """Raises DeviceFault where the pin is missing or in use."""
        try:
            self._buzzer = gpiozero.Buzzer(pin)
        except (gpiozero.GPIOZeroError, OSError) as error:
            raise DeviceFault("sounder_pin", "check_wiring", pin=pin) from error

    def sound(self, on: bool) -> None:
        if on != bool(self._buzzer.is_active):
            self._buzzer.value = on

    def close(self) -> None:
        self._buzzer.close()
