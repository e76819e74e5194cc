"""What clears an occupied aisle, from what the boards beside it say."""

from dataclasses import replace

import pytest

from edge.devices.carriage_modbus import silent
from edge.domain.block import Aisle
from edge.domain.clearing import Sensor, clearing

OPEN = Aisle(3, 900, "occupied", "opened", 3, 4)


def board(column):
    heard = replace(silent(column, column), online=True, age_ms=50, open_inputs=())
    return replace(heard, gap_left_mm=900, gap_right_mm=900)


def test_an_open_aisle_is_walked_and_a_closed_one_reset_at_its_mouth():
    boards = [board(3), board(4)]
    assert clearing(OPEN, boards).steps == ("walk",)
    assert clearing(replace(OPEN, gap_mm=180), boards).steps == ("mouth",)
    assert clearing(replace(OPEN, gap_mm=300), boards).steps == ("walk",)
    assert clearing(replace(OPEN, state="clear"), boards).steps == ()


@pytest.mark.parametrize("gap_mm", [181, 210, 299])
def test_an_aisle_that_a_stop_left_too_narrow_to_walk_is_cranked_before_it_is_walked(gap_mm):
    assert clearing(replace(OPEN, gap_mm=gap_mm), [board(3), board(4)]).steps == ("crank", "walk")
    assert clearing(replace(OPEN, gap_mm=gap_mm, state="clear"), [board(3), board(4)]).steps == ()


@pytest.mark.parametrize(
    ("said", "sensor", "step"),
    [
        ({"open_inputs": ("beam_right_ok",)}, "beam_right_ok", "leave_the_beam"),
        ({"open_inputs": ("mouth_right_released",)}, "mouth_right_released", "release_button"),
        ({"open_inputs": ("crank_out",)}, "crank_out", "take_crank_out"),
        ({"gap_right_mm": None}, "gap", "check_gap_sensor"),
    ],
)
def test_the_sensor_is_named_with_its_column_and_its_cause_is_removed_before_the_walk(said, sensor, step):
    found = clearing(OPEN, [replace(board(3), **said), board(4)])
    assert found.sensors == (Sensor(3, sensor),)
    assert found.steps == (step, "walk")


def test_a_sensor_of_the_aisle_at_the_other_face_is_not_named():
    found = clearing(OPEN, [replace(board(3), open_inputs=("beam_left_ok",)), board(4)])
    assert found.sensors == ()


def test_a_silent_gap_sensor_never_shortens_the_walk():
    closed = replace(OPEN, gap_mm=20)
    found = clearing(closed, [board(3), replace(board(4), gap_left_mm=None)])
    assert found.steps == ("check_gap_sensor", "walk")


def test_a_board_that_does_not_answer_or_holds_a_fault_comes_first():
    assert clearing(OPEN, [silent(3, 3), board(4)]).steps == ("check_board", "walk")
    faulty = replace(board(3), faults=("stall",), open_inputs=("beam_right_ok",))
    assert clearing(OPEN, [faulty, board(4)]).steps == ("clear_fault", "leave_the_beam", "walk")


def test_a_crank_is_out_before_its_fault_is_reset():
    cranked = replace(board(3), faults=("crank",), open_inputs=("crank_out",))
    assert clearing(OPEN, [cranked, board(4)]).steps == ("take_crank_out", "clear_fault", "walk")
