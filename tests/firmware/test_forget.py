"""Rule 7 on one board: it says that it lost its place until the block was told, and forgets when another one did."""

import pytest
from rig import Rig

from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

MOVER = 5


def forgets(rig, loss=0):
    assert rig.motion.forget(rig.safety, loss) == r.ACK_ACCEPTED


def cause(rig):
    return rig.motion.loss.word() & 0xFF


def told(rig):
    """The block was told of what this board has to say; it was walked and found since."""
    forgets(rig, rig.motion.loss.word())
    rig.ready()
    return rig


def test_rule_7_a_board_that_is_told_to_forget_knows_no_place_and_both_its_aisles_are_walked():
    rig = told(Rig())
    forgets(rig)
    rig.run(50)
    assert rig.position_mm() is None and rig.state() == r.STATE_UNKNOWN
    assert (rig.safety.left.state, rig.safety.right.state) == (r.AISLE_OCCUPIED, r.AISLE_OCCUPIED)
    assert (rig.safety.left.why, rig.safety.right.why) == (r.WHY_FORGOTTEN, r.WHY_FORGOTTEN)
    assert rig.arm() == r.ACK_OCCUPIED
    assert rig.safety.faults == 0, "nothing is broken here"


def test_rule_7_a_carriage_that_moves_stops_at_once_and_nothing_goes_on_by_itself():
    rig = Rig().moving()
    forgets(rig)
    assert not rig.motion.enable and rig.motion.duty() == 0
    rig.run(3000)
    assert rig.motion.end_reason == r.END_STOPPED and rig.safety.faults == 0
    assert rig.position_mm() is None


@pytest.mark.parametrize("pressed", ["start_released", "mouth_left_released"])
def test_rule_7_a_button_that_is_held_then_counts_for_nothing_that_was_before(pressed):
    rig = told(Rig())
    if pressed == "start_released":
        assert rig.arm() == r.ACK_ACCEPTED
    else:
        rig.press("deep_left_released")
    rig.open.add(pressed)
    rig.run(10)
    forgets(rig)
    rig.run(500)
    rig.open.discard(pressed)
    rig.run(500)
    assert not rig.motion.driven()
    assert rig.safety.left.state == r.AISLE_OCCUPIED, "a walk that began before does not end after"


def test_rule_7_a_start_is_a_loss_until_the_block_was_told_and_finding_does_not_answer_it():
    rig = Rig()
    assert cause(rig) == r.LOSS_POWER_UP
    rig.ready()
    assert cause(rig) == r.LOSS_POWER_UP
    forgets(rig)
    assert cause(rig) == r.LOSS_POWER_UP, "somebody else's loss"
    forgets(rig, rig.motion.loss.word())
    assert cause(rig) == r.LOSS_TOLD


@pytest.mark.parametrize(
    ("happens", "named"),
    [
        (lambda rig: rig.open.add("crank_out"), r.LOSS_CRANKED),
        (lambda rig: rig.open.add("level_ok"), r.LOSS_MOVED),
        (lambda rig: rig.open.add("straight_ok"), r.LOSS_MOVED),
        (lambda rig: setattr(rig, "travel_um", rig.travel_um + 11_000), r.LOSS_MOVED),
    ],
    ids=["crank", "tilt", "skew", "push"],
)
def test_rule_7_what_moves_a_carriage_unasked_is_a_loss_by_name(happens, named):
    rig = told(Rig())
    assert cause(rig) == r.LOSS_TOLD
    happens(rig)
    rig.run(50)
    assert cause(rig) == named and rig.position_mm() is None


@pytest.mark.parametrize("jams", [True, False], ids=["jam", "slip"])
def test_rules_7_and_8_debris_is_a_loss(jams):
    rig = Rig(right_is_board=0)
    forgets(rig, rig.motion.loss.word())
    rig.moving(opens=r.SIDE_RIGHT)
    if jams:
        rig.slip = True  # turns nothing: no progress
    else:
        rig.gap_right_mm += 40  # the wheel and the gap to the wall part
    rig.run(3000)
    assert cause(rig) == r.LOSS_JAMMED


def test_rule_7_finding_a_place_again_is_no_loss():
    rig = told(Rig())
    assert rig.find(r.SIDE_RIGHT) == r.ACK_ACCEPTED
    assert rig.position_mm() is None and cause(rig) == r.LOSS_TOLD


def test_rule_7_a_crank_that_goes_in_and_comes_out_is_two_losses_and_staying_in_is_one():
    rig = told(Rig())
    rig.open.add("crank_out")
    rig.run(50)
    goes_in = rig.motion.loss.word()
    forgets(rig, goes_in)
    rig.run(2000)
    assert cause(rig) == r.LOSS_TOLD
    rig.open.remove("crank_out")
    rig.run(50)
    assert cause(rig) == r.LOSS_CRANKED and rig.motion.loss.word() != goes_in


def test_rule_7_the_answer_to_an_older_loss_does_not_answer_a_newer_one():
    rig = told(Rig())
    rig.open.add("level_ok")
    rig.run(50)
    older = rig.motion.loss.word()
    rig.open.remove("level_ok")
    rig.run(50)
    forgets(rig, older)
    assert cause(rig) == r.LOSS_MOVED


@pytest.fixture
def room():
    room = Lockstep(open_aisle=4)
    room.run(500)
    return room


def test_a_board_takes_the_command_in_the_middle_of_a_self_test_and_under_the_key(room):
    node = Master(room)
    room.do("walk_all")
    node.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))
    node.write(MOVER, r.HR_COMMAND, [900, r.CMD_ARM, 7, 2550, 50, 0, r.SIDE_RIGHT, 0])
    node.run(60)  # it proves its circuits
    assert node.command(MOVER, r.CMD_FORGET) == r.ACK_ACCEPTED
    state = node.state(MOVER)
    assert state[r.IR_POSITION_MM] == r.UNKNOWN and state[r.IR_AISLE_LEFT] == r.AISLE_OCCUPIED
    room.act("key")
    node.run(100)
    assert node.command(MOVER, r.CMD_FORGET, arg=state[r.IR_LOSS]) == r.ACK_ACCEPTED
    assert node.state(MOVER)[r.IR_LOSS] & 0xFF == r.LOSS_TOLD
    assert room.plant.violations == []


def test_a_reset_in_mid_move_says_so_and_another_start_has_another_number(room):
    node = Master(room)
    first = node.state(MOVER)[r.IR_LOSS]
    room.restart_board(MOVER, "power")
    room.run(500)
    second = node.state(MOVER)[r.IR_LOSS]
    assert first != second and first & 0xFF == second & 0xFF == r.LOSS_POWER_UP
