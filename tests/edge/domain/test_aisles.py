"""What the boards together say about the aisles, and when a plan may start."""

from dataclasses import replace

import pytest

from edge.domain.aisles import (
    FindStep,
    combine,
    doubtful,
    occupied,
    plan_finding,
    positions,
    reference_mm,
    refuse_forgetting,
    refuse_unsafe,
)
from edge.domain.block import BlockState, CarriageReport, Column, Layout, Loss
from edge.domain.opening import plan_opening
from edge.errors import DeviceFault, RuleRefused
from tests.edge.carriage_report import between


def demo() -> Layout:
    columns = (Column(1, 450, True, None), *(Column(no, 700, False, no) for no in range(2, 10)))
    return Layout("B1-A", 6950, columns, 900, 50, 4, 6, 18)


def standing(open_aisle: int) -> list[CarriageReport]:
    """The eight carriages with all free rail in one aisle."""
    reports, at = [], 450
    for column in range(2, 10):
        at += 900 * (open_aisle == column - 1)
        gaps = [900 * (open_aisle == column - 1), 900 * (open_aisle == column)]
        reports.append(between(column, at, *gaps))
        at += 700
    return reports


def state_of(carriages: list[CarriageReport], alive: bool = True) -> BlockState:
    aisles = combine(demo(), carriages)
    return BlockState(1, alive, tuple(carriages), (), aisles, None, doubtful(demo(), carriages), 100)


def changed(carriages: list[CarriageReport], column: int, **values: object) -> list[CarriageReport]:
    return [replace(one, **values) if one.column == column else one for one in carriages]


def test_rule_5_an_aisle_is_the_worse_of_its_two_boards() -> None:
    carriages = changed(standing(9), 4, aisle_right="occupied", why_right="beam")
    aisle = combine(demo(), carriages)[3]
    assert (aisle.no, aisle.state, aisle.why, aisle.column_left, aisle.column_right) == (4, "occupied", "beam", 4, 5)
    assert [one.no for one in occupied(combine(demo(), carriages))] == [4]


def test_the_reason_that_says_most_is_shown() -> None:
    carriages = changed(standing(9), 4, aisle_right="occupied", why_right="power_up")
    carriages = changed(carriages, 5, aisle_left="occupied", why_left="beam")
    assert combine(demo(), carriages)[3].why == "beam"


@pytest.mark.parametrize(
    ("values", "why"),
    [({"online": False}, "offline"), ({"age_ms": None}, "stale"), ({"age_ms": 60_000}, "stale")],
)
def test_rule_5_what_is_offline_or_stale_counts_as_occupied_on_both_sides(values, why) -> None:
    aisles = combine(demo(), changed(standing(9), 4, **values))
    assert [(one.no, one.why) for one in occupied(aisles)] == [(3, why), (4, why)]


def test_a_board_that_rests_while_others_move_keeps_what_it_said() -> None:
    carriages = changed(standing(9), 4, age_ms=60_000)
    assert not occupied(combine(demo(), carriages, resting=frozenset({4})))


def test_a_board_that_never_answered_leaves_its_aisles_occupied() -> None:
    carriages = [one for one in standing(9) if one.column != 9]
    assert [one.no for one in occupied(combine(demo(), carriages))] == [8, 9]


def test_rule_8_a_block_whose_numbers_agree_is_believed() -> None:
    assert all(not doubtful(demo(), standing(aisle)) for aisle in range(1, 10))


@pytest.mark.parametrize(
    "values",
    [
        {"position_mm": None},
        {"online": False},
        {"gap_right_mm": 40, "gap_left_mm": None},  # the two boards of one aisle disagree
        {"position_mm": 1890},  # slipped: its number moved, its gaps did not
        {"gap_left_mm": 16},  # touching, says the contact
    ],
)
def test_rule_8_a_block_whose_numbers_disagree_is_doubtful(values) -> None:
    assert doubtful(demo(), changed(standing(9), 4, **values))


def test_rule_8_a_short_aisle_of_debris_is_doubtful() -> None:
    carriages = changed(standing(9), 9, gap_right_mm=880)
    assert doubtful(demo(), carriages)


@pytest.mark.parametrize(("each_mm", "doubts"), [(3, False), (4, True)])
def test_rule_8_gaps_that_are_each_nearly_right_must_add_up_too(each_mm, doubts) -> None:
    """Four closed aisles, each seen a little too wide by both its boards: together 12 mm or 16."""
    carriages = standing(9)
    for column in (2, 3, 4, 5):
        carriages = changed(carriages, column, gap_right_mm=each_mm)
        carriages = changed(carriages, column + 1, gap_left_mm=each_mm)
    assert doubtful(demo(), carriages) is doubts


def test_a_person_before_the_sensor_of_an_occupied_aisle_is_no_doubt_but_too_wide_a_gap_is() -> None:
    someone = changed(standing(9), 9, gap_right_mm=300, aisle_right="occupied", why_right="opened")
    assert not doubtful(demo(), someone)
    assert doubtful(demo(), changed(someone, 9, gap_right_mm=940))


def test_positions_of_fixed_columns_come_from_the_rail_at_either_end() -> None:
    columns = (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 500, True, None))
    layout = Layout("B1-A", 2550, columns, 900, 50, 4, 6, 18)
    assert positions(layout, [between(2, 450, 0, 900)]) == (0, 450, 2050)


def test_a_safe_plan_passes() -> None:
    state = state_of(standing(9))
    refuse_unsafe(demo(), state, plan_opening(demo(), positions(demo(), state.carriages), 3))


