"""Shelving-safety rules 2, 8, 9 and 11: self-test, doubt, and every stop with its own name."""

import pytest
from rig import Rig

from firmware import registers as r
from firmware.carriage.drive import FAULT

INPUT_FAULTS = {
    "estop_ok": "estop",
    "edge_left_ok": "edge_left",
    "edge_right_ok": "edge_right",
    "crank_out": "crank",
    "level_ok": "tilt",
    "straight_ok": "skew",
    "fire_ok": "fire",
    "gas_ok": "gas",
    "leak_ok": "leak",
}


@pytest.mark.parametrize("name", INPUT_FAULTS)
def test_rules_9_and_11_an_opened_circuit_stops_the_motor_in_one_loop_and_stays_latched(name):
    rig = Rig().moving()
    rig.open.add(name)
    rig.loop()
    assert not rig.motion.enable
    assert rig.motion.duty() == 0
    assert rig.safety.faults == FAULT[INPUT_FAULTS[name]]
    assert rig.motion.end_reason == r.END_FAULT
    rig.open.clear()
    rig.run(5000)
    assert rig.state() == r.STATE_FAULT


@pytest.mark.parametrize("name", INPUT_FAULTS)
def test_a_fault_is_cleared_only_by_the_reset_line_with_the_cause_gone_and_starts_nothing(name):
    rig = Rig().moving()
    rig.open.add(name)
    rig.run(50)
    rig.press("reset_released")
    assert rig.safety.faults
    rig.open.clear()
    rig.run(500)
    assert rig.safety.faults
    aisles = (rig.safety.left.state, rig.safety.right.state)
    rig.press("reset_released")
    assert rig.safety.faults == 0
    assert (rig.safety.left.state, rig.safety.right.state) == aisles
    stood_um = rig.travel_um
    rig.press("start_released")
    rig.run(3000)
    assert rig.travel_um == stood_um


def test_rule_9_while_the_cause_lasts_reset_clears_its_fault_not_for_one_loop_and_a_lost_configuration_never():
    rig = Rig(faults=FAULT["config"]).ready()
    rig.open |= {"estop_ok", "reset_released"}
    for _ in range(30):
        rig.loop()
        assert rig.safety.faults & FAULT["config"]
        assert rig.safety.faults & FAULT["estop"]


def test_a_reset_line_that_hangs_pressed_clears_no_later_fault():
    rig = Rig().ready()
    rig.open.add("reset_released")
    rig.run(200)
    rig.press("estop_ok")
    rig.run(1000)
    assert rig.safety.faults == FAULT["estop"]


@pytest.mark.parametrize("name", ["crank_out", "level_ok", "straight_ok"])
def test_rules_7_and_8_crank_tilt_and_skew_lose_the_position_and_occupy_both_aisles(name):
    rig = Rig().ready()
    rig.press(name, 50)
    assert rig.position_mm() is None
    assert rig.safety.left.state == rig.safety.right.state == r.AISLE_OCCUPIED


def test_rule_9_a_blow_to_one_carriage_drops_the_enable_of_the_whole_room_until_reset():
    rig = Rig().ready()
    rig.press("level_ok", 50)
    rig.run(1000)
    assert (rig.safety.faults, rig.safety.room_drop()) == (FAULT["tilt"], True)
    rig.press("reset_released")
    assert not rig.safety.room_drop()


def test_rule_9_more_than_ten_mm_without_command_drops_the_rooms_enable():
    rig = Rig().ready()
    rig.extra_um_s = 100_000
    rig.run(100)
    rig.extra_um_s = 0
    rig.run(50)
    assert rig.safety.faults == 0, "ten millimetres are allowed"
    rig.extra_um_s = 100_000
    rig.run(20)
    rig.extra_um_s = 0
    assert rig.safety.faults == FAULT["moved_unasked"]
    assert rig.safety.room_drop()
    assert rig.position_mm() is None
    assert (rig.safety.left.why, rig.safety.right.why) == (r.WHY_MOVED_UNASKED, r.WHY_MOVED_UNASKED)
    rig.press("reset_released")
    assert not rig.safety.room_drop()


def test_rule_9_slow_creep_adds_up():
    rig = Rig().ready()
    rig.extra_um_s = 100
    rig.run(101_000)
    assert rig.safety.faults == FAULT["moved_unasked"]


def test_rule_9_a_carriage_that_runs_on_after_the_stop_has_moved_unasked():
    rig = Rig().moving()
    rig.motion.stop(rig.safety)
    rig.extra_um_s = -80_000
    rig.run(900)
    assert rig.safety.faults == FAULT["moved_unasked"]


def test_rule_9_a_blocked_motor_stalls():
    rig = Rig().moving()
    rig.slip, rig.current_ma = True, 3200
    rig.run(600)
    assert rig.safety.faults == FAULT["stall"]


def test_rule_9_a_shorted_motor_is_cut_in_a_moment():
    rig = Rig().moving()
    rig.current_ma = 5000
    rig.run(150)
    assert rig.safety.faults == FAULT["over_current"]


