"""Real firmware and plant in lock-step: shelving-safety.md, rule by rule. Each test names its rule."""

from __future__ import annotations

import pytest

from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

MOVE = 77
MOVER = 5  # opens aisle 5 by going left into the open aisle 4
TARGET_MM = 2550


def found(node: Master, room: Lockstep) -> None:
    """One person holds Start while every carriage is found."""
    node.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))


@pytest.fixture
def room() -> Lockstep:
    """A block that has been walked and found: every carriage ready, aisle 4 open."""
    bench = Lockstep()
    bench.run(500)
    bench.do("walk_all")
    found(Master(bench), bench)
    return bench


@pytest.fixture
def node(room: Lockstep) -> Master:
    return Master(room, first_seq=1000)


def x_mm(room: Lockstep, column: int = MOVER) -> float:
    return room.plant.rail.carriages[column].x_mm


def turning(room: Lockstep) -> list[int]:
    return [no for no, carriage in room.plant.rail.carriages.items() if carriage.drive != 0.0]


def armed(node: Master) -> None:
    assert node.arm(MOVER, TARGET_MM, r.SIDE_RIGHT, MOVE) == r.ACK_ACCEPTED
    node.permit_for = MOVE
    node.run(300)


def moving(room: Lockstep, node: Master) -> None:
    """Half-way through a proper move."""
    armed(node)
    room.act("start_press")
    node.run(5_000)
    assert turning(room) == [MOVER]


def test_rules_2_3_and_4_an_armed_move_with_start_and_permit_reaches_its_target(room, node) -> None:
    armed(node)
    state = node.state(MOVER)
    assert state[r.IR_RUN_STATE] == r.STATE_ARMED
    assert state[r.IR_PROOF] == r.PROOF_ALL
    assert room.plant.wiring.start_lamp
    room.act("start_press")
    node.run(1_000)
    assert node.state(MOVER)[r.IR_RUN_STATE] == r.STATE_WARNING
    assert turning(room) == []
    node.run(24_000)
    state = node.state(MOVER)
    assert (state[r.IR_RUN_STATE], state[r.IR_END_REASON]) == (r.STATE_READY, r.END_REACHED)
    assert abs(x_mm(room) - TARGET_MM) < 3
    assert room.plant.violations == []


def test_rule_5_the_aisle_that_was_opened_is_occupied_on_both_its_boards_when_the_motor_stops(room, node) -> None:
    armed(node)
    room.act("start_press")
    node.run(25_000)
    assert node.state(MOVER)[r.IR_AISLE_RIGHT] == r.AISLE_OCCUPIED
    assert node.state(MOVER + 1)[r.IR_AISLE_LEFT] == r.AISLE_OCCUPIED
    assert node.arm(MOVER, 3000, r.SIDE_LEFT, MOVE + 1) == r.ACK_OCCUPIED
    assert room.plant.violations == []


def test_rule_3_without_start_nothing_moves_and_the_offer_lapses(room, node) -> None:
    armed(node)
    before = room.plant.rail.pose_mm()
    node.run(12_000)
    assert room.plant.rail.pose_mm() == before
    assert node.state(MOVER)[r.IR_END_REASON] == r.END_NOT_STARTED
    assert not room.plant.wiring.start_lamp
    assert room.plant.violations == []


def test_rule_3_a_hostile_master_with_valid_permits_and_commands_moves_nothing(room, node) -> None:
    before = room.plant.rail.pose_mm()
    for move_id in range(200, 212):
        for address in (4, 5, 6):
            node.arm(address, TARGET_MM, r.SIDE_RIGHT, move_id)
        for _ in range(20):
            node.permit(move_id)
            node.write(r.BROADCAST, r.HR_COMMAND, [move_id, r.CMD_ARM, move_id, TARGET_MM, 50, 0, r.SIDE_RIGHT, 0])
            node.run(50)
        assert turning(room) == []
        node.command(5, r.CMD_DISARM)
    assert room.plant.rail.pose_mm() == before
    assert room.plant.violations == []


