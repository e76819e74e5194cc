"""The pull list: the fewest openings, then the least travel, for any block and any boxes."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import pull_list
from edge.domain.opening import plan_opening
from edge.domain.poses import travel_mm
from edge.domain.slot_codes import aisle_of, all_slots, parse
from edge.errors import InputRefused
from tests.edge.domain.opening_rules import any_pose, block, standing


@st.composite
def lists(draw, most=24, boxes=20):
    """A block, how it stands, and slots of it."""
    random = draw(st.randoms(use_true_random=False))
    layout, start, _ = any_pose(random, most)
    slots = [str(slot) for slot in all_slots(layout)]
    return layout, start, [random.choice(slots) for _ in range(random.randint(1, boxes))]


def travel_of(layout, pose, aisles):
    total = 0
    for aisle in aisles:
        plan = plan_opening(layout, pose, aisle)
        pose, total = plan.pose_mm, total + travel_mm(plan)
    return total


@given(lists(most=12))
@settings(max_examples=40, deadline=None)
def test_one_opening_for_each_distinct_aisle_and_each_serves_all_its_boxes(case) -> None:
    layout, start, slots = case
    made = pull_list.order(layout, start, slots)
    opened = [opening.aisle for opening in made.openings]
    assert sorted(opened) == sorted({aisle_of(parse(slot)) for slot in slots}), "none twice, none for nothing"
    assert sorted(slot for opening in made.openings for slot in opening.slots) == sorted(set(slots))
    assert all(aisle_of(parse(slot)) == opening.aisle for opening in made.openings for slot in opening.slots)


@given(lists(most=5, boxes=6))
@settings(max_examples=40, deadline=None)
def test_no_other_order_of_the_aisles_travels_less(case) -> None:
    layout, start, slots = case
    made = pull_list.order(layout, start, slots)
    opened = [opening.aisle for opening in made.openings]
    assert made.exact
    assert made.travel_mm == travel_of(layout, start, opened)
    standing_open = travel_of(layout, start, opened[:1]) == 0
    others = [other for other in permutations(opened) if not standing_open or other[0] == opened[0]]
    assert made.travel_mm == min(travel_of(layout, start, other) for other in others)


def demo():
    return block(10, True, False, [450] + [700] * 10, 900)


def standing_open(aisle: int):
    return standing(demo(), [900 if no == aisle else 0 for no in range(12)])


def slot(column: int, position: int = 1) -> str:
    return f"B1-A-{column:02d}-R-01-1-{position:02d}"


def test_from_aisle_5_the_nearer_end_comes_first_and_then_one_sweep() -> None:
    start = standing_open(5)
    made = pull_list.order(demo(), start, [slot(9), slot(2), slot(7), slot(3), slot(7, 2)])
    assert [opening.aisle for opening in made.openings] == [2, 3, 7, 9]
    assert made.travel_mm == 900 * (3 + 1 + 4 + 2) and made.exact


def test_the_aisle_that_stands_open_is_served_first_without_a_move() -> None:
    start = standing_open(5)
    made = pull_list.order(demo(), start, [slot(1), slot(5), slot(10)])
    assert made.openings[0].aisle == 5


def test_beyond_eight_aisles_the_order_is_good_and_says_that_it_is_not_proved() -> None:
    start = standing_open(4)
    made = pull_list.order(demo(), start, [slot(no) for no in range(1, 11) if no != 4])
    assert not made.exact and len(made.openings) == 9
    assert made.travel_mm == 900 * (3 + 9), "the nearer end, then one sweep"


def test_before_positions_are_found_the_list_is_shown_all_the_same() -> None:
    made = pull_list.order(demo(), [0, *[None] * 10], [slot(7), slot(2)])
    assert [opening.aisle for opening in made.openings] == [2, 7]
    assert made.travel_mm is None and not made.exact


def test_within_an_aisle_boxes_come_in_the_order_in_which_one_walks_past_them() -> None:
    wanted = ["B1-A-03-L-02-1-01", "B1-A-02-R-03-1-01", "B1-A-02-R-01-6-18"]
    made = pull_list.order(demo(), standing_open(1), wanted)
    assert [opening.slots for opening in made.openings] == [
        ("B1-A-02-R-01-6-18", "B1-A-02-R-03-1-01", "B1-A-03-L-02-1-01")
    ]


@pytest.mark.parametrize("boxes", [0, 21])
def test_a_list_has_1_to_20_boxes(boxes) -> None:
    with pytest.raises(InputRefused, match="pull_list_size"):
        pull_list.require_size(boxes)
    pull_list.require_size(20)
