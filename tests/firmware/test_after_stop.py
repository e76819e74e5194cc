"""Rule 2 when people are quick: the next move is chosen right after STOP, or in the middle of another self-test."""

from random import Random

import pytest
from rig import MOVE, Rig

from edge.devices import carriage_modbus
from edge.domain.aisles import positions
from edge.domain.poses import plan_pose
from firmware import registers as r
from firmware.carriage.drive import FAULT
from firmware.carriage.snapshot import IN
from hardware_tests.master import Master
from hardware_tests.virtual.layouts import demo_layout
from hardware_tests.virtual.lockstep import Lockstep

SIDES = {"none": r.SIDE_NONE, "left": r.SIDE_LEFT, "right": r.SIDE_RIGHT}


def chosen(rig, move_id=MOVE + 1):
    """The next order, without a loop in between."""
    return rig.motion.arm(rig.safety, rig.snap, move_id, 2550, 50, 0, r.SIDE_RIGHT)


def answer(rig, loops=200):
    while rig.motion.ack is None and loops:
        rig.loop()
        loops -= 1
    ack, rig.motion.ack = rig.motion.ack, None
    return ack


@pytest.mark.parametrize("delay_ms", [0, 10, 30, 80, 110, 150, 400])
def test_rule_2_the_self_test_waits_until_the_contactors_have_dropped_and_the_carriage_stands(delay_ms):
    rig = Rig().moving(opens=r.SIDE_NONE)
    rig.drop_out_ms, rig.extra_um_s = 120, -40_000
    rig.motion.stop(rig.safety)
    rig.run(delay_ms)
    assert chosen(rig) is None
    for _ in range(max(0, 150 - delay_ms) // 10):
        rig.loop()
        assert rig.motion.proof.tests == 0, "it still coasts"
    rig.extra_um_s = 0
    assert answer(rig) == r.ACK_ACCEPTED
    assert (rig.safety.faults, rig.motion.proved) == (0, r.PROOF_ALL)


def test_rule_2_a_loop_that_comes_late_judges_no_circuit_before_it_was_opened():
    for late_ms in (20, 40, 100, 200):
        for loops in range(0, 50, 7):
            rig = Rig().ready()
            assert chosen(rig) is None
            for _ in range(loops):
                rig.loop()
            rig.loop(late_ms)
            assert answer(rig) == r.ACK_ACCEPTED, (late_ms, loops)


def test_rule_2_what_an_ended_self_test_had_opened_has_closed_before_the_next_begins():
    for loops in range(0, 50, 2):
        rig = Rig().ready()
        assert chosen(rig) is None
        for _ in range(loops):
            rig.loop()
        slow = {name for name, bit in IN.items() if bit & rig.motion.proof.masked}
        rig.motion.stop(rig.safety)
        assert chosen(rig, MOVE + 2) is None
        rig.open |= slow  # its relay needs a moment
        rig.run(20)
        rig.open.clear()
        assert (answer(rig), rig.safety.faults) == (r.ACK_ACCEPTED, 0), loops


def test_rule_2_a_carriage_that_never_comes_to_rest_is_not_proved():
    rig = Rig().ready()
    rig.drop_out_ms = 10_000
    rig.contactor_closed = True
    assert chosen(rig) is None
    assert answer(rig) == r.ACK_FAULT
    assert rig.safety.faults == FAULT["contactor_welded"]
    rig = Rig().ready()
    assert chosen(rig) is None
    rig.extra_um_s = -40_000
    assert answer(rig) == r.ACK_FAULT
    assert rig.safety.faults == FAULT["moved_unasked"]


def test_rule_2_somebody_who_walks_in_during_the_self_test_ends_it_and_no_circuit_is_blamed():
    rig = Rig().ready()
    assert chosen(rig) is None
    rig.run(150)
    rig.open.add("beam_right_ok")
    assert answer(rig) == r.ACK_OCCUPIED
    assert (rig.safety.faults, rig.safety.right.why) == (0, r.WHY_BEAM)


def test_rule_2_stop_and_then_ventilate_at_any_moment_proves_every_board():
    """The whole bus: STOP falls at random into the self-tests of one pose, the next is chosen at random after it."""
    dice, layout = Random(4), demo_layout()
    room = Lockstep(layout, open_aisle=4)
    room.run(500)
    room.do("walk_all")
    node = Master(room)
    node.find_all(layout, lambda held: room.act("start_hold" if held else "start_release"))
    carriages = [column for column in layout.columns if column.address is not None]
    told = [
        carriage_modbus.report(c.no, c.address, node.read(c.address, r.IR_STATE, r.IR_STATE_COUNT), WHO)
        for c in carriages
    ]
    plan = plan_pose(layout, positions(layout, told), "ventilate")
    assert len(plan.moves) >= 2
    seq = 2000
    for move_id in range(10, 26):
        for again in (False, True):
            for move in plan.moves:
                seq += 1
                words = [seq, r.CMD_ARM, 2 * move_id + again, move.to_mm, 50, move.start_delay_ms, SIDES[move.opens], 0]
                node.write(layout.columns[move.column - 1].address, r.HR_COMMAND, words)
            if not again:
                node.run(dice.randint(0, 500))
                node.stop()
                node.run(dice.randint(0, 30))
        node.run(700)
        for move in plan.moves:
            address = layout.columns[move.column - 1].address
            state = node.state(address)
            assert (node.faults(address), state[r.IR_ACK_RESULT]) == (set(), r.ACK_ACCEPTED)
            assert state[r.IR_PROOF] == r.PROOF_ALL
        node.stop()
        node.run(dice.randint(0, 30))


WHO = carriage_modbus.Identity(r.MAP_VERSION, 0x100, r.KIND_CARRIAGE, 0, 1, r.BOOT_POWER_ON, 0, 0, 0, True)