def test_rule_3_a_start_button_held_down_before_the_offer_starts_nothing(room, node) -> None:
    room.act("start_hold")
    room.run(200)
    before = room.plant.rail.pose_mm()
    node.arm(MOVER, TARGET_MM, r.SIDE_RIGHT, MOVE)
    node.permit_for = MOVE
    node.run(11_000)
    assert room.plant.rail.pose_mm() == before
    assert room.plant.violations == []


def test_rule_4_when_the_permit_ends_the_motor_is_off_within_300_ms(room, node) -> None:
    moving(room, node)
    node.permit_for = 0
    room.run(r.PERMIT_MS + 40)  # one control loop and the way of the last permit
    assert turning(room) == []
    state = node.state(MOVER)
    assert state[r.IR_END_REASON] == r.END_PERMIT_LOST
    assert node.faults(MOVER) == set()
    assert state[r.IR_POSITION_MM] != r.UNKNOWN
    assert room.plant.violations == []


def test_rule_4_replayed_permits_keep_nothing_moving(room, node) -> None:
    moving(room, node)
    node.permit_for = 0
    for _ in range(10):
        node.permit_seq -= 1
        node.permit(MOVE)
        room.run(60)
    assert turning(room) == []
    assert room.plant.violations == []


def test_stop_takes_the_motor_off_at_once_and_leaves_no_fault(room, node) -> None:
    moving(room, node)
    node.stop()
    room.run(20)
    assert turning(room) == []
    state = node.state(MOVER)
    assert state[r.IR_END_REASON] == r.END_STOPPED
    assert node.faults(MOVER) == set()
    before = room.plant.rail.pose_mm()
    node.run(3_000)
    assert room.plant.rail.pose_mm()[MOVER] == pytest.approx(before[MOVER], abs=5)
    assert room.plant.violations == []


def test_rule_1_the_emergency_stop_acts_in_the_wires_and_is_a_latched_fault(room, node) -> None:
    moving(room, node)
    before = x_mm(room)
    room.act("estop_press")
    node.run(100)
    assert turning(room) == []
    assert before - x_mm(room) < 15
    assert "estop" in node.faults(MOVER)
    room.act("estop_release")
    node.run(500)
    assert node.arm(MOVER, TARGET_MM, r.SIDE_RIGHT, MOVE + 1) == r.ACK_FAULT
    room.do("reset_press")
    assert node.faults(MOVER) == set()
    assert turning(room) == []
    assert room.plant.violations == []


def test_rule_3_a_neighbour_that_tests_its_circuits_in_mid_move_stops_the_move_which_does_not_resume(
    room, node
) -> None:
    moving(room, node)
    assert node.arm(8, 5000, r.SIDE_RIGHT, MOVE + 1) in (r.ACK_ACCEPTED, r.ACK_PROOF)
    assert turning(room) == []
    at_mm = x_mm(room)
    node.run(3_000)
    assert x_mm(room) == pytest.approx(at_mm, abs=1)
    assert node.faults(MOVER) == {"chain_open"}
    assert room.plant.violations == []


@pytest.mark.parametrize("aisle", [4, 5])
def test_rule_6_somebody_stepping_into_an_aisle_beside_the_moving_carriage_stops_it(room, node, aisle) -> None:
    armed(node)
    room.act("start_press")
    node.run(12_000)  # both bordering aisles are about 450 mm wide now
    assert turning(room) == [MOVER]
    before = x_mm(room)
    room.act("enter", aisle=aisle)
    node.run(200)
    assert turning(room) == []
    assert before - x_mm(room) < 100
    node.run(10_000)
    state = node.state(MOVER)
    assert state[r.IR_AISLE_LEFT if aisle == MOVER - 1 else r.IR_AISLE_RIGHT] == r.AISLE_OCCUPIED
    assert state[r.IR_END_REASON] in (r.END_FAULT, r.END_OCCUPIED)
    assert room.plant.violations == []


def test_rule_9_a_stool_in_the_aisle_stops_the_carriage_at_its_edge(room, node) -> None:
    room.act("obstacle", aisle=4, width_mm=250)
    moving(room, node)
    node.run(20_000)
    assert "edge_left" in node.faults(MOVER)
    assert x_mm(room) > room.plant.obstacles["obstacle 4"].right_mm - 10
    assert room.plant.violations == []


