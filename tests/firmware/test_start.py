"""Shelving-safety rules 3, 4 and 12: one way to start, the permit, the warning."""

import pytest
from rig import MOVE, NODE, Rig

from firmware import registers as r
from firmware.carriage.drive import FAULT


def test_rule_3_the_lit_start_button_starts_the_armed_move_and_it_arrives():
    rig = Rig().ready()
    assert rig.arm() == r.ACK_ACCEPTED
    assert rig.state() == r.STATE_ARMED
    assert rig.motion.start_lamp()
    rig.run(100)
    rig.press("start_released")
    assert rig.state() == r.STATE_WARNING
    rig.run(25_000)
    assert rig.state() == r.STATE_READY
    assert rig.motion.end_reason == r.END_REACHED
    assert abs(rig.position_mm() - 2550) <= 2


def test_rule_3_a_hostile_node_with_valid_permits_but_no_start_moves_nothing():
    rig = Rig().ready()
    for move_id in range(1, 6):
        rig.arm(move_id=move_id)
        rig.run(15_000)
    assert rig.peak_duty == 0
    assert rig.travel_um == 0
    assert rig.motion.end_reason == r.END_NOT_STARTED


def test_rule_3_a_start_button_held_since_before_arming_does_not_start():
    rig = Rig().ready()
    rig.open.add("start_released")
    rig.run(100)
    assert rig.arm() == r.ACK_ACCEPTED
    rig.run(3000)
    assert rig.state() == r.STATE_ARMED
    rig.open.remove("start_released")
    rig.run(100)
    rig.press("start_released")
    assert rig.state() == r.STATE_WARNING


def test_rule_3_start_counts_for_ten_seconds_only():
    rig = Rig().ready()
    rig.arm()
    rig.run(r.START_WITHIN_MS + 50)
    rig.press("start_released")
    assert rig.state() == r.STATE_READY
    assert rig.motion.end_reason == r.END_NOT_STARTED


def test_rule_3_start_without_a_fresh_permit_does_nothing():
    rig = Rig().ready()
    rig.permits = False
    rig.arm()
    rig.run(100)
    rig.press("start_released")
    assert rig.state() == r.STATE_ARMED


def test_rule_12_nothing_turns_for_two_seconds_of_warning_and_the_start_delay():
    rig = Rig().ready()
    rig.arm(delay_ms=1500)
    rig.run(100)
    rig.open.add("start_released")
    rig.run(100)
    rig.open.clear()
    warned_ms = rig.now_ms
    while not rig.motion.driven():
        assert rig.motion.warning()
        rig.loop()
    assert rig.now_ms - warned_ms >= r.WARNING_MS + 1500 - 100
    assert rig.motion.warning(), "the warning goes on during motion"


def test_rule_4_the_motor_is_off_300_ms_after_the_last_permit():
    rig = Rig().moving()
    rig.permits = False
    rig.permit()
    lapsed_ms = rig.now_ms
    while rig.motion.enable:
        rig.loop()
    assert rig.now_ms - lapsed_ms <= r.PERMIT_MS
    assert rig.motion.end_reason == r.END_PERMIT_LOST
    assert rig.safety.faults == 0
    assert rig.position_mm() is not None


@pytest.mark.parametrize(
    "permit",
    [
        {"move_id": MOVE + 1, "seq": 6},
        {"seq": 5},
        {"seq": 4},
        {"seq": 5 + 0x8000},
        {"seq": 6, "check": 0},
        {"seq": 6, "node": NODE + 1},
    ],
    ids=["another move", "replay", "older", "half a turn away", "wrong check word", "another node"],
)
def test_rule_4_a_permit_that_is_not_the_next_of_this_move_renews_nothing(permit):
    rig = Rig().ready()
    rig.permits = False
    rig.arm()
    assert rig.permit(seq=5)
    rig.run(100)
    assert not rig.permit(**permit)
    assert rig.motion.permit.age_ms(rig.now_ms) >= 100


def test_rule_4_permit_numbers_go_on_past_their_wrap():
    rig = Rig().ready()
    rig.permits = False
    rig.arm()
    assert rig.permit(seq=0xFFFF)
    assert rig.permit(seq=0)


def test_stop_drops_the_motor_at_once_and_leaves_no_fault():
    rig = Rig().moving()
    rig.motion.stop(rig.safety)
    assert not rig.motion.enable
    assert rig.motion.duty() == 0
    rig.run(100)
    assert rig.state() == r.STATE_READY
    assert rig.motion.end_reason == r.END_STOPPED


def test_a_stopped_move_never_resumes_when_start_is_pressed_again():
    rig = Rig().moving()
    rig.motion.stop(rig.safety)
    rig.run(1500)
    stood_um = rig.travel_um
    for _ in range(5):
        rig.press("start_released")
        rig.run(3000)
    assert rig.travel_um == stood_um


@pytest.mark.parametrize(
    ("move", "ack"),
    [
        ({"target_mm": 2549}, r.ACK_RANGE),
        ({"target_mm": 3451}, r.ACK_RANGE),
        ({"speed_mm_s": 51}, r.ACK_RANGE),
        ({"speed_mm_s": 0}, r.ACK_RANGE),
        ({"move_id": 0}, r.ACK_RANGE),
        ({"opens": 3}, r.ACK_RANGE),
    ],
)
def test_rule_12_a_move_beyond_its_ends_or_its_speed_is_refused(move, ack):
    assert Rig().ready().arm(**move) == ack


