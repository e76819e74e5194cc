"""gpiozero pin factory whose wires end at the virtual bench: chosen by ``GPIOZERO_PIN_FACTORY=bench``.

``STOREROOM_BENCH_PINS`` names the bench's Unix socket. Lines: ``out <bcm> <0|1>`` from the node, ``in …`` to it,
``told`` once it has said every level.
"""

from __future__ import annotations

import os
import socket
import threading

from gpiozero.pins.mock import MockFactory, MockPin

TOLD_WITHIN_S = 5.0


class BenchPin(MockPin):
    """A pin wired to the bench: outputs are told to it, inputs take the level it says."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        level = self.factory.levels.get(self.info.name)
        if level is not None:
            self.drive(level)

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        if changed and self._function == "output":
            self.factory.tell(self.info.name, value)
        return changed

    def drive(self, level: bool) -> None:
        if self._function == "input":
            if level:
                self.drive_high()
            else:
                self.drive_low()


class BenchFactory(MockFactory):
    """Connects at construction; the bench first tells every input's level."""

    def __init__(self) -> None:
        super().__init__(pin_class=BenchPin)
        self.levels: dict[str, bool] = {}
        self._told = threading.Event()
        self._link = socket.socket(socket.AF_UNIX)
        self._link.connect(os.environ["STOREROOM_BENCH_PINS"])
        threading.Thread(target=self._listen, name="bench-pins", daemon=True).start()
        self._told.wait(TOLD_WITHIN_S)

    def tell(self, name: str, value: bool) -> None:
        self._link.sendall(f"out {name.removeprefix('GPIO')} {int(value)}\n".encode())

    def _listen(self) -> None:
        for line in self._link.makefile("rb"):
            if line == b"told\n":
                self._told.set()
                continue
            _, number, level = line.split()
            name = f"GPIO{int(number)}"
            self.levels[name] = level == b"1"
            for info, pin in list(self.pins.items()):
                if info.name == name:
                    pin.drive(self.levels[name])

    def close(self) -> None:
        self._link.close()
        super().close()
