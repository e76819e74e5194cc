"""Rule 13 of shelving-safety.md, monthly: what is touched, what the boards must answer, and when it is due."""

import pytest

from edge.domain.block import Column, Layout
from edge.domain.monthly_proof import DAY_MS, Terms, answered_by, items, judged, missing, standing, touched

LAYOUT = Layout(
    "B1-A", 2750, (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)), 900, 50, 1, 1, 1
)
ITEMS = items(LAYOUT, estops=2)
TERMS = Terms(every_days=31, grace_days=7)


def test_rule_13_every_beam_edge_estop_reset_start_and_release_of_the_block_is_on_the_list():
    names = [item.name for item in ITEMS]
    assert names[:3] == ["start 0", "reset 0", "estop 0"]
    for aisle in LAYOUT.aisles:
        assert {f"beam {aisle}", f"deep {aisle}", f"mouth {aisle}", f"choose {aisle}"} <= set(names)
    for column in (2, 3):
        assert {f"edge_left {column}", f"edge_right {column}", f"release {column}"} <= set(names)
    assert len(names) == len(set(names)) == 5 + 4 * len(LAYOUT.aisles) + 4 * 2 + 1


def test_rule_14_key_padlock_and_control_point_come_before_any_aisle_is_open_and_every_place_of_the_selector_counts():
    names = [item.name for item in ITEMS]
    control = ["key 0", "padlock 0", "jog_left 2", "jog_left 3", "jog_right 2"]
    assert names[3:8] == control
    held = frozenset({(2, "jog_left_released"), (3, "jog_left_released"), (3, "jog_elsewhere")})
    assert answered_by(ITEMS, held).name == "jog_left 3"
    assert answered_by(ITEMS, held | {(2, "jog_elsewhere")}) is None  # it names two
    assert answered_by(ITEMS, held | {(2, "key_normal"), (3, "key_normal")}) is None  # and nothing is jogged for proof


def test_rule_14_where_the_selector_was_left_is_no_touch():
    assert judged(("jog_elsewhere", "contactor_open")) == frozenset()
    assert judged(("jog_elsewhere", "jog_left_released")) == {"jog_elsewhere", "jog_left_released"}


def test_rule_13_a_beam_between_two_carriages_must_reach_both_boards():
    beam = next(item for item in ITEMS if item.name == "beam 2")
    assert beam.expected == {(2, "beam_right_ok"), (3, "beam_left_ok")}
    assert answered_by(ITEMS, frozenset({(2, "beam_right_ok")})) is None
    assert answered_by(ITEMS, beam.expected) is beam


def test_rule_13_a_touch_is_all_that_opened_until_everything_is_closed_again():
    opened, ended = touched(frozenset(), frozenset({(2, "beam_right_ok")}))
    opened, ended = touched(opened, frozenset({(3, "beam_left_ok")}))  # boards are asked one after the other
    assert not ended
    assert touched(opened, frozenset()) == (frozenset(), frozenset({(2, "beam_right_ok"), (3, "beam_left_ok")}))


def test_rule_13_two_things_touched_together_prove_neither():
    both = frozenset({(2, "edge_left_ok"), (3, "edge_left_ok")})
    assert answered_by(ITEMS, both) is None


def test_rule_13_each_emergency_stop_of_the_line_is_pressed():
    counts = {item.name: item.times for item in ITEMS} | {"estop 0": 1}
    assert [item.name for item in missing(ITEMS, counts)] == ["estop 0"]


@pytest.mark.parametrize(
    ("days", "state", "left"),
    [
        (0, "good", 31),
        (23, "good", 8),
        (24, "soon", 7),
        (30, "soon", 1),
        (31, "due", 7),
        (37, "due", 1),
        (38, "overdue", 0),
        (50, "overdue", 12),
    ],
)
def test_rule_13_overdue_by_seven_days_blocks_motion_and_is_said_in_good_time(days, state, left):
    now = standing(days * DAY_MS, TERMS, failed=False)
    assert (now.state, now.days) == (state, left)


def test_rule_13_a_failed_proof_stops_at_once_and_the_site_may_shorten_the_grace():
    assert standing(0, TERMS, failed=True).state == "failed"
    assert standing(31 * DAY_MS, Terms(31, 0), failed=False).state == "overdue"
