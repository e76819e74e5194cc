"""The lock-step harness: real firmware, plant and bus in one thread, one virtual millisecond after the other.

Deterministic: the same seed and the same acts give the same run. All campaigns run here; live.py shows that the
same firmware behaves in real time.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

from edge.config import Motion
from edge.devices import board_files, firmware_image
from edge.devices.carriage_modbus import board_config
from edge.domain.block import Layout
from firmware.config import FILE, sealed
from firmware.registers import KIND_CARRIAGE, KIND_SENSORS
from hardware_tests.virtual import acts, faults
from hardware_tests.virtual.board import exchange
from hardware_tests.virtual.board_process import Reset
from hardware_tests.virtual.electrics import carriage_answer, outputs_from_pins, sensor_answer
from hardware_tests.virtual.layouts import SENSOR_PLACES, demo_layout, demo_motion
from hardware_tests.virtual.lockstep_board import Board, Flash, boot
from hardware_tests.virtual.medium import NODE, Medium
from hardware_tests.virtual.plant import Plant

TICK_US = 1000


class Lockstep:
    """``heard`` = bytes that reached the node's end of the bus. Whoever plays the node calls ``say``."""

    def __init__(
        self,
        layout: Layout | None = None,
        motion: Motion | None = None,
        *,
        places: dict[int, str] | None = None,
        open_aisle: int = 4,
        seed: int = 1,
        flashed: bool = False,
    ) -> None:
        """``flashed``: the boards run this release's image from slot a, as live ones do; else no image at all."""
        self.layout = layout or demo_layout()
        self.plant = Plant.build(self.layout, open_aisle, SENSOR_PLACES if places is None else places)
        self.plant.watch.all_owe(self.plant)
        motion = motion or demo_motion()
        self._column_of = {c.address: c.no for c in self.layout.columns if c.address is not None}
        self._kinds = dict.fromkeys(self._column_of, KIND_CARRIAGE) | dict.fromkeys(self.plant.air.spots, KIND_SENSORS)
        self.flash = {address: Flash() for address in self._kinds}
        for address, column in self._column_of.items():
            values = board_config(self.layout, motion, column)
            self.flash[address].files[FILE] = json.dumps(sealed(KIND_CARRIAGE, values)).encode()
        for address in self.plant.air.spots:
            self.flash[address].files[FILE] = json.dumps(sealed(KIND_SENSORS, {"address": address})).encode()
        self._slot = board_files.FIRST_SLOT if flashed else ""
        if flashed:
            manifest = firmware_image.manifest_of(firmware_image.sources())
            for flash in self.flash.values():
                flash.files[f"{self._slot}/{firmware_image.MANIFEST}"] = manifest
        self.medium = Medium({NODE, *self._kinds}, seed=seed)
        self.boards: dict[int, Board] = {}
        self.heard = bytearray()
        self.now_us = 0
        self._power_up_at: dict[int, tuple[int, Reset]] = {}
        self._power_up_all()

    @property
    def now_ms(self) -> int:
        return self.now_us // 1000

    def say(self, frame: bytes) -> None:
        """The node puts one frame on the bus."""
        self.medium.talk(NODE, frame, self.now_us)

    def tick(self) -> None:
        """One virtual millisecond."""
        self.now_us += TICK_US
        for address in [address for address, (at, _reset) in self._power_up_at.items() if at <= self.now_us]:
            self._boot(address, self._power_up_at.pop(address)[1])
        self.plant.advance(TICK_US / 1000)
        for listener, data in self.medium.hear(self.now_us):
            if listener == NODE:
                self.heard += data
            elif listener in self.boards:
                self.boards[listener].wire.heard += data
        for board in list(self.boards.values()):
            try:
                board.step(self.now_us)
            except SystemExit:  # machine.reset()
                self.restart_board(board.address, "watchdog")

    def run(self, ms: float) -> None:
        until = self.now_us + int(ms * 1000)
        while self.now_us < until:
            self.tick()

    def run_until(self, condition: Callable[[], bool], within_ms: float) -> bool:
        """Whether ``condition`` came true in time."""
        until = self.now_us + int(within_ms * 1000)
        while not condition():
            if self.now_us >= until:
                return False
            self.tick()
        return True

    # --- what happens to it ------------------------------------------------------------------

    def act(self, what: str, **args: Any) -> float:
        """One physical act or fault by name; how many virtual ms it takes. Run at least that long afterwards."""
        if what in faults.NAMES:
            return faults.inject(self.plant, what, **args)
        return acts.act(self.plant, what, **args)

    def do(self, what: str, **args: Any) -> None:
        """An act, and the time it takes."""
        self.run(self.act(what, **args) + 50)

    def cut_power(self) -> None:
        self.boards.clear()
        self._power_up_at.clear()
        self.plant.cut_power()

    def restore_power(self) -> None:
        self.plant.restore_power()
        self._power_up_all()

    def cut_board(self, address: int) -> None:
        self.boards.pop(address, None)
        if address in self._column_of:
            self.plant.lose_board(self._column_of[address])

    def restart_board(self, address: int, reset: Reset = "power") -> None:
        self.cut_board(address)
        self._power_up_at[address] = (self.now_us + 40_000, reset)

    # --- inside ------------------------------------------------------------------------------

    def _power_up_all(self) -> None:
        """Loops of different boards are not in phase: each starts at its own odd moment."""
        for number, address in enumerate(self._kinds):
            self._power_up_at[address] = (self.now_us + 40_000 + 3_700 * number, "power")

    def _boot(self, address: int, reset: Reset) -> None:
        self.boards[address] = boot(
            address,
            self._kinds[address],
            self.flash[address],
            lambda frame: self.medium.talk(address, frame, self.now_us),
            lambda outputs: self._exchange(address, outputs),
            lambda: self.now_us,
            reset,
            self._slot,
        )

    def _exchange(self, address: int, outputs: bytes) -> bytes:
        if self._kinds[address] == KIND_SENSORS:
            return struct.pack(exchange.SENSOR_INPUTS, *sensor_answer(self.plant, address), 0, 0, 0)
        column = self._column_of[address]
        self.plant.wiring.outputs[column] = outputs_from_pins(*struct.unpack(exchange.OUTPUTS, outputs))
        return struct.pack(exchange.CARRIAGE_INPUTS, *carriage_answer(self.plant, column))
