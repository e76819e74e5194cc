"""The safe program on a whole board: it answers, names itself, moves nothing and takes a new image."""

import pytest

from firmware import registers as r
from firmware.carriage.drive import FAULT
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

MOVER, SENSORS = 5, 21


@pytest.fixture
def room(monkeypatch):
    monkeypatch.setattr("firmware.SLOT", "safe")
    room = Lockstep(open_aisle=4)
    room.run(500)
    return room


def test_a_carriage_in_safe_mode_reads_as_a_fault_with_everything_unknown_and_occupied(room):
    master = Master(room)
    state = master.state(MOVER)
    assert (state[r.IR_RUN_STATE], master.faults(MOVER)) == (r.STATE_FAULT, {"safe_mode"})
    assert (state[r.IR_POSITION_MM], state[r.IR_GAP_LEFT_MM]) == (r.UNKNOWN, r.UNKNOWN)
    assert (state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]) == (r.AISLE_OCCUPIED, r.AISLE_OCCUPIED)
    assert master.read(MOVER, r.IR_SLOT, 1) == [r.SLOT_SAFE]
    assert master.read(MOVER, r.IR_FLASH_OK, 1) == [0]


def test_neither_commands_nor_permits_nor_start_nor_reset_make_it_move(room):
    master = Master(room)
    master.permit_for = 7
    for code in (r.CMD_ARM, r.CMD_FIND, r.CMD_REFERENCE, r.CMD_LIGHT):
        master.write(MOVER, r.HR_COMMAND, [code, code, 7, 2550, 50, 0, r.SIDE_RIGHT, r.SIDE_LEFT])
    room.do("walk_all")
    for act in ("reset_press", "start_press"):
        room.act(act)
        master.run(3000)
    outputs = room.plant.wiring.outputs[MOVER]
    assert not outputs.enable and not outputs.brake_release
    assert master.faults(MOVER) == {"safe_mode"}


def test_a_sensor_board_in_safe_mode_has_no_good_value_and_says_why(room):
    state = Master(room).block(SENSORS, r.IR_SENSE, r.IR_SENSE_COUNT)
    assert (state[r.IR_SENSE_OK], state[r.IR_SENSE_FAULTS]) == (0, r.SENSE_FAULT_SAFE)


def test_it_takes_a_new_image(room):
    master = Master(room)
    master.write(MOVER, r.HR_UPDATE, [r.DO_BEGIN, 0x1234, 0x5678, 900])
    master.run(200)
    words = master.read(MOVER, r.IR_UPDATE_STATE, 6)
    assert words == [r.UPDATE_RECEIVING, 0, r.FILE_MANIFEST, 0, 0x1234, 0x5678]


def test_the_bit_of_safe_mode_is_latched_by_no_other_program():
    room = Lockstep(open_aisle=4)
    room.run(500)
    state = Master(room).state(MOVER)
    assert not (state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]) & FAULT["safe_mode"]