def refusal(carriages: list[CarriageReport], **changes: object) -> tuple[str, dict[str, object]]:
    plan = plan_opening(demo(), positions(demo(), standing(9)), 6)  # columns 7, 8 and 9 move
    with pytest.raises((RuleRefused, DeviceFault)) as refused:
        refuse_unsafe(demo(), state_of(carriages, **changes), plan)
    return refused.value.code, refused.value.params


@pytest.mark.parametrize("fixed", [(True, False), (False, True), (False, False), (True, True)])
def test_rule_6_a_gap_to_a_wall_is_an_aisle_too(fixed) -> None:
    left, right = fixed
    columns = (Column(1, 450, left, None if left else 1), Column(2, 700, False, 2), Column(3, 450, right, None))
    layout = Layout("B1-A", 2500, columns, 900, 50, 4, 6, 18)
    assert set(layout.aisles) == {1, 2} | (set() if left else {0}) | (set() if right else {3})


def test_rule_6_a_mover_beside_an_occupied_aisle_is_refused_with_the_aisles_to_walk() -> None:
    carriages = changed(standing(9), 9, aisle_right="occupied", why_right="opened")
    carriages = changed(carriages, 7, aisle_left="occupied", why_left="power_up")
    assert refusal(carriages) == ("aisles_occupied", {"aisles": "6, 9", "walk": [6, 9]})


def test_an_occupied_aisle_away_from_the_movers_does_not_hinder() -> None:
    state = state_of(changed(standing(9), 3, aisle_left="occupied", why_left="opened"))
    refuse_unsafe(demo(), state, plan_opening(demo(), positions(demo(), state.carriages), 6))


def test_faults_doubt_silence_and_boards_that_differ_are_refused_by_name() -> None:
    assert refusal(changed(standing(9), 2, faults=("stall",)))[0] == "column_fault"
    assert refusal(changed(standing(9), 2, config_ok=False))[0] == "board_differs"
    assert refusal(changed(standing(9), 2, position_mm=None))[0] == "positions_unknown"
    assert refusal(changed(standing(9), 2, gap_left_mm=40))[0] == "positions_doubtful"
    assert refusal(changed(standing(9), 8, state="armed"))[0] == "column_not_ready"
    assert refusal(standing(9), alive=False)[0] == "block_silent"


def test_rule_7_nothing_is_chosen_before_every_board_has_forgotten_and_the_silent_one_is_named() -> None:
    lost = changed(standing(9), 2, loss="cranked", position_mm=None)
    assert refusal(lost) == ("block_forgets", {"columns": "2", "waiting": "2"})
    state = replace(state_of(standing(9)), loss=Loss(5, ((2, "cranked"),), (2, 7)))
    with pytest.raises(RuleRefused, match="block_forgets") as refused:
        refuse_forgetting(state)
    assert refused.value.params == {"columns": "2, 7", "waiting": "2, 7"}
    refuse_forgetting(replace(state, loss=Loss(5, ((2, "cranked"),), ())))


def test_a_plan_that_moves_nothing_is_allowed_whatever_stands_in_the_aisle() -> None:
    state = state_of(changed(standing(9), 9, aisle_right="occupied", why_right="opened"))
    refuse_unsafe(demo(), state, plan_opening(demo(), positions(demo(), state.carriages), 9))


def lost(open_aisle: int) -> list[CarriageReport]:
    return [replace(one, position_mm=None, state="unknown") for one in standing(open_aisle)]


@pytest.mark.parametrize("open_aisle", range(1, 10))
def test_finding_chains_from_both_ends_and_gives_every_carriage_its_place(open_aisle) -> None:
    truth = {one.column: one.position_mm for one in standing(open_aisle)}
    carriages, to_find = lost(open_aisle), frozenset(range(2, 10))
    while step := plan_finding(demo(), carriages, to_find):
        assert step.way == ("left" if step.column <= open_aisle else "right")
        assert step.reference_mm == truth[step.column]
        carriages = changed(carriages, step.column, position_mm=step.reference_mm)
        to_find -= {step.column}
    assert not to_find


def test_finding_prefers_the_shortest_way_and_an_unmeasured_gap_last() -> None:
    carriages = changed(lost(9), 2, gap_left_mm=None)
    carriages = changed(carriages, 9, gap_right_mm=400)
    assert plan_finding(demo(), carriages, frozenset(range(2, 10))) == FindStep(9, "right", 6250)


def test_a_doubtful_carriage_is_found_again_between_two_that_are_known() -> None:
    carriages = changed(standing(9), 5, position_mm=2600)
    assert plan_finding(demo(), carriages, frozenset({5})) == FindStep(5, "left", 2550)


def test_the_small_gap_that_is_left_at_the_contact_counts() -> None:
    assert reference_mm(FindStep(5, "left", 2550), between(5, None, 3, 900)) == 2553
    assert reference_mm(FindStep(5, "right", 2550), between(5, None, 900, 4)) == 2546
    assert reference_mm(FindStep(5, "left", 2550), between(5, None, 300, 900)) == 2550


def test_the_walls_are_references_too() -> None:
    columns = (Column(1, 700, False, 1), Column(2, 450, True, None), Column(3, 700, False, 3))
    layout = Layout("B1-A", 2900, columns, 900, 50, 4, 6, 18)
    step = plan_finding(layout, [between(1, None, 100, 100), between(3, None, 100, 100)], frozenset({1, 3}))
    assert step == FindStep(1, "left", 0)
