"""Start held for the last stretch of a closing aisle, where the site wants it (issue 3: hold-to-run; rules 3, 5, 6)."""

import pytest
from rig import Rig

from firmware import registers as r

LAST_MM = 300


def closing(gap_left_mm=900, **config):
    """A move to the left is under way, Start pressed once and let go."""
    rig = Rig(hold_last_mm=LAST_MM, **config)
    rig.gap_left_mm = gap_left_mm
    return rig.moving()


def test_rule_3_below_the_last_stretch_a_start_that_is_not_held_stops_the_move_without_a_fault():
    rig = closing()
    rig.run(20_000)
    assert (rig.motion.enable, rig.motion.end_reason, rig.safety.faults) == (False, r.END_RELEASED, 0)
    assert LAST_MM - 10 <= rig.gap_left_mm < LAST_MM


def test_rule_3_held_to_the_end_the_move_arrives():
    rig = closing()
    rig.open.add("start_released")
    rig.run(25_000)
    assert rig.motion.end_reason == r.END_REACHED
    assert abs(rig.position_mm() - 2550) <= 2


def test_rules_5_and_6_let_go_in_the_last_stretch_it_needs_the_walk_and_a_new_choice():
    rig = closing()
    rig.open.add("start_released")
    while rig.gap_left_mm > 200:
        rig.run(100)
    rig.open.discard("start_released")
    rig.run(50)
    assert (rig.motion.enable, rig.motion.end_reason) == (False, r.END_RELEASED)
    stood_um = rig.travel_um
    rig.open.add("start_released")
    rig.run(4000)
    assert rig.travel_um == stood_um, "pressing again goes on with nothing"
    rig.open.discard("start_released")
    rig.run(100)
    assert rig.arm() == r.ACK_OCCUPIED, "the aisle behind it stands open"
    rig.walk("right")
    assert rig.arm() == r.ACK_ACCEPTED


def test_a_carriage_that_only_follows_its_neighbour_closes_no_aisle_and_needs_no_held_start():
    rig = closing(gap_left_mm=5)
    rig.gap_left_mm = 40  # its neighbour went ahead
    rig.run(2000)
    assert rig.motion.driven()


def test_a_site_that_does_not_want_it_moves_to_the_end_after_one_press():
    rig = Rig().moving()
    rig.run(25_000)
    assert rig.motion.end_reason == r.END_REACHED


@pytest.mark.parametrize("wide_mm", [301, 320, 600])
def test_above_the_last_stretch_start_need_not_be_held(wide_mm):
    rig = closing()
    while rig.gap_left_mm > wide_mm:
        rig.run(10)
    assert rig.motion.driven()
