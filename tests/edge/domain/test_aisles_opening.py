"""Which carriages open an aisle: for any block of 1 to 24 carriages and any pose."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.block import Column, Layout, MovePlan
from edge.domain.opening import LATCH_MM, plan_opening
from edge.errors import RuleRefused
from firmware import registers

AISLE_MM = 900


def block(carriages: int, left: bool, right: bool, widths: list[int], free_mm: int) -> Layout:
    fixed = [left] * left + [False] * carriages + [right] * right
    columns = tuple(
        Column(no, width, is_fixed, None if is_fixed else no + 1)
        for no, (is_fixed, width) in enumerate(zip(fixed, widths, strict=False), 1)
    )
    return Layout("B1-A", sum(c.width_mm for c in columns) + free_mm, columns, AISLE_MM, 50, 4, 6, 18)


def demo() -> Layout:
    return block(8, True, False, [450] + [700] * 8, 900)


def standing(layout: Layout, gaps: list[int]) -> tuple[int, ...]:
    """Left edges when gap 0 (left wall), 1, 2 … are as given."""
    at, edges = 0, []
    for gap, column in zip(gaps, layout.columns, strict=False):
        edges.append(at + gap)
        at += gap + column.width_mm
    return tuple(edges)


@st.composite
def poses(draw: st.DrawFn, most: int = 24) -> tuple[Layout, tuple[int, ...], int]:
    carriages = draw(st.integers(1, most))
    left, right = draw(st.booleans()), draw(st.booleans())
    columns = carriages + left + right
    widths = draw(st.lists(st.integers(300, 1200), min_size=columns, max_size=columns))
    free_mm = AISLE_MM + draw(st.sampled_from([0, 0, 7, 150, 900, 1000]))
    layout = block(carriages, left, right, widths, free_mm)
    cuts = sorted(
        draw(st.lists(st.integers(0, free_mm), min_size=len(layout.aisles) - 1, max_size=len(layout.aisles) - 1))
    )
    shares = [b - a for a, b in zip([0, *cuts], [*cuts, free_mm], strict=True)]
    if draw(st.booleans()):  # the everyday pose: everything in one gap
        shares = [0] * len(shares)
        shares[draw(st.integers(0, len(shares) - 1))] = free_mm
    gaps = dict(zip(layout.aisles, shares, strict=True))
    return (
        layout,
        standing(layout, [gaps.get(no, 0) for no in range(columns + 1)]),
        draw(st.sampled_from(layout.aisles)),
    )


def pose_at(layout: Layout, start: tuple[int, ...], plan: MovePlan, ms: float) -> list[float]:
    """Every left edge ``ms`` after the warning, at equal speeds."""
    pose = [float(mm) for mm in start]
    for move in plan.moves:
        gone = max(0.0, ms - move.start_delay_ms) * layout.speed_mm_s / 1000
        travel = move.to_mm - move.from_mm
        pose[move.column - 1] = move.from_mm + (1 if travel > 0 else -1) * min(gone, abs(travel))
    return pose


@given(poses())
@settings(max_examples=200, deadline=None)
def test_the_final_pose_opens_the_asked_aisle_and_keeps_the_free_rail(case) -> None:
    layout, start, aisle = case
    plan = plan_opening(layout, start, aisle)
    assert gaps_mm(layout, plan.pose_mm)[aisle] >= AISLE_MM - TOLERANCE_MM
    assert min(gaps_mm(layout, plan.pose_mm)) >= 0
    assert sum(gaps_mm(layout, plan.pose_mm)) == layout.free_mm
    moved = {move.column: move.to_mm for move in plan.moves}
    for column, before, after in zip(layout.columns, start, plan.pose_mm, strict=True):
        assert after == moved.get(column.no, before)
        assert not (column.fixed and column.no in moved)


@given(poses())
@settings(max_examples=150, deadline=None)
def test_no_carriage_touches_another_before_its_place_and_no_other_aisle_latches_on_the_way(case) -> None:
    layout, start, aisle = case
    plan = plan_opening(layout, start, aisle)
    before = gaps_mm(layout, start)
    events = {m.start_delay_ms for m in plan.moves}
    events |= {m.start_delay_ms + abs(m.to_mm - m.from_mm) * 1000 // layout.speed_mm_s for m in plan.moves}
    for ms in sorted(events | {ms + 1 for ms in events}):  # gaps are piecewise linear: corners are enough
        gaps = gaps_mm(layout, pose_at(layout, start, plan, ms))
        assert min(gaps) >= -1e-6
        for no in layout.aisles:
            if no != aisle and before[no] <= LATCH_MM:
                assert gaps[no] <= LATCH_MM


@given(poses(most=5))
@settings(max_examples=150, deadline=None)
def test_no_smaller_set_of_carriages_could_open_it(case) -> None:
    layout, start, aisle = case
    plan = plan_opening(layout, start, aisle)
    movable = [column.no for column in layout.columns if not column.fixed]
    if not plan.moves:
        return
    for size in range(len(plan.moves)):
        for movers in combinations(movable, size):
            assert widest(layout, start, aisle, set(movers)) < AISLE_MM - TOLERANCE_MM


def widest(layout: Layout, start: tuple[int, ...], aisle: int, movers: set[int]) -> int:
    """The widest that ``aisle`` gets when only ``movers`` may move, each away from it."""
    end = 0
    for column, mm in list(zip(layout.columns, start, strict=True))[:aisle]:
        end = (end if column.no in movers else mm) + column.width_mm
    begin = layout.rail_mm
    for column, mm in reversed(list(zip(layout.columns, start, strict=True))[aisle:]):
        begin = (begin - column.width_mm) if column.no in movers else mm
    return begin - end


@given(poses())
@settings(max_examples=100, deadline=None)
def test_starts_on_one_supply_are_apart_unless_waiting_would_latch_an_aisle(case) -> None:
    layout, start, aisle = case
    plan = plan_opening(layout, start, aisle)
    before = gaps_mm(layout, start)
    wide = any(LATCH_MM - 80 < gap <= LATCH_MM for gap in before)
    delays = sorted(move.start_delay_ms for move in plan.moves)
    if not wide:
        assert all(late - early >= layout.start_gap_ms for early, late in pairwise(delays))


def test_the_demo_block_opens_aisle_3_from_the_right_wall_with_the_six_between() -> None:
    layout = demo()
    start = standing(layout, [0] * 9 + [900])
    plan = plan_opening(layout, start, 3)
    assert [move.column for move in plan.moves] == [9, 8, 7, 6, 5, 4]  # from the gap outward
    assert [move.start_delay_ms for move in plan.moves] == [0, 600, 1200, 1800, 2400, 3000]
    assert all(move.to_mm - move.from_mm == 900 for move in plan.moves)
    assert [move.opens for move in plan.moves] == ["none"] * 5 + ["left"]
    assert plan.duration_s == 2 + 3 + 18 + 1


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
