"""Rule 2: each circuit answers its test, alone; what does not answer blocks the start and is named."""

import pytest
from rig import Rig

from firmware import registers as r
from firmware.bank import Bank
from firmware.board import TEST_CONTACTS
from firmware.carriage.chooser import Chooser
from firmware.carriage.drive import FAULT
from firmware.carriage.proof import PROOF
from firmware.carriage.report import Report
from firmware.carriage.snapshot import IN
from firmware.modbus_rtu import READ_INPUT


def test_rule_2_every_circuit_answers_alone_and_nothing_else_is_disturbed():
    rig = Rig().ready()
    assert rig.arm() == r.ACK_ACCEPTED
    assert rig.motion.proved == r.PROOF_ALL
    assert rig.safety.faults == 0
    assert not rig.motion.enable


@pytest.mark.parametrize("circuit", ["estop", "edge_left", "edge_right", "beam_left", "beam_right"])
def test_rule_2_a_silent_circuit_blocks_the_start_and_is_named(circuit):
    rig = Rig().ready()
    rig.deaf.add(circuit + "_ok")
    assert rig.arm() == r.ACK_PROOF
    assert rig.motion.proved == r.PROOF_ALL & ~PROOF[circuit]
    assert rig.safety.faults == FAULT["proof_failed"]


CONTACTS = {
    "crank": "crank_out", "level": "level_ok", "straight": "straight_ok", "fire": "fire_ok", "gas": "gas_ok",
    "leak": "leak_ok",
}  # fmt: skip


@pytest.mark.parametrize("contact", CONTACTS)
def test_rule_2_a_contact_that_reads_well_for_ever_blocks_the_start_and_is_named(contact):
    rig = Rig().ready()
    rig.deaf.add(CONTACTS[contact])
    assert rig.arm() == r.ACK_PROOF
    assert rig.motion.proved == r.PROOF_ALL & ~PROOF[contact]
    assert rig.safety.faults == FAULT["proof_failed"]


def in_the_contacts_test(rig):
    """Run on until their shared test output is driven and the relay has opened."""
    rig.motion.arm(rig.safety, rig.snap, 1, 2550, 50, 0, r.SIDE_RIGHT)
    while rig.motion.proof.tests != TEST_CONTACTS:
        rig.loop()
    rig.loop()


@pytest.mark.parametrize("contact", ["crank", "fire", "gas", "leak"])
def test_rule_2_a_contact_that_opens_in_the_middle_of_its_own_test_is_not_lost(contact):
    rig = Rig().ready()
    in_the_contacts_test(rig)
    assert rig.safety.faults == 0
    rig.open.add(CONTACTS[contact])
    rig.run(200)
    assert rig.safety.faults & FAULT[contact]
    assert not rig.motion.enable and rig.motion.proved != r.PROOF_ALL


def test_rule_2_no_other_ear_hears_of_the_fire_that_a_self_test_makes():
    rig, bank = Rig().ready(), Bank(5, r.IR_STATE_COUNT)
    report = Report(bank)

    def inputs():
        assert bank.find(READ_INPUT, r.IR_INPUTS_HI, 2)
        return bank.word(0) << 16 | bank.word(1)

    in_the_contacts_test(rig)
    assert not rig.snap.ok("fire_ok")
    report.put(rig.now_ms, rig.snap, rig.safety, rig.motion, Chooser())
    assert inputs() & IN["fire_ok"]
    rig.motion.stop(rig.safety)
    rig.open.add("fire_ok")
    rig.run(60)
    report.put(rig.now_ms, rig.snap, rig.safety, rig.motion, Chooser())
    assert not inputs() & IN["fire_ok"]


def test_rule_2_a_contact_whose_wire_is_crossed_with_an_edge_proves_neither():
    rig = Rig().ready()
    rig.motion.arm(rig.safety, rig.snap, 1, 2550, 50, 0, r.SIDE_RIGHT)
    while rig.motion.ack is None:
        crossed = rig.motion.proof.tests == TEST_CONTACTS
        (rig.open.add if crossed else rig.open.discard)("edge_left_ok")
        rig.motion.proof.masked |= IN["edge_left_ok"] if crossed else 0
        rig.loop()
    assert rig.motion.ack == r.ACK_PROOF
    assert not rig.motion.proved & PROOF["fire"]


def test_rule_2_a_loop_that_comes_late_after_the_command_finds_every_circuit_answering():
    """Flash is written at rest and stops the chip for up to a tenth of a second: no reason to call a circuit dead."""
    rig = Rig().ready()
    assert rig.arm(late_ms=100) == r.ACK_ACCEPTED
    assert rig.safety.faults == 0


def test_rule_2_an_answer_from_a_circuit_that_does_not_exist_blocks_the_start():
    rig = Rig().ready()
    rig.absent = True
    assert rig.arm() == r.ACK_PROOF
    assert rig.motion.proved == r.PROOF_ALL & ~PROOF["absent"]


def test_rule_2_two_circuits_that_answer_one_test_are_crossed_and_block_the_start():
    rig = Rig().ready()
    rig.motion.arm(rig.safety, rig.snap, 1, 2550, 50, 0, r.SIDE_RIGHT)
    while rig.motion.ack is None:
        rig.open.clear()
        if rig.motion.proof.tests:
            rig.open.add("edge_left_ok")
            rig.motion.proof.masked |= 1 << 1
        rig.loop()
    assert rig.motion.ack == r.ACK_PROOF
    assert not rig.motion.proved & PROOF["beam_right"]


def test_rule_2_a_welded_contactor_is_a_fault_and_drops_the_room():
    rig = Rig().moving()
    rig.contactor_follows = False
    rig.motion.stop(rig.safety)
    rig.run(500)
    assert rig.safety.faults == FAULT["contactor_welded"]
    assert rig.safety.room_drop()


@pytest.mark.parametrize("tied", ["test_high", "test_low_inverted"])
def test_rule_2_inputs_that_do_not_read_as_tied_are_believed_in_nothing(tied):
    rig = Rig().moving()
    rig.open.add(tied)
    rig.loop()
    assert not rig.motion.enable
    assert rig.safety.faults & FAULT["proof_failed"]
    assert rig.safety.left.state == r.AISLE_OCCUPIED
    assert rig.safety.right.state == r.AISLE_OCCUPIED


def test_stop_in_the_middle_of_a_proof_latches_nothing_of_its_own_making():
    for loops in range(0, 40, 3):
        rig = Rig().ready()
        rig.motion.arm(rig.safety, rig.snap, 1, 2550, 50, 0, r.SIDE_RIGHT)
        for _ in range(loops):
            rig.loop()
        rig.motion.stop(rig.safety)
        rig.open = {"edge_left_ok"} if rig.motion.proof.masked == 2 else set()
        rig.run(20)  # the relay of the tested circuit needs a moment
        rig.open.clear()
        rig.run(200)
        assert rig.safety.faults == 0, loops
        assert rig.motion.proof.masked == 0
