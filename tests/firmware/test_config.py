"""What a board believes about itself, and what it reads from its pins."""

import pytest
from rig import CONFIG

from firmware import board, config
from firmware.carriage.snapshot import ALL_IN, Snapshot, gap_mm
from firmware.registers import CONFIG_FIELDS, INPUTS, KIND_CARRIAGE, KIND_SENSORS


def u16_of_ma(ma):
    return round(ma * board.SHUNT_OHM / board.ADC_FULL_MV * board.ADC_FULL)


def test_a_sealed_configuration_opens_again():
    assert config.opened(KIND_CARRIAGE, config.sealed(KIND_CARRIAGE, CONFIG)) == CONFIG


@pytest.mark.parametrize("name", CONFIG_FIELDS)
def test_a_configuration_with_any_value_altered_is_none_at_all(name):
    file = config.sealed(KIND_CARRIAGE, CONFIG)
    file[name] ^= 1
    assert config.opened(KIND_CARRIAGE, file) is None


@pytest.mark.parametrize("name", [*CONFIG_FIELDS, "crc", "kind"])
def test_a_configuration_with_a_value_missing_is_none_at_all(name):
    file = config.sealed(KIND_CARRIAGE, CONFIG)
    del file[name]
    assert config.opened(KIND_CARRIAGE, file) is None


@pytest.mark.parametrize(
    "wrong", [{"address": 0}, {"address": 248}, {"min_mm": 3450}, {"find_speed_mm_s": 26}, {"max_mm": 6300}]
)
def test_an_impossible_configuration_is_refused_though_its_crc_is_right(wrong):
    assert config.opened(KIND_CARRIAGE, config.sealed(KIND_CARRIAGE, {**CONFIG, **wrong})) is None


def test_a_sensor_boards_configuration_is_not_a_carriages():
    file = config.sealed(KIND_SENSORS, {"address": 21})
    assert config.opened(KIND_SENSORS, file) == {"address": 21}
    assert config.opened(KIND_CARRIAGE, file) is None


@pytest.mark.parametrize(
    ("ma", "mm"), [(4.0, 0), (20.0, 1200), (12.0, 600), (0.0, None), (3.5, None), (20.7, None), (3.9, 0)]
)
def test_a_gap_is_known_only_between_a_live_four_and_twenty_milliamps(ma, mm):
    seen = gap_mm(u16_of_ma(ma))
    assert (seen is None) == (mm is None)
    assert seen is None or abs(seen - mm) <= 2


class Raw:
    """What hal.read() leaves behind."""

    raw_inputs = ALL_IN ^ board.RAW_TIED_LOW
    count = -50
    gap_left_u16 = gap_right_u16 = u16_of_ma(10.0)
    motor_u16 = 6553
    supply_u16 = 43330


def test_a_snapshot_is_in_units_and_the_tied_low_input_reads_as_tied():
    snap = Snapshot()
    for _ in range(3):
        snap.fill(Raw, 100)
    assert snap.bits == ALL_IN
    assert snap.travel_um == -5000
    assert abs(snap.gap_left_mm - 450) <= 2
    assert abs(snap.supply_mv - 24_000) <= 20
    assert abs(snap.motor_ma - 660) <= 2
    assert not snap.absent


def test_one_odd_sample_of_a_gap_is_not_believed_and_two_are():
    class Now(Raw):
        pass

    snap = Snapshot()
    for _ in range(3):
        snap.fill(Now, 100)
    Now.gap_left_u16 = 0
    snap.fill(Now, 100)
    assert snap.gap_left_mm is not None
    snap.fill(Now, 100)
    assert snap.gap_left_mm is None


def test_a_closed_contact_beside_a_wide_gap_makes_the_gap_unknown():
    class Touching(Raw):
        raw_inputs = Raw.raw_inputs & ~dict(INPUTS)["contact_left_open"]

    snap = Snapshot()
    for _ in range(3):
        snap.fill(Touching, 100)
    assert snap.gap_left_mm is None
    assert snap.gap_right_mm is not None


@pytest.mark.parametrize("pins", [board.CARRIAGE_PINS, board.SENSOR_PINS])
def test_no_pin_is_used_twice_and_every_gpio_exists(pins):
    numbers = [row[board.GPIO] for row in pins]
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number <= 29 for number in numbers)
    assert len({row[board.NAME] for row in pins}) == len(pins)


def test_encoder_phases_are_neighbours_and_every_input_has_a_place_in_the_chain():
    assert board.gpio(board.CARRIAGE_PINS, "encoder_b") == board.gpio(board.CARRIAGE_PINS, "encoder_a") + 1
    assert [name for name, _, _ in board.SHIFT_INPUTS[: len(INPUTS)]] == [name for name, _ in INPUTS]
    assert len(board.SHIFT_INPUTS) == 8 * board.SHIFT_BYTES
