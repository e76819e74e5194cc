"""Shelving-safety rule 14 on the board itself: maintenance key, local control point, padlock. No node is asked."""

import pytest
from rig import HOME_MM, MOVE, NODE, Rig

from firmware import registers as r
from firmware.carriage.drive import FAULT

KEY, LOCK = "key_normal", "unlocked"
HERE = "jog_elsewhere"
LEFT, RIGHT = "jog_left_released", "jog_right_released"


def under_key(**config):
    """Walked, found, the key turned, and the control point's selector on this carriage."""
    rig = Rig(**config).ready()
    rig.open |= {KEY, HERE}
    rig.run(100)
    return rig


def holding(rig, button=LEFT, ms=3500):
    """The hold-to-run button goes down and stays down: proof, warning, and about a second under way."""
    rig.open.add(button)
    rig.run(ms)
    return rig


def test_rule_14_under_the_key_a_held_button_drives_after_proof_and_warning_and_letting_go_stops():
    rig = under_key()
    assert rig.state() == r.STATE_MAINTENANCE
    rig.open.add(LEFT)
    rig.run(650)
    assert (rig.motion.proved, rig.motion.enable, rig.motion.duty()) == (r.PROOF_ALL, True, 0)
    assert rig.motion.warning()
    rig.run(1500)
    assert rig.peak_duty == 0, "rule 12: it warns for two seconds first"
    rig.run(1500)
    assert rig.motion.driven() and rig.travel_um < -5000
    rig.open.discard(LEFT)
    rig.run(50)
    assert (rig.motion.enable, rig.motion.duty(), rig.motion.end_reason) == (False, 0, r.END_RELEASED)
    stood_um = rig.travel_um
    rig.run(3000)
    assert rig.travel_um == stood_um
    assert rig.safety.faults == 0


@pytest.mark.parametrize("find_speed_mm_s", [25, 10])
def test_rule_14_the_board_drives_at_25_mm_a_second_at_most_whatever_it_was_configured_for(find_speed_mm_s):
    rig = holding(under_key(find_speed_mm_s=find_speed_mm_s), ms=6000)
    before_um = rig.travel_um
    rig.run(2000)
    assert rig.motion.driven()
    went_um = before_um - rig.travel_um
    assert 0 < went_um <= find_speed_mm_s * 2200
    assert find_speed_mm_s <= r.LOCAL_MOST_MM_S


def test_rule_14_under_the_key_the_board_refuses_every_move_and_start_and_permits_change_nothing():
    rig = under_key()
    assert rig.arm() == r.ACK_MAINTENANCE
    assert rig.find(r.SIDE_LEFT) == r.ACK_MAINTENANCE
    for move_id in (MOVE, r.LOCAL_MOVE_ID):
        rig.permit(move_id)
        rig.press("start_released", 500)
        rig.run(3000)
    assert (rig.peak_duty, rig.motion.enable, rig.travel_um) == (0, False, 0)


@pytest.mark.parametrize("code", ["arm", "find"])
def test_rule_14_no_command_can_take_the_name_of_what_the_local_control_point_drives(code):
    rig = Rig().ready()
    asked = rig.arm(move_id=r.LOCAL_MOVE_ID) if code == "arm" else rig.find(r.SIDE_LEFT, move_id=r.LOCAL_MOVE_ID)
    assert asked == r.ACK_RANGE


def test_rule_14_a_key_turned_in_mid_move_ends_it_and_turned_back_resumes_nothing():
    rig = Rig().moving()
    rig.open.add(KEY)
    rig.run(20)
    assert (rig.motion.enable, rig.motion.duty(), rig.motion.end_reason) == (False, 0, r.END_MAINTENANCE)
    assert rig.safety.faults == 0, "somebody turned a key: nothing is broken"
    rig.open.discard(KEY)
    rig.open.add("start_released")
    stood_um = rig.travel_um
    rig.run(4000)
    assert rig.travel_um == stood_um


def test_rule_14_a_move_that_is_armed_or_warns_ends_when_the_key_is_turned():
    rig = Rig().ready()
    assert rig.arm() == r.ACK_ACCEPTED
    rig.open.add(KEY)
    rig.run(20)
    assert (rig.motion.start_lamp(), rig.motion.end_reason) == (False, r.END_MAINTENANCE)


@pytest.mark.parametrize("down_first", [LEFT, RIGHT])
def test_rule_14_a_button_that_was_down_before_the_key_was_turned_drives_nothing(down_first):
    rig = Rig().ready()
    rig.open |= {down_first, HERE}
    rig.run(200)
    rig.open.add(KEY)
    rig.run(4000)
    assert rig.peak_duty == 0
    rig.open.discard(down_first)
    rig.run(100)
    assert holding(rig).motion.driven(), "let go and pressed anew it drives"


@pytest.mark.parametrize(
    "down", [{LEFT, RIGHT, HERE, KEY}, {LEFT, KEY}, {LEFT, HERE}], ids=["both", "other carriage", "no key"]
)
def test_rule_14_both_buttons_another_carriages_selector_or_no_key_drive_nothing(down):
    rig = Rig().ready()
    rig.open |= down - {LEFT, RIGHT}
    rig.run(100)
    rig.open |= down
    rig.run(4000)
    assert (rig.peak_duty, rig.motion.enable) == (0, False)


def test_rule_14_the_other_button_pressed_too_or_the_selector_turned_away_stops():
    for then in (lambda rig: rig.open.add(RIGHT), lambda rig: rig.open.discard(HERE)):
        rig = holding(under_key())
        then(rig)
        rig.run(50)
        assert (rig.motion.enable, rig.motion.end_reason) == (False, r.END_RELEASED)