def test_rule_9_a_jammed_carriage_stops_with_a_named_fault(room, node) -> None:
    moving(room, node)
    room.act("jammed", column=MOVER)
    node.run(3_000)
    assert node.faults(MOVER) & {"stall", "over_current", "no_progress"}
    assert turning(room) == []
    assert room.plant.violations == []


@pytest.mark.parametrize(
    ("fault", "args"),
    [
        ("silent_circuit", {"column": MOVER, "circuit": "beam_left"}),
        ("silent_circuit", {"column": MOVER, "circuit": "edge_right"}),
        ("silent_circuit", {"column": MOVER, "circuit": "estop"}),
        ("silent_circuit", {"column": MOVER, "circuit": "fire"}),
        ("silent_circuit", {"column": MOVER, "circuit": "crank"}),
    ],
)
def test_rule_2_a_circuit_that_does_not_answer_its_test_blocks_the_start(room, node, fault, args) -> None:
    room.act(fault, **args)
    assert node.arm(MOVER, TARGET_MM, r.SIDE_RIGHT, MOVE) == r.ACK_PROOF
    node.permit_for = MOVE
    room.act("start_press")
    node.run(5_000)
    assert "proof_failed" in node.faults(MOVER)
    assert turning(room) == []


def test_rule_2_a_welded_contactor_blocks_the_next_start(room, node) -> None:
    moving(room, node)
    room.act("welded_contactor", column=MOVER)
    node.stop()
    node.permit_for = 0
    node.run(1_000)
    assert turning(room) == []
    assert "contactor_welded" in node.faults(MOVER)
    room.do("reset_press")
    assert "contactor_welded" in node.faults(MOVER)
    assert room.plant.violations == []


def test_rule_5_a_stuck_reset_button_is_a_fault_and_its_aisle_occupied(room, node) -> None:
    room.act("stuck_button", button="mouth", aisle=4)
    room.run(11_000)
    state = node.state(MOVER)
    assert "button_stuck" in node.faults(MOVER)
    assert state[r.IR_AISLE_LEFT] == r.AISLE_OCCUPIED


def test_rule_5_an_aisle_whose_laser_falls_silent_counts_as_occupied(room, node) -> None:
    room.act("gap_sensor", column=MOVER, side="right", milliamps=0.0)
    room.run(500)
    state = node.state(MOVER)
    assert state[r.IR_GAP_RIGHT_MM] == r.UNKNOWN
    assert state[r.IR_AISLE_RIGHT] == r.AISLE_OCCUPIED
    assert node.arm(MOVER, TARGET_MM, r.SIDE_RIGHT, MOVE) == r.ACK_OCCUPIED


def test_rule_9_a_carriage_pushed_without_command_loses_its_place_and_drops_the_room(room, node) -> None:
    room.act("push", column=MOVER, by_mm=-40)
    room.run(300)
    state = node.state(MOVER)
    assert "moved_unasked" in node.faults(MOVER)
    assert state[r.IR_POSITION_MM] == r.UNKNOWN
    assert room.plant.wiring.outputs[MOVER].room_drop
    assert not room.plant.wiring.chain


def test_rule_9_a_low_supply_starts_nothing(room, node) -> None:
    room.act("supply", millivolts=20_000)
    room.run(100)
    assert node.arm(MOVER, TARGET_MM, r.SIDE_RIGHT, MOVE) == r.ACK_SUPPLY
    assert room.plant.violations == []


def test_rule_11_fire_stops_everything_and_nothing_moves_until_it_is_cleared_at_the_block(room, node) -> None:
    moving(room, node)
    room.act("fire", on=True)
    node.run(200)
    assert turning(room) == []
    before = room.plant.rail.pose_mm()
    room.do("reset_press")
    assert "fire" in node.faults(MOVER)
    room.act("start_press")
    node.run(3_000)
    assert room.plant.rail.pose_mm() == before
    assert room.plant.violations == []
