"""Parking and airing a block: for any block of 1 to 24 carriages and any pose."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.opening import LATCH_MM, plan_opening
from edge.domain.poses import plan_pose
from edge.errors import RuleRefused
from tests.edge.domain import opening_rules as rules
from tests.edge.domain.opening_rules import any_pose, block, standing


def poses() -> st.SearchStrategy:
    return st.randoms(use_true_random=False).map(any_pose)


def planned(layout, start, pose):
    """The plan, or None where it is refused with a way out."""
    try:
        return plan_pose(layout, start, pose)
    except RuleRefused as refused:
        assert (refused.code, refused.recovery) == ("pose_not_from_here", "park_first")
        return None


@given(poses(), st.sampled_from(["park", "ventilate"]))
@settings(max_examples=120, deadline=None)
def test_nothing_touches_and_only_the_named_aisle_grows_past_the_latch(case, pose) -> None:
    layout, start, _ = case
    plan = planned(layout, start, pose)
    if plan is None:
        return
    rules.nothing_touches_or_latches_on_the_way(layout, start, plan)
    rules.no_two_motors_start_at_once_on_one_supply(layout, plan)
    assert min(gaps_mm(layout, plan.pose_mm)) >= 0
    before, after = gaps_mm(layout, start), gaps_mm(layout, plan.pose_mm)
    grown = [no for no in layout.aisles if after[no] > max(LATCH_MM, before[no])]
    assert grown == ([] if plan.aisle is None else [plan.aisle])


@given(poses(), st.sampled_from(["park", "ventilate"]))
@settings(max_examples=80, deadline=None)
def test_no_carriage_goes_into_the_aisle_that_opens_and_every_neighbour_that_moves_names_it(case, pose) -> None:
    layout, start, _ = case
    plan = planned(layout, start, pose)
    if plan is None:
        return
    for move in plan.moves:
        side = {move.column - 1: "left", move.column: "right"}.get(plan.aisle, "none")
        assert move.opens == side
        if side != "none":
            assert (move.to_mm > move.from_mm) == (side == "left"), "it goes away from what opens"


@given(poses())
@settings(max_examples=60, deadline=None)
def test_parking_is_never_refused_and_leaves_one_gap_at_an_end(case) -> None:
    layout, start, _ = case
    plan = plan_pose(layout, start, "park")
    gaps = gaps_mm(layout, plan.pose_mm)
    wide = [no for no in layout.aisles if gaps[no] > TOLERANCE_MM]
    assert len(wide) == 1 and wide[0] in (layout.aisles[0], layout.aisles[-1])
    assert plan_pose(layout, plan.pose_mm, "park").moves == (), "a parked block has nothing to do"


@given(poses())
@settings(max_examples=60, deadline=None)
def test_a_parked_block_and_one_with_one_open_aisle_can_always_be_aired(case) -> None:
    layout, start, aisle = case
    for pose in (plan_pose(layout, start, "park").pose_mm, plan_opening(layout, start, aisle).pose_mm):
        one_open = sum(gap > TOLERANCE_MM for gap in gaps_mm(layout, pose)) == 1
        if one_open:
            plan = plan_pose(layout, pose, "ventilate")
            gaps = gaps_mm(layout, plan.pose_mm)
            assert sum(gap > LATCH_MM for gap in gaps) <= 1
            assert plan_pose(layout, plan.pose_mm, "ventilate").moves == ()


def test_the_demo_block_is_aired_with_a_decimetre_everywhere_and_nobody_has_a_walk() -> None:
    layout = block(8, True, False, [450] + [700] * 8, 900)
    plan = plan_pose(layout, standing(layout, [0, 0, 0, 0, 900, 0, 0, 0, 0, 0]), "ventilate")
    assert gaps_mm(layout, plan.pose_mm) == [0] + [100] * 9
    assert plan.aisle is None and {move.opens for move in plan.moves} == {"none"}
    delays = sorted(move.start_delay_ms for move in plan.moves)
    assert all(late - early >= layout.start_gap_ms for early, late in pairwise(delays))


def test_three_carriages_would_stand_too_far_apart_so_one_aisle_keeps_the_rest() -> None:
    layout = block(3, True, False, [450] + [700] * 3, 900)
    plan = plan_pose(layout, standing(layout, [0, 0, 900, 0, 0]), "ventilate")
    assert sorted(gaps_mm(layout, plan.pose_mm)) == [0, 150, 150, 150, 450]
    assert plan.aisle is None, "the aisle that was open only became narrower"


def test_the_demo_block_parks_at_the_fixed_end_and_says_that_the_aisle_at_the_wall_is_open_then() -> None:
    layout = block(8, True, False, [450] + [700] * 8, 900)
    plan = plan_pose(layout, standing(layout, [0, 0, 0, 0, 900, 0, 0, 0, 0, 0]), "park")
    assert plan.aisle == 9 and [move.column for move in plan.moves] == [5, 6, 7, 8, 9]
    assert [move.opens for move in plan.moves] == ["none"] * 4 + ["right"]


def test_a_pose_cannot_be_planned_from_an_unknown_position() -> None:
    layout = block(3, True, False, [450] + [700] * 3, 900)
    with pytest.raises(RuleRefused, match="positions_unknown"):
        plan_pose(layout, (0, 450, None, 1850), "park")