def test_rule_9_a_motor_that_turns_nothing_makes_no_progress():
    rig = Rig().moving()
    rig.slip = True
    rig.run(2000)
    assert rig.safety.faults == FAULT["no_progress"]


def test_rule_9_the_wrong_direction_is_noticed_within_a_centimetre():
    rig = Rig().ready()
    rig.gap_right_mm = 60
    rig.way = -1
    rig.arm()
    rig.run(100)
    rig.press("start_released")
    rig.run(4000)
    assert rig.safety.faults == FAULT["wrong_direction"]
    assert rig.safety.room_drop()
    assert rig.travel_um < 10_000


def test_rule_9_a_drive_that_runs_away_drops_the_rooms_enable():
    rig = Rig().moving()
    rig.extra_um_s = -90_000
    rig.run(400)
    assert rig.safety.faults & FAULT["run_away"]
    assert rig.safety.room_drop()


def test_rule_9_brown_out_below_80_percent_stops_and_below_90_does_not_start():
    rig = Rig().moving()
    rig.supply_mv = 20_000
    rig.run(1000)
    assert rig.motion.driven(), "83 % is enough to go on"
    rig.supply_mv = 19_000
    rig.run(100)
    assert rig.safety.faults == FAULT["brown_out"]
    rig = Rig().ready()
    rig.arm()
    rig.run(100)
    rig.supply_mv = 21_000
    rig.press("start_released")
    rig.run(3000)
    assert rig.safety.faults == FAULT["brown_out"]
    assert rig.travel_um == 0


def test_rule_9_a_gap_sensor_that_falls_silent_in_mid_move_stops_it():
    rig = Rig().moving()
    rig.gap_left_mm = None
    rig.loop()
    assert not rig.motion.enable
    assert rig.safety.faults == FAULT["gap_sensor"]


def test_rule_9_a_late_control_loop_stops_the_move():
    rig = Rig().moving()
    rig.loop(300)
    assert rig.safety.faults == FAULT["loop_late"]


def test_rule_8_a_wheel_that_slips_beside_a_wall_is_noticed():
    rig = Rig(right_is_board=0).moving()
    before_mm = rig.gap_right_mm
    while rig.motion.driven() and rig.travel_um > -200_000:
        rig.loop()
        rig.gap_right_mm = before_mm  # the wheel turns, the carriage stays
    assert rig.safety.faults == FAULT["slip"]
    assert rig.travel_um > -100_000
    knows_nothing(rig)


def knows_nothing(rig):
    """Position unknown, both aisles to be walked; Reset and Start alone bring nothing back."""
    assert rig.position_mm() is None
    assert rig.safety.left.state == rig.safety.right.state == r.AISLE_OCCUPIED
    rig.slip, rig.current_ma, rig.extra_um_s, rig.way = False, 400, 0, 1
    rig.run(1500)
    rig.press("reset_released")
    assert (rig.safety.faults, rig.state()) == (0, r.STATE_UNKNOWN)
    assert rig.arm() == r.ACK_OCCUPIED
    rig.walk("left")
    rig.walk("right")
    assert rig.arm() == r.ACK_POSITION
    assert rig.find(r.SIDE_RIGHT) == r.ACK_ACCEPTED


@pytest.mark.parametrize("current_ma", [3200, 400], ids=["stall", "no_progress"])
def test_rules_7_and_8_after_debris_a_carriage_knows_no_place_and_both_its_aisles_are_walked(current_ma):
    rig = Rig().moving()
    rig.slip, rig.current_ma = True, current_ma
    rig.run(2000)
    assert rig.safety.faults in (FAULT["stall"], FAULT["no_progress"])
    knows_nothing(rig)


def test_rules_7_and_8_after_running_away_a_carriage_knows_no_place():
    rig = Rig().moving()
    rig.extra_um_s = -90_000
    rig.run(400)
    rig.extra_um_s = 0
    assert rig.safety.faults & FAULT["run_away"]
    knows_nothing(rig)


def test_contactors_that_will_not_close_name_the_open_chain():
    rig = Rig().ready()
    rig.arm()
    rig.contactor_follows = False
    rig.run(100)
    rig.press("start_released")
    rig.run(500)
    assert rig.safety.faults == FAULT["chain_open"]


@pytest.mark.parametrize("loops", [1, 3, 20])
def test_rule_3_a_chain_that_opened_for_a_moment_ends_the_move_for_good(loops):
    rig = Rig().moving()
    rig.contactor_follows = rig.contactor_closed = False
    for _ in range(loops):
        rig.loop()
    rig.contactor_follows = True
    rig.run(1000)
    assert not rig.motion.enable
    assert rig.safety.faults == FAULT["chain_open"]
    assert rig.motion.end_reason == r.END_FAULT


def test_a_fault_that_was_latched_before_a_reset_is_still_there_after_it():
    rig = Rig(faults=FAULT["stall"])
    assert rig.state() == r.STATE_FAULT
    rig.press("reset_released")
    assert rig.state() == r.STATE_UNKNOWN
