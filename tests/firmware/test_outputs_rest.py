"""From reset to configuration nothing that can move anything is on: the real hal.py, every level it writes kept."""

import json
import struct
import types

import pytest

from firmware import board
from firmware import registers as r
from firmware.carriage.app import App
from firmware.carriage.snapshot import ALL_IN, IN
from firmware.config import FILE, sealed
from firmware.safe import App as SafeApp
from hardware_tests.virtual.board import exchange
from hardware_tests.virtual.lockstep_board import Flash, Wire, load_hal
from tests.firmware.rig import CONFIG

MOVES = ("enable", "motor_pwm", "brake_release", *board.TEST_PINS)
MOVING = sum(1 << board.gpio(board.CARRIAGE_PINS, name) for name in MOVES)
HELD = ("start_released", "reset_released", "jog_left_released", "key_normal")  # hands on everything as it boots


class Life:
    """One board from its reset on; ``ever``: bits of all GPIO that were 1 at any time, ``duty``: the highest."""

    def __init__(self, files, program=App):
        self.now_us = 0
        flash = Flash()
        flash.files = {name: json.dumps(values).encode() for name, values in files.items()}
        link = types.ModuleType("plant_link")
        self.wire = Wire(lambda _frame: None)
        for name, value in (("address", 5), ("kind", r.KIND_CARRIAGE), ("reset", "power"), ("ask", self.ask)):
            setattr(link, name, value)
        link.Port = lambda: self.wire
        hal = load_hal(flash, link, lambda: self.now_us)
        self.ever = self.duty = 0
        pins = hal.machine.board = self.kept(hal.machine.board)
        self.chip = hal.CarriageHal()
        self.app = program(self.chip)
        assert pins.levels is not None

    def kept(self, pins):
        life = self

        class Kept(type(pins)):
            def __setattr__(self, name, value):
                life.ever |= value if name == "levels" else 0
                life.duty = max(life.duty, value if name == "duty" else 0)
                object.__setattr__(self, name, value)

        return Kept()

    def ask(self, _outputs):
        bits = ALL_IN
        for name in HELD:
            bits &= ~IN[name]
        return struct.pack(exchange.CARRIAGE_INPUTS, bits ^ board.RAW_TIED_LOW, 0, 13000, 13000, 0, 43000)

    def run(self, ms):
        for _ in range(ms):
            self.now_us += 1000
            self.app.step(self.chip.now_ms())


WHOLE = {FILE: sealed(r.KIND_CARRIAGE, CONFIG)}


@pytest.mark.parametrize(
    ("files", "program"),
    [({}, App), ({FILE: {**WHOLE[FILE], "crc": 1}}, App), (WHOLE, App), (WHOLE, SafeApp)],
    ids=["never configured", "a damaged configuration", "configured", "the safe program"],
)
def test_rules_3_and_7_no_output_moves_anything_from_reset_on_whatever_is_held_and_whatever_the_flash_says(
    files, program
):
    life = Life(files, program)
    life.run(400)
    assert (life.ever & MOVING, life.duty) == (0, 0)
    assert life.ever, "nothing was seen at all"


def test_an_output_that_rises_for_one_instant_would_be_seen():
    life = Life(WHOLE)
    life.chip.drive(True, 5, True)
    life.chip.drive(False, 0, False)
    assert life.ever & MOVING and life.duty == 5


def test_a_line_of_code_that_fails_takes_every_output_off():
    life = Life(WHOLE)
    life.chip.drive(True, 5, True)

    def fails(_now_ms):
        raise ValueError

    life.app.control = fails
    with pytest.raises(ValueError):
        life.app.run()
    assert life.chip._pwm is not None
    pins = life.chip.drive.__globals__["machine"].board
    assert (pins.levels & MOVING, pins.duty) == (0, 0)
