"""Between the plant and the pins of a board: levels, currents and counts as firmware/board.py wires them."""

from __future__ import annotations

from firmware import board
from firmware.registers import INPUTS
from hardware_tests.virtual.layouts import UM_PER_COUNT
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.wiring import BoardOutputs

TEST_NAMES = {name: name.removeprefix("test_") for name in board.TEST_PINS}
_PIN = {name: 1 << board.gpio(board.CARRIAGE_PINS, name) for name, _gpio, _role in board.CARRIAGE_PINS}


def outputs_from_pins(levels: int, duty_u16: int, slot_light: int) -> BoardOutputs:
    """``levels``: bit n = level of GPIO n. ``slot_light`` 1..n = the one lit LED, 0 = dark."""
    duty = duty_u16 / board.DUTY_FULL
    return BoardOutputs(
        drive=duty if levels & _PIN["motor_dir"] else -duty,
        enable=bool(levels & _PIN["enable"]),
        brake_release=bool(levels & _PIN["brake_release"]),
        room_drop=bool(levels & _PIN["room_drop"]),
        warning=bool(levels & _PIN["warning"]),
        start_lamp=bool(levels & _PIN["start_lamp"]),
        slot_light=slot_light,
        aisle_lights=bool(levels & _PIN["lamp_left"]) | bool(levels & _PIN["lamp_right"]) << 1,
        tests=frozenset(TEST_NAMES[name] for name in board.TEST_PINS if levels & _PIN[name]),
    )


def carriage_answer(plant: Plant, column: int) -> tuple[int, int, int, int, int, int]:
    """(30-bit raw word, encoder count as int32, gap left, gap right, motor, supply as ADC u16)."""
    carriage = plant.rail.carriages[column]
    named = plant.wiring.inputs_of(column, plant.contacts(column))
    raw = 0
    for name, bit in INPUTS:
        raw |= bit if named[name] else 0
    raw &= ~board.RAW_TIED_LOW
    count = round(carriage.wheel_mm * 1000 / UM_PER_COUNT)
    return (
        raw,
        (count + (1 << 31)) % (1 << 32) - (1 << 31),
        _gap_u16(plant, column, "left", column - 1),
        _gap_u16(plant, column, "right", column),
        _u16(carriage.motor_ma / board.MOTOR_FULL_MA),
        _u16(plant.wiring.supply_now_mv / board.SUPPLY_FULL_MV),
    )


def _gap_u16(plant: Plant, column: int, side: str, aisle: int) -> int:
    ma = plant.gap_ma.get((column, side))
    if ma is None:
        span = board.GAP_20MA_MM - board.GAP_4MA_MM
        ma = 4.0 + 16.0 * (plant.rail.gap_mm(aisle) - board.GAP_4MA_MM) / span
    return _u16(ma * board.SHUNT_OHM / board.ADC_FULL_MV)


def _u16(part: float) -> int:
    return round(min(1.0, max(0.0, part)) * board.ADC_FULL)


def sensor_answer(plant: Plant, address: int) -> tuple[int, int, int, int, int]:
    """(SHT31 raw temperature, raw humidity, BH1750 raw light, leak pins: bit 0 dry, bit 1 wire, I2C alive)."""
    temp_c, rh_pct = plant.air.at(address)
    spot = plant.air.spots[address]
    return (
        round((temp_c + 45.0) / 175.0 * 65535),
        round(rh_pct / 100.0 * 65535),
        round(plant.air.lux * 1.2),
        0 if spot.wet else 1,
        0 if spot.silent else 1,
    )
