"""What every plan that opens an aisle must keep, for any block and pose. Each check raises AssertionError."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.block import Column, Layout, MovePlan
from edge.domain.opening import LATCH_MM

AISLE_MM = 900

Pose = tuple[int, ...]


def block(carriages: int, left: bool, right: bool, widths: list[int], free_mm: int) -> Layout:
    """``left``, ``right``: whether a fixed column stands at that end."""
    fixed = [left] * left + [False] * carriages + [right] * right
    columns = tuple(
        Column(no, width, is_fixed, None if is_fixed else no + 1)
        for no, (is_fixed, width) in enumerate(zip(fixed, widths, strict=False), 1)
    )
    return Layout("B1-A", sum(c.width_mm for c in columns) + free_mm, columns, AISLE_MM, 50, 4, 6, 18)


def standing(layout: Layout, gaps: list[int]) -> Pose:
    """Left edges when gap 0 (left wall), 1, 2 … are as given."""
    at, edges = 0, []
    for gap, column in zip(gaps, layout.columns, strict=False):
        edges.append(at + gap)
        at += gap + column.width_mm
    return tuple(edges)


def any_pose(random: Random, most: int = 24) -> tuple[Layout, Pose, int]:
    """A block of 1 to ``most`` carriages with room for one aisle or two, how it stands, and an aisle to open.

    It stands with one aisle open, with two, ventilated, or anyhow.
    """
    carriages = random.randint(1, most)
    left, right = random.random() < 0.5, random.random() < 0.5
    widths = [random.randint(300, 1200) for _ in range(carriages + left + right)]
    free_mm = AISLE_MM + random.choice([0, 0, 7, 150, 900, 1000])
    layout = block(carriages, left, right, widths, free_mm)
    shares = [0] * len(layout.aisles)
    stands = random.random()
    if stands < 0.4:  # the everyday pose: everything in one gap
        shares[random.randrange(len(shares))] = free_mm
    elif stands < 0.55:
        shares[random.randrange(len(shares))] += AISLE_MM
        shares[random.randrange(len(shares))] += free_mm - AISLE_MM
    elif stands < 0.7:
        each = min(free_mm // len(shares), 150)
        shares = [each] * len(shares)
        shares[random.randrange(len(shares))] += free_mm - sum(shares)
    else:
        cuts = sorted(random.randint(0, free_mm) for _ in layout.aisles[1:])
        shares = [b - a for a, b in zip([0, *cuts], [*cuts, free_mm], strict=True)]
    gaps = dict(zip(layout.aisles, shares, strict=True))
    start = standing(layout, [gaps.get(no, 0) for no in range(len(layout.columns) + 1)])
    return layout, start, random.choice(layout.aisles)


def opens_the_aisle_and_keeps_the_free_rail(layout: Layout, start: Pose, plan: MovePlan) -> None:
    assert gaps_mm(layout, plan.pose_mm)[plan.aisle] >= AISLE_MM - TOLERANCE_MM
    assert min(gaps_mm(layout, plan.pose_mm)) >= 0
    assert sum(gaps_mm(layout, plan.pose_mm)) == layout.free_mm
    moved = {move.column: move.to_mm for move in plan.moves}
    for column, before, after in zip(layout.columns, start, plan.pose_mm, strict=True):
        assert after == moved.get(column.no, before)
        assert not (column.fixed and column.no in moved)


def nothing_touches_or_latches_on_the_way(layout: Layout, start: Pose, plan: MovePlan) -> None:
    before = gaps_mm(layout, start)
    events = {m.start_delay_ms for m in plan.moves}
    events |= {m.start_delay_ms + abs(m.to_mm - m.from_mm) * 1000 // layout.speed_mm_s for m in plan.moves}
    for ms in sorted(events | {ms + 1 for ms in events}):  # gaps are piecewise linear: corners are enough
        gaps = gaps_mm(layout, _pose_at(layout, start, plan, ms))
        assert min(gaps) >= -1e-6
        for no in layout.aisles:
            if no != plan.aisle and before[no] <= LATCH_MM:
                assert gaps[no] <= LATCH_MM + 1e-6  # floating point


def _pose_at(layout: Layout, start: Pose, plan: MovePlan, ms: float) -> list[float]:
    """Every left edge ``ms`` after the warning, at equal speeds."""
    pose = [float(mm) for mm in start]
    for move in plan.moves:
        gone = max(0.0, ms - move.start_delay_ms) * layout.speed_mm_s / 1000
        travel = move.to_mm - move.from_mm
        pose[move.column - 1] = move.from_mm + (1 if travel > 0 else -1) * min(gone, abs(travel))
    return pose


def no_fewer_carriages_could_open_it(layout: Layout, start: Pose, plan: MovePlan) -> None:
    """Tries every smaller set: for small blocks only."""
    movable = [column.no for column in layout.columns if not column.fixed]
    for size in range(len(plan.moves)):
        for movers in combinations(movable, size):
            assert _widest(layout, start, plan.aisle, set(movers)) < AISLE_MM - TOLERANCE_MM


def _widest(layout: Layout, start: Pose, aisle: int, movers: set[int]) -> int:
    """The widest that ``aisle`` gets when only ``movers`` may move, each away from it."""
    end = 0
    for column, mm in list(zip(layout.columns, start, strict=True))[:aisle]:
        end = (end if column.no in movers else mm) + column.width_mm
    begin = layout.rail_mm
    for column, mm in reversed(list(zip(layout.columns, start, strict=True))[aisle:]):
        begin = (begin - column.width_mm) if column.no in movers else mm
    return begin - end


def no_two_motors_start_at_once_on_one_supply(layout: Layout, plan: MovePlan) -> None:
    delays = sorted(move.start_delay_ms for move in plan.moves)
    assert all(late - early >= layout.start_gap_ms for early, late in pairwise(delays))


def nobody_could_open_it_with_less_travel(layout: Layout, start: Pose, plan: MovePlan) -> None:
    """Tries every millimetre that the left side could give, each carriage pushing the next where it would touch it."""
    gaps = gaps_mm(layout, start)
    open_mm = gaps_mm(layout, plan.pose_mm)[plan.aisle] - gaps[plan.aisle]
    if gaps[plan.aisle] + open_mm < AISLE_MM:
        return  # it opens as far as these few carriages can; others would open it further and are not compared
    costs = []
    for left_mm in range(open_mm + 1):
        travels = (
            _pushed(layout, gaps, plan.aisle, -1, left_mm),
            _pushed(layout, gaps, plan.aisle, +1, open_mm - left_mm),
        )
        if None not in travels:
            gone = [mm for side in travels for mm in side or ()]
            costs.append((len(gone), sum(gone)))
    assert (len(plan.moves), sum(abs(move.to_mm - move.from_mm) for move in plan.moves)) == min(costs)


def _pushed(layout: Layout, gaps: list[int], aisle: int, way: int, mm: int) -> list[int] | None:
    """How far each carriage on that side of the aisle goes when its face goes ``mm``; None = a wall is in the way."""
    gone, at = [], aisle if way > 0 else aisle - 1
    while mm > 0:
        if not 0 <= at < len(layout.columns) or layout.columns[at].fixed:
            return None
        gone.append(mm)
        mm -= gaps[at + 1 if way > 0 else at]
        at += way
    return gone