def test_rules_4_and_14_without_a_permit_the_local_control_point_moves_nothing_and_losing_it_stops():
    rig = under_key()
    rig.permits = False
    holding(rig)
    assert (rig.peak_duty, rig.motion.end_reason) == (0, r.END_PERMIT_LOST)
    rig = holding(under_key())
    assert rig.motion.driven()
    rig.permits = False
    rig.run(r.PERMIT_MS)
    assert (rig.motion.enable, rig.motion.end_reason) == (False, r.END_PERMIT_LOST)


def test_rules_6_and_14_beside_an_occupied_aisle_the_local_control_point_moves_nothing_either():
    rig = Rig()
    rig.walk("left")
    rig.open |= {KEY, HERE}
    rig.run(100)
    holding(rig)
    assert (rig.peak_duty, rig.motion.phase) == (0, 0)
    rig = holding(under_key())
    rig.open.add("beam_right_ok")
    rig.run(20)
    assert (rig.motion.enable, rig.safety.faults) == (False, FAULT["beam"])


def test_rules_5_and_14_what_was_opened_under_the_key_is_occupied_and_needs_its_walk_before_the_next_press():
    rig = holding(under_key(), ms=12_000)
    assert rig.gap_right_mm > r.AISLE_LATCH_MM
    rig.open.discard(LEFT)
    rig.run(100)
    assert (rig.safety.right.state, rig.safety.right.why) == (r.AISLE_OCCUPIED, r.WHY_OPENED)
    stood_um = rig.travel_um
    holding(rig)
    assert rig.travel_um == stood_um
    rig.open.discard(LEFT)
    rig.run(100)
    rig.walk("right")
    holding(rig)
    assert rig.travel_um < stood_um


@pytest.mark.parametrize("held", [KEY, LOCK])
def test_rules_5_and_14_key_back_or_padlock_off_starts_nothing_and_every_aisle_is_walked_again(held):
    rig = Rig().ready()
    rig.open.add(held)
    rig.run(500)
    rig.open |= {"start_released"}
    rig.run(200)
    rig.open.discard(held)
    rig.run(4000)
    assert (rig.peak_duty, rig.motion.enable) == (0, False)
    assert [aisle.state for aisle in (rig.safety.left, rig.safety.right)] == [r.AISLE_OCCUPIED] * 2
    assert [aisle.why for aisle in (rig.safety.left, rig.safety.right)] == [r.WHY_WORK] * 2
    assert rig.position_mm() == HOME_MM, "rule 8: what the board has watched all along is still believed"
    rig.open.discard("start_released")
    rig.run(100)
    assert rig.arm() == r.ACK_OCCUPIED
    rig.walk("left")
    rig.walk("right")
    assert rig.arm() == r.ACK_ACCEPTED


def test_rules_7_and_14_moved_by_hand_under_the_key_nothing_is_believed():
    rig = under_key()
    rig.extra_um_s = 100_000
    rig.run(150)
    rig.extra_um_s = 0
    rig.open -= {KEY, HERE}
    rig.run(100)
    assert rig.position_mm() is None
    assert rig.safety.faults == FAULT["moved_unasked"]
    assert [aisle.state for aisle in (rig.safety.left, rig.safety.right)] == [r.AISLE_OCCUPIED] * 2


def test_rule_14_key_back_while_the_button_is_held_stops_and_the_button_then_drives_nothing():
    rig = holding(under_key())
    rig.open.discard(KEY)
    rig.run(20)
    assert (rig.motion.enable, rig.motion.end_reason) == (False, r.END_MAINTENANCE)
    stood_um = rig.travel_um
    rig.run(4000)
    assert rig.travel_um == stood_um


def test_rule_14_driven_against_its_neighbour_it_stops_and_is_not_found_by_that():
    rig = under_key()
    rig.gap_left_mm = 10
    holding(rig, ms=6000)
    assert (rig.motion.end_reason, rig.motion.position.found) == (r.END_REACHED, r.SIDE_NONE)
    holding(rig, ms=3000)
    assert not rig.motion.enable, "it touches already"


def test_rule_2_a_circuit_that_does_not_answer_lets_the_local_control_point_drive_nothing_and_answers_no_command():
    rig = under_key()
    rig.deaf.add("edge_left_ok")
    holding(rig)
    assert (rig.peak_duty, rig.safety.faults, rig.motion.ack) == (0, FAULT["proof_failed"], None)


@pytest.mark.parametrize("when", ["resting", "armed", "warning", "moving", "under the key"])
def test_rule_14_while_the_padlock_hangs_no_motor_has_its_enable_and_that_is_a_state_and_no_fault(when):
    rig = {
        "resting": lambda: Rig().ready(),
        "armed": lambda: Rig().ready(),
        "warning": lambda: Rig().ready(),
        "moving": lambda: Rig().moving(),
        "under the key": lambda: holding(under_key()),
    }[when]()
    if when in ("armed", "warning"):
        assert rig.arm() == r.ACK_ACCEPTED
    if when == "warning":
        rig.run(100)
        rig.press("start_released")
        assert rig.motion.enable
    rig.open.add(LOCK)
    rig.contactor_follows = rig.contactor_closed = False  # the isolator opens the chain in the same instant
    rig.run(20)
    assert (rig.motion.enable, rig.motion.duty(), rig.state()) == (False, 0, r.STATE_LOCKED)
    rig.contactor_follows = True
    rig.run(500)
    assert rig.safety.faults == 0
    assert rig.arm() == rig.find(r.SIDE_LEFT) == r.ACK_LOCKED
    rig.open |= {KEY, HERE}
    rig.open.discard(LEFT)
    rig.run(100)
    rig.press(LEFT, 4000)
    rig.press("start_released")
    rig.run(3000)
    assert not rig.motion.enable
    assert rig.permit(node=NODE + 1) is False
