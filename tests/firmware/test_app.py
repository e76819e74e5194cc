"""The whole board in the lock-step bench: real app, real hal.py, the plant behind its pins."""

import json

import pytest

from firmware import registers as r
from firmware.carriage.drive import FAULT
from firmware.config import FILE
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

OPEN_AISLE = 4
MOVER = 5  # closes aisle 4, opens aisle 5
HOME_MM = 3450
AWAY_MM = 2550


@pytest.fixture
def room():
    room = Lockstep(open_aisle=OPEN_AISLE)
    room.run(500)
    return room


@pytest.fixture
def master(room):
    return Master(room)


def faults(state):
    bits = state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]
    return {name for name, bit in r.FAULTS if bits & bit}


def make_ready(room, master):
    room.do("walk_all")
    master.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))


def start(room, master, move_id=7):
    make_ready(room, master)
    assert master.arm(MOVER, AWAY_MM, r.SIDE_RIGHT, move_id) == r.ACK_ACCEPTED
    master.permit_for = move_id
    master.run(150)
    room.act("start_press")
    master.run(4000)
    assert master.state(MOVER)[r.IR_RUN_STATE] == r.STATE_MOVING


def test_after_power_up_a_board_names_itself_and_believes_nothing(master):
    words = master.read(MOVER, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
    assert words[r.IR_MAP_VERSION] == r.MAP_VERSION
    assert words[r.IR_BOARD_KIND] == r.KIND_CARRIAGE
    assert words[r.IR_BOOT_COUNT] == 1
    assert words[r.IR_BOOT_REASON] == r.BOOT_POWER_ON
    assert words[r.IR_ADDRESS] == MOVER
    assert words[r.IR_FLASH_OK] == 1
    state = master.state(MOVER)
    assert state[r.IR_RUN_STATE] == r.STATE_UNKNOWN
    assert state[r.IR_POSITION_MM] == r.UNKNOWN
    assert state[r.IR_GAP_LEFT_MM] in range(895, 906)
    assert (state[r.IR_AISLE_LEFT], state[r.IR_WHY_LEFT]) == (r.AISLE_OCCUPIED, r.WHY_POWER_UP)
    assert faults(state) == set()


def test_each_reply_carries_address_and_a_rolling_number(master):
    first, second = master.state(MOVER)[r.IR_WHO], master.state(MOVER)[r.IR_WHO]
    assert first >> 8 == second >> 8 == MOVER
    assert second & 0xFF == (first & 0xFF) + 1


def test_the_carriage_goes_where_it_was_sent_and_says_so(room, master):
    start(room, master)
    assert master.run_until(lambda: not room.plant.wiring.outputs[MOVER].enable, 30_000)
    state = master.state(MOVER)
    assert state[r.IR_END_REASON] == r.END_REACHED
    assert abs(state[r.IR_POSITION_MM] - AWAY_MM) <= 2
    assert abs(room.plant.rail.pose_mm()[MOVER] - AWAY_MM) <= 3
    assert state[r.IR_AISLE_RIGHT] == r.AISLE_OCCUPIED
    assert state[r.IR_PEAK_MA] > 0
    assert master.state(MOVER + 1)[r.IR_AISLE_LEFT] == r.AISLE_OCCUPIED
    assert json.loads(room.flash[MOVER].files["boot.json"])["running"] is False


def test_a_broadcast_stop_takes_voltage_from_the_motor_before_the_permit_would(room, master):
    start(room, master)
    before_ms = room.now_ms
    master.stop()
    assert room.run_until(lambda: not room.plant.wiring.outputs[MOVER].enable, 100)
    assert room.now_ms - before_ms <= 30
    assert master.state(MOVER)[r.IR_END_REASON] == r.END_STOPPED


def test_permits_that_cease_stop_the_motor_within_300_ms(room, master):
    start(room, master)
    master.permit_for = 0
    before_ms = room.now_ms
    assert room.run_until(lambda: not room.plant.wiring.outputs[MOVER].enable, 1000)
    assert room.now_ms - before_ms <= r.PERMIT_MS + 30
    assert master.state(MOVER)[r.IR_END_REASON] == r.END_PERMIT_LOST


def test_half_a_command_and_a_broadcast_command_are_no_command(room, master):
    make_ready(room, master)
    before = master.state(MOVER)
    whole = [999, r.CMD_ARM, 7, AWAY_MM, 50, 0, r.SIDE_RIGHT, 0]
    master.write(MOVER, r.HR_COMMAND, whole[:7])
    master.run(20)
    master.write(r.BROADCAST, r.HR_COMMAND, whole)
    master.run(1000)
    after = master.state(MOVER)
    assert after[r.IR_ACK_SEQ] == before[r.IR_ACK_SEQ]
    assert after[r.IR_RUN_STATE] == r.STATE_READY


def test_a_command_repeated_after_a_lost_answer_is_done_once(room, master):
    make_ready(room, master)
    whole = [999, r.CMD_ARM, 7, AWAY_MM, 50, 0, r.SIDE_RIGHT, 0]
    master.write(MOVER, r.HR_COMMAND, whole)
    master.run(1000)
    assert master.state(MOVER)[r.IR_RUN_STATE] == r.STATE_ARMED
    assert master.command(MOVER, r.CMD_DISARM) == r.ACK_ACCEPTED
    master.write(MOVER, r.HR_COMMAND, [master.state(MOVER)[r.IR_ACK_SEQ], *whole[1:]])
    master.run(1000)
    assert master.state(MOVER)[r.IR_RUN_STATE] == r.STATE_READY


def test_rule_7_a_reset_in_mid_move_is_latched_and_nothing_resumes(room, master):
    start(room, master)
    room.restart_board(MOVER, "watchdog")
    master.run(1000)
    state = master.state(MOVER)
    assert "reset_in_motion" in faults(state)
    assert state[r.IR_POSITION_MM] == r.UNKNOWN
    assert (state[r.IR_AISLE_LEFT], state[r.IR_AISLE_RIGHT]) == (r.AISLE_OCCUPIED, r.AISLE_OCCUPIED)
    assert master.read(MOVER, r.IR_BOOT_REASON, 1) == [r.BOOT_WATCHDOG]
    stood_mm = room.plant.rail.pose_mm()[MOVER]
    room.act("start_press")
    master.run(4000)
    assert abs(room.plant.rail.pose_mm()[MOVER] - stood_mm) < 0.01
    room.do("reset_press")
    assert faults(master.state(MOVER)) == set()


def test_latched_faults_outlive_a_power_cut(room, master):
    room.do("estop_press")
    room.run(200)
    room.do("estop_release")
    room.restart_board(MOVER)
    room.run(500)
    assert faults(master.state(MOVER)) == {"estop"}


def test_a_move_that_ended_before_the_reset_leaves_no_fault(room, master):
    start(room, master)
    master.stop()
    master.run(200)
    room.restart_board(MOVER)
    room.run(500)
    assert faults(master.state(MOVER)) == set()


@pytest.mark.parametrize("name", ["latches.json", "boot.json"])
def test_a_damaged_flash_file_is_treated_as_the_worst_it_could_have_said(room, master, name):
    room.flash[MOVER].files[name] = b'{"faults": '
    room.restart_board(MOVER)
    room.run(500)
    state = master.state(MOVER)
    assert faults(state) == {"reset_in_motion"}
    assert master.read(MOVER, r.IR_FLASH_OK, 1) == [0]


def test_a_board_without_configuration_answers_elsewhere_and_never_moves(room, master):
    del room.flash[MOVER].files[FILE]
    room.restart_board(MOVER)
    room.run(500)
    app = room.boards[MOVER].app
    assert app.slave.address == 247
    assert app.safety.faults == FAULT["config"]
    room.do("reset_press")
    assert app.safety.faults == FAULT["config"]


def test_a_start_by_a_person_reaches_only_the_board_that_is_armed(room, master):
    make_ready(room, master)
    assert master.arm(MOVER, AWAY_MM, r.SIDE_RIGHT, 7) == r.ACK_ACCEPTED
    master.permit_for = 7
    master.run(150)
    room.act("start_press")
    master.run(5000)
    enabled = [column for column, out in room.plant.wiring.outputs.items() if out.enable]
    assert enabled == [MOVER]


def test_rule_11_the_lamp_of_an_occupied_aisle_stays_lit_whatever_the_node_asks(room, master):
    room.run(100)
    assert master.command(MOVER, r.CMD_LIGHT, arg=3, target=0) == r.ACK_ACCEPTED
    room.run(50)
    assert room.plant.wiring.outputs[MOVER].aisle_lights == 3
    assert room.plant.wiring.outputs[MOVER].slot_light == 3
    room.do("walk_all")
    room.run(100)
    assert room.plant.wiring.outputs[MOVER].aisle_lights == 0


@pytest.mark.parametrize("signal", ["gas", "fire"])
def test_rule_11_every_aisle_is_lit_from_gas_or_fire_until_reset_at_the_block(room, master, signal):
    room.do("walk_all")
    room.act(signal)
    room.run(100)
    room.act(signal, on=False)
    room.run(100)
    assert {out.aisle_lights for out in room.plant.wiring.outputs.values()} == {3}
    room.do("reset_press")
    room.run(500)
    assert {out.aisle_lights for out in room.plant.wiring.outputs.values()} == {0}


def test_a_sensor_board_reports_its_climate_and_marks_a_silent_chip(room, master):
    room.run(1500)
    words = master.read(21, r.IR_SENSE, r.IR_SENSE_COUNT)
    sense = {r.IR_SENSE + at: word for at, word in enumerate(words)}
    temp_c, rh_pct = room.plant.air.at(21)
    assert abs(sense[r.IR_TEMP_CC] - temp_c * 100) <= 20
    assert abs(sense[r.IR_RH_CPCT] - rh_pct * 100) <= 50
    assert sense[r.IR_SENSE_OK] == r.SENSE_TEMP | r.SENSE_RH | r.SENSE_LUX | r.SENSE_LEAK
    assert sense[r.IR_LEAK] == 0
    room.plant.air.spots[21].silent = True
    room.run(4000)
    words = master.read(21, r.IR_SENSE, r.IR_SENSE_COUNT)
    sense = {r.IR_SENSE + at: word for at, word in enumerate(words)}
    assert sense[r.IR_SENSE_OK] == r.SENSE_LEAK
    assert sense[r.IR_TEMP_CC] == r.UNKNOWN
    assert sense[r.IR_SENSE_FAULTS] & r.SENSE_FAULT_CLIMATE_SILENT


def test_rule_5_no_message_frees_an_aisle(room, master):
    """Every command there is, with every argument that names a side, as from a hostile node."""
    neighbour = MOVER + 1
    before = [
        master.state(address)[one] for address in (MOVER, neighbour) for one in (r.IR_AISLE_LEFT, r.IR_AISLE_RIGHT)
    ]
    assert set(before) == {r.AISLE_OCCUPIED}
    seq = 500
    for code in range(12):
        for side in (r.SIDE_NONE, r.SIDE_LEFT, r.SIDE_RIGHT):
            seq += 1
            master.permit(7)
            master.write(r.BROADCAST, r.HR_COMMAND, [seq, code, 7, AWAY_MM, 50, 0, side, side])
    master.stop()
    master.run(500)
    after = [
        master.state(address)[one] for address in (MOVER, neighbour) for one in (r.IR_AISLE_LEFT, r.IR_AISLE_RIGHT)
    ]
    assert after == before


def test_rule_3_a_carriages_own_button_is_counted_for_the_node_and_moves_nothing(room, master):
    make_ready(room, master)
    before = master.state(MOVER)[r.IR_CHOSEN]
    for _ in range(3):
        room.do("press_button", which="choose", aisle=MOVER)
    state = master.state(MOVER)
    assert (state[r.IR_CHOSEN] - before, state[r.IR_RUN_STATE]) == (3, r.STATE_READY)
    assert master.state(MOVER + 1)[r.IR_CHOSEN] >> 8 == 3, "the carriage on the other side counts them too"
    assert room.plant.violations == []