def test_arming_is_refused_while_position_aisles_supply_or_faults_forbid_it():
    rig = Rig()
    assert rig.arm() == r.ACK_OCCUPIED
    rig.walk("left")
    rig.walk("right")
    assert rig.arm() == r.ACK_POSITION
    rig.ready()
    rig.supply_mv = 21_500  # below 90 % of 24 V
    rig.run(20)
    assert rig.arm() == r.ACK_SUPPLY
    rig.supply_mv = 24_000
    rig.safety.latch(FAULT["stall"])
    assert rig.arm() == r.ACK_FAULT


def test_rule_12_the_carriage_starts_and_stops_softly_and_keeps_its_speed():
    rig = Rig().ready()
    rig.arm(speed_mm_s=40)
    rig.run(100)
    rig.press("start_released")
    fastest_um = steepest_um = before_um = 0
    while rig.motion.phase:
        at_um = rig.travel_um
        rig.loop()
        step_um = abs(rig.travel_um - at_um)
        fastest_um = max(fastest_um, step_um)
        steepest_um = max(steepest_um, step_um - before_um)
        before_um = step_um
    assert 36 <= fastest_um / 10 <= 44
    assert steepest_um / 10 <= 3, "mm/s gained in one loop"
    assert before_um / 10 <= 12, "mm/s when the brake fell in"


def test_rule_7_finding_moves_only_while_start_is_held_and_stops_at_the_neighbour():
    rig = Rig()
    rig.gap_left_mm, rig.gap_right_mm = 100, 800
    rig.run(50)
    rig.walk("left")
    rig.walk("right")
    assert rig.find(r.SIDE_LEFT) == r.ACK_ACCEPTED
    assert rig.state() == r.STATE_FIND_ARMED
    rig.run(100)
    rig.open.add("start_released")
    rig.run(3500)
    assert rig.state() == r.STATE_FINDING
    rig.open.clear()
    rig.run(50)
    assert not rig.motion.enable
    stood_um = rig.travel_um
    rig.run(500)
    assert rig.travel_um == stood_um
    assert rig.state() == r.STATE_FIND_ARMED
    rig.open.add("start_released")
    fastest_um = 0
    for _ in range(1500):
        at_um = rig.travel_um
        rig.loop()
        fastest_um = max(fastest_um, at_um - rig.travel_um)
    rig.open.clear()
    assert rig.state() == r.STATE_FOUND
    assert fastest_um / 10 <= 28, "mm/s"
    assert rig.gap_left_mm < 3
    assert rig.motion.reference(2550, rig.snap) == r.ACK_ACCEPTED
    assert rig.state() == r.STATE_READY
    assert rig.position_mm() == 2550


def test_rule_7_a_carriage_that_touches_already_is_found_without_travel():
    rig = Rig()
    rig.walk("left")
    rig.walk("right")
    rig.find(r.SIDE_RIGHT)
    rig.run(100)
    rig.press("start_released")
    assert rig.state() == r.STATE_FOUND
    assert rig.travel_um == 0
    assert rig.safety.aisles_clear()


def test_a_reference_is_taken_only_where_a_neighbour_was_found_and_is_still_touched():
    rig = Rig().ready()
    assert rig.motion.reference(3000, rig.snap) == r.ACK_STATE
    rig.find(r.SIDE_RIGHT)
    rig.run(100)
    rig.press("start_released")
    rig.gap_right_mm = 20
    rig.run(50)
    assert rig.motion.reference(3450, rig.snap) == r.ACK_STATE
    assert rig.position_mm() is None


def test_rule_3_a_press_that_began_before_the_lamp_was_lit_does_not_start():
    for early_ms in (10, 20, 30):
        rig = Rig().ready()
        rig.motion.arm(rig.safety, rig.snap, MOVE, 2550, 50, 0, r.SIDE_RIGHT)
        rig.run(early_ms + 20)
        armed_ms = _ms_to_armed() - rig.now_ms
        rig.run(armed_ms - early_ms)
        rig.open.add("start_released")
        rig.run(500)
        assert rig.state() == r.STATE_ARMED, early_ms


def _ms_to_armed():
    """When the lamp is lit in a rig whose proof began at once (the rig is deterministic)."""
    rig = Rig().ready()
    rig.motion.arm(rig.safety, rig.snap, MOVE, 2550, 50, 0, r.SIDE_RIGHT)
    while not rig.motion.start_lamp():
        rig.loop()
    return rig.now_ms


def test_contactors_that_drop_at_the_very_end_of_the_warning_are_noticed_before_the_motor():
    rig = Rig().ready()
    rig.arm()
    rig.run(100)
    rig.open.add("start_released")
    while rig.state() != r.STATE_WARNING:
        rig.loop()
    rig.run(r.WARNING_MS - 100)
    rig.contactor_follows = rig.contactor_closed = False
    rig.run(200)
    assert rig.safety.faults == FAULT["chain_open"]
    assert rig.peak_duty == 0
