"""Shelving-safety rules 5, 6 and 7: occupied by opportunity, freed only by the walk."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rig import Rig

from firmware import registers as r
from firmware.carriage.aisle import Aisle
from firmware.carriage.drive import FAULT


def test_rule_7_after_power_up_both_aisles_are_occupied_and_the_position_unknown():
    rig = Rig()
    assert (rig.safety.left.state, rig.safety.left.why) == (r.AISLE_OCCUPIED, r.WHY_POWER_UP)
    assert (rig.safety.right.state, rig.safety.right.why) == (r.AISLE_OCCUPIED, r.WHY_POWER_UP)
    assert rig.state() == r.STATE_UNKNOWN


def test_rule_5_the_walk_frees_an_open_aisle_and_starts_nothing():
    rig = Rig()
    rig.walk("left")
    assert rig.safety.left.state == r.AISLE_CLEAR
    assert not rig.motion.enable


def test_rule_5_the_mouth_button_alone_does_not_free_an_open_aisle():
    rig = Rig()
    rig.press("mouth_left_released")
    assert rig.safety.left.state == r.AISLE_OCCUPIED


def test_rule_5_the_mouth_button_alone_frees_a_closed_aisle_where_the_deep_one_cannot_be_reached():
    rig = Rig()
    rig.press("mouth_right_released")
    assert rig.safety.right.state == r.AISLE_CLEAR


def test_rule_5_the_deep_button_alone_frees_nothing():
    rig = Rig()
    rig.press("deep_left_released")
    rig.press("deep_right_released")
    assert rig.safety.aisle_occupied()
    assert not rig.safety.aisles_clear()


def test_rule_5_the_walk_in_the_wrong_order_frees_nothing():
    rig = Rig()
    rig.press("mouth_left_released")
    rig.press("deep_left_released")
    assert rig.safety.left.state == r.AISLE_OCCUPIED


@pytest.mark.parametrize("first", ["deep_left_released", "mouth_left_released"])
def test_rule_5_a_mouth_button_pressed_before_the_deep_one_was_let_go_frees_nothing(first):
    rig = Rig()
    rig.open.add(first)
    rig.run(200)
    rig.open |= {"deep_left_released", "mouth_left_released"}
    rig.run(200)
    rig.open.remove("deep_left_released")
    rig.run(200)
    rig.open.remove("mouth_left_released")
    rig.run(200)
    assert rig.safety.left.state == r.AISLE_OCCUPIED


def test_rule_5_a_walk_of_more_than_twenty_seconds_frees_nothing():
    rig = Rig()
    rig.press("deep_left_released")
    rig.run(r.RESET_WALK_MS)
    rig.press("mouth_left_released")
    assert rig.safety.left.state == r.AISLE_OCCUPIED


def test_rule_5_a_button_pressed_at_power_up_must_be_seen_released_first():
    aisle = Aisle()
    for ms in range(0, 2000, 10):
        aisle.step(ms, 0, True, True, ms > 1000, True)
    assert aisle.state == r.AISLE_OCCUPIED


@pytest.mark.parametrize("beam", ["beam_left_ok"])
def test_rule_5_a_broken_beam_keeps_and_makes_an_aisle_occupied(beam):
    rig = Rig()
    rig.open.add(beam)
    rig.walk("left")
    assert rig.safety.left.state == r.AISLE_OCCUPIED
    rig.open.clear()
    rig.walk("left")
    assert rig.safety.left.state == r.AISLE_CLEAR
    rig.press(beam, 20)
    assert (rig.safety.left.state, rig.safety.left.why) == (r.AISLE_OCCUPIED, r.WHY_BEAM)


def test_rule_5_a_silent_gap_sensor_makes_its_aisle_occupied_and_keeps_it_so():
    rig = Rig().ready()
    gap, rig.gap_left_mm = rig.gap_left_mm, None
    rig.run(20)
    assert (rig.safety.left.state, rig.safety.left.why) == (r.AISLE_OCCUPIED, r.WHY_GAP_UNKNOWN)
    rig.walk("left")
    assert rig.safety.left.state == r.AISLE_OCCUPIED
    rig.gap_left_mm = gap
    rig.walk("left")
    assert rig.safety.left.state == r.AISLE_CLEAR


def test_rule_5_an_aisle_that_opens_past_180_mm_is_occupied_until_its_own_walk():
    rig = Rig().ready()
    rig.gap_right_mm = r.AISLE_LATCH_MM
    rig.run(50)
    assert rig.safety.right.state == r.AISLE_CLEAR
    rig.gap_right_mm = r.AISLE_LATCH_MM + 1
    rig.run(20)
    assert (rig.safety.right.state, rig.safety.right.why) == (r.AISLE_OCCUPIED, r.WHY_OPENED)
    rig.gap_right_mm = 0
    rig.run(5000)
    assert rig.safety.right.state == r.AISLE_OCCUPIED


def test_rule_5_a_stuck_reset_button_is_a_fault_and_frees_nothing():
    rig = Rig().ready()
    rig.press("mouth_left_released", 11_000)
    assert rig.safety.faults == FAULT["button_stuck"]
    assert (rig.safety.left.state, rig.safety.left.why) == (r.AISLE_OCCUPIED, r.WHY_CIRCUIT)


def test_rule_6_the_aisle_a_started_move_opens_is_occupied_when_the_motor_stops():
    rig = Rig().moving()
    assert rig.safety.right.state == r.AISLE_OPENING
    rig.run(25_000)
    assert rig.motion.end_reason == r.END_REACHED
    assert (rig.safety.right.state, rig.safety.right.why) == (r.AISLE_OCCUPIED, r.WHY_OPENED)
    assert rig.arm(target_mm=3450) == r.ACK_OCCUPIED


def test_rule_6_an_aisle_that_widens_without_being_named_stops_the_move():
    rig = Rig().moving(opens=r.SIDE_NONE)
    rig.run(10_000)
    assert not rig.motion.enable
    assert rig.motion.end_reason == r.END_OCCUPIED
    assert rig.safety.faults == FAULT["occupied"]
    assert rig.gap_right_mm < 190


def test_rule_6_arming_alone_opens_no_aisle():
    rig = Rig().ready()
    rig.arm()
    rig.gap_right_mm = 200
    rig.run(50)
    assert rig.safety.right.state == r.AISLE_OCCUPIED
    assert rig.motion.end_reason == r.END_OCCUPIED
    assert rig.safety.faults == 0


@pytest.mark.parametrize("side", ["left", "right"])
def test_rule_9_a_beam_broken_beside_a_moving_carriage_stops_it(side):
    rig = Rig().moving()
    rig.open.add(f"beam_{side}_ok")
    rig.loop()
    assert not rig.motion.enable
    assert rig.safety.faults == FAULT["beam"]
    assert rig.motion.end_reason == r.END_OCCUPIED


def test_nobody_is_freed_while_the_contactors_are_in():
    rig = Rig().moving()
    rig.safety.left.occupy(r.WHY_BEAM)
    rig.safety.left.step(rig.now_ms, 0, True, True, True, False)
    for ms, released in ((0, False), (100, False), (200, True), (300, True)):
        rig.safety.left.step(rig.now_ms + ms, 0, True, True, released, False)
    assert rig.safety.left.state == r.AISLE_OCCUPIED


STEPS = st.lists(
    st.tuples(
        st.integers(1, 400),
        st.sampled_from([None, 0, 180, 181, 900]),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_rule_5_only_a_released_mouth_button_with_clear_beams_and_a_known_gap_ever_frees_an_aisle(steps):
    aisle = Aisle()
    now_ms = 0
    pressed_before = False
    for ms, gap_mm, beam_ok, deep_released, mouth_released, may_clear in steps:
        now_ms += ms
        before = aisle.state
        aisle.step(now_ms, gap_mm, beam_ok, deep_released, mouth_released, may_clear)
        if before == r.AISLE_OCCUPIED and aisle.state == r.AISLE_CLEAR:
            assert pressed_before and mouth_released and beam_ok and gap_mm is not None and may_clear
        pressed_before = pressed_before or not mouth_released
