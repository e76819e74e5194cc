"""Which carriages open an aisle: for any block of 1 to 24 carriages and any pose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.block import Column, Layout
from edge.domain.opening import LATCH_MM, plan_opening
from edge.errors import RuleRefused
from firmware import registers
from tests.edge.domain import opening_rules as rules
from tests.edge.domain.opening_rules import AISLE_MM, any_pose, block, standing


def demo() -> Layout:
    return block(8, True, False, [450] + [700] * 8, 900)


def poses(most: int = 24) -> st.SearchStrategy:
    return st.randoms(use_true_random=False).map(lambda random: any_pose(random, most))


@given(poses())
@settings(max_examples=200, deadline=None)
def test_the_final_pose_opens_the_asked_aisle_and_keeps_the_free_rail(case) -> None:
    layout, start, aisle = case
    rules.opens_the_aisle_and_keeps_the_free_rail(layout, start, plan_opening(layout, start, aisle))


@given(poses())
@settings(max_examples=150, deadline=None)
def test_no_carriage_touches_another_before_its_place_and_no_other_aisle_latches_on_the_way(case) -> None:
    layout, start, aisle = case
    rules.nothing_touches_or_latches_on_the_way(layout, start, plan_opening(layout, start, aisle))


@given(poses(most=5))
@settings(max_examples=150, deadline=None)
def test_no_smaller_set_of_carriages_could_open_it(case) -> None:
    layout, start, aisle = case
    rules.no_fewer_carriages_could_open_it(layout, start, plan_opening(layout, start, aisle))


@given(poses(most=5))
@settings(max_examples=30, deadline=None)
def test_nobody_could_open_it_with_less_travel(case) -> None:
    layout, start, aisle = case
    rules.nobody_could_open_it_with_less_travel(layout, start, plan_opening(layout, start, aisle))


@given(poses())
@settings(max_examples=100, deadline=None)
def test_rule_12_no_two_motors_start_at_once_on_one_supply(case) -> None:
    layout, start, aisle = case
    rules.no_two_motors_start_at_once_on_one_supply(layout, plan_opening(layout, start, aisle))


def test_the_demo_block_opens_aisle_3_from_the_right_wall_with_the_six_between() -> None:
    layout = demo()
    start = standing(layout, [0] * 9 + [900])
    plan = plan_opening(layout, start, 3)
    assert [move.column for move in plan.moves] == [9, 8, 7, 6, 5, 4]  # from the gap outward
    assert [move.start_delay_ms for move in plan.moves] == [0, 600, 1200, 1800, 2400, 3000]
    assert all(move.to_mm - move.from_mm == 900 for move in plan.moves)
    assert [move.opens for move in plan.moves] == ["none"] * 5 + ["left"]
    assert plan.duration_s == 2 + 3 + 18 + 1


def test_where_waiting_would_open_an_aisle_between_two_of_them_the_follower_starts_first() -> None:
    layout = block(4, True, False, [450] + [700] * 4, 900)
    start = standing(layout, [0, 150, 150, 150, 150, 300])
    plan = plan_opening(layout, start, 1)
    assert [(move.column, move.start_delay_ms) for move in plan.moves] == [(2, 0), (3, 600), (4, 1200), (5, 1800)]


def test_an_aisle_that_stands_open_needs_no_move() -> None:
    layout = demo()
    start = standing(layout, [0, 0, 0, 893, 0, 0, 0, 0, 0, 7])
    plan = plan_opening(layout, start, 3)
    assert plan.moves == ()
    assert plan.pose_mm == start


def test_an_aisle_between_two_gaps_opens_from_both_sides_and_names_itself_to_both_neighbours() -> None:
    layout = demo()
    plan = plan_opening(layout, standing(layout, [0, 0, 450, 0, 0, 450, 0, 0, 0, 0]), 4)
    assert {move.column: move.opens for move in plan.moves} == {3: "none", 4: "right", 5: "left"}


def test_an_unknown_position_is_refused_by_column() -> None:
    layout = demo()
    start: list[int | None] = list(standing(layout, [0] * 9 + [900]))
    start[4] = None
    with pytest.raises(RuleRefused) as refused:
        plan_opening(layout, start, 3)
    assert (refused.value.code, refused.value.params) == ("positions_unknown", {"columns": "5"})


def test_an_aisle_that_the_block_does_not_have_is_refused() -> None:
    with pytest.raises(RuleRefused) as refused:
        plan_opening(demo(), standing(demo(), [0] * 9 + [900]), 0)
    assert refused.value.code == "no_such_aisle"


def test_a_fixed_column_in_the_way_is_refused() -> None:
    columns = (Column(1, 700, False, 1), Column(2, 450, True, None), Column(3, 700, False, 3))
    layout = Layout("B1-A", 700 + 450 + 700 + 1000, columns, AISLE_MM, 50, 4, 6, 18)
    with pytest.raises(RuleRefused) as refused:
        plan_opening(layout, (0, 1200, 1650), 3)
    assert refused.value.code == "aisle_cannot_open"


def test_the_latch_is_that_of_the_boards() -> None:
    assert LATCH_MM == registers.AISLE_LATCH_MM
