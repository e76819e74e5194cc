"""Registers to reports and commands to registers; strange values read as the unsafe case."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.devices import carriage_modbus as modbus
from edge.devices import sensors_modbus
from firmware import config
from firmware import registers as r
from hardware_tests.virtual.layouts import demo_layout, demo_motion

WHO = modbus.Identity(r.MAP_VERSION, 0x100, r.KIND_CARRIAGE, 1, 3, 1, 9, 4, 0, True)
IN_ALL = sum(bit for _name, bit in r.INPUTS)


def block(**values: int) -> list[int]:
    words = [0] * r.IR_STATE_COUNT
    for name, value in values.items():
        words[getattr(r, name) - r.IR_STATE] = value
    return words


def test_a_state_block_becomes_a_report() -> None:
    words = block(
        IR_RUN_STATE=r.STATE_FAULT, IR_POSITION_MM=36000, IR_GAP_LEFT_MM=r.UNKNOWN, IR_GAP_RIGHT_MM=0xFFFD,
        IR_FAULTS_HI=1 << 7, IR_FAULTS_LO=1 << 8, IR_INPUTS_HI=IN_ALL >> 16, IR_INPUTS_LO=(IN_ALL & 0xFFFF) - 1,
        IR_AISLE_LEFT=r.AISLE_OCCUPIED, IR_WHY_LEFT=r.WHY_BEAM, IR_SPEED_MM_S=0x10000 - 50, IR_TARGET_MM=r.UNKNOWN,
        IR_PROOF=r.PROOF_ALL & ~2, IR_END_REASON=r.END_FAULT,
    )  # fmt: skip
    said = modbus.report(4, 4, words, WHO)
    assert (said.state, said.position_mm, said.gap_left_mm, said.gap_right_mm) == ("fault", 36000, None, 0)
    assert (said.faults, said.open_inputs, said.unproved) == (("stall", "occupied"), ("estop_ok",), ("contactor",))
    assert (said.aisle_left, said.why_left, said.aisle_right) == ("occupied", "beam", "clear")
    assert (said.speed_mm_s, said.target_mm, said.end_reason, said.boot_count) == (-50, None, "fault", 3)


@given(st.lists(st.integers(0, 0xFFFF), min_size=r.IR_STATE_COUNT, max_size=r.IR_STATE_COUNT))
@settings(max_examples=300, deadline=None)
def test_no_block_of_words_makes_decoding_fail_or_an_aisle_clear_by_chance(words) -> None:
    said = modbus.report(4, 4, words, WHO)
    modbus.words(words)
    assert said.aisle_left in ("clear", "opening") or said.aisle_left == "occupied"
    if words[r.IR_AISLE_LEFT - r.IR_STATE] > r.AISLE_OPENING:
        assert said.aisle_left == "occupied"
    bits = words[r.IR_FAULTS_HI - r.IR_STATE] << 16 | words[r.IR_FAULTS_LO - r.IR_STATE]
    assert len(said.faults) == bits.bit_count()


@given(st.lists(st.integers(0, 0xFFFF), min_size=r.IR_SENSE_COUNT, max_size=r.IR_SENSE_COUNT))
@settings(max_examples=100, deadline=None)
def test_no_sensor_block_makes_decoding_fail(words) -> None:
    said = sensors_modbus.report(21, words)
    assert (said.temp_cc is None) == (not words[5] & r.SENSE_TEMP)


def test_the_config_that_the_node_expects_has_the_boards_own_crc() -> None:
    for column in range(2, 10):
        values = modbus.board_config(demo_layout(), demo_motion(), column)
        assert modbus.config_crc(values) == config.crc(r.KIND_CARRIAGE, values)
        assert config.opened(r.KIND_CARRIAGE, config.sealed(r.KIND_CARRIAGE, values)) == values


def test_the_ends_of_travel_are_those_of_pressed_neighbours() -> None:
    values = modbus.board_config(demo_layout(), demo_motion(), 2)
    assert (values["min_mm"], values["max_mm"], values["left_is_board"], values["right_is_board"]) == (450, 1350, 0, 1)
    values = modbus.board_config(demo_layout(), demo_motion(), 9)
    assert (values["min_mm"], values["max_mm"], values["left_is_board"], values["right_is_board"]) == (5350, 6250, 1, 0)


def test_command_words_stand_in_the_order_of_the_map() -> None:
    words = modbus.command(
        9, r.CMD_ARM, move_id=3, target_mm=2550, speed_mm_s=50, start_delay_ms=600, opens="right", arg=7
    )
    assert len(words) == r.HR_COMMAND_COUNT
    at = {name: words[getattr(r, name) - r.HR_COMMAND] for name in ("HR_SEQ", "HR_CODE", "HR_MOVE_ID", "HR_TARGET_MM")}
    assert at == {"HR_SEQ": 9, "HR_CODE": r.CMD_ARM, "HR_MOVE_ID": 3, "HR_TARGET_MM": 2550}
    assert words[r.HR_SPEED_MM_S - r.HR_COMMAND :] == [50, 600, r.SIDE_RIGHT, 7]


def test_sequence_numbers_never_repeat_at_once_and_never_are_zero() -> None:
    assert [modbus.next_seq(seq) for seq in (0, 1, 0xFFFE, 0xFFFF)] == [1, 2, 0xFFFF, 1]
