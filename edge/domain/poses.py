"""The poses 姿态 that a block can be asked for, each from where its carriages stand now.

*Open* one aisle. *Park* 合拢: all shelves together, the free rail at one end. *Ventilate* 通风: even gaps, none wider
than nobody fits into; what is left of the free rail stays in one aisle. A wider gap would make every aisle occupied,
with a walk each, and the boards could not let a carriage move between two opening aisles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.block import Layout, MovePlan, Pose
from edge.domain.opening import plan_opening
from edge.domain.travel import LATCH_MM, known, plan_travel
from edge.errors import RuleRefused

VENT_MOST_MM = LATCH_MM - 2 * TOLERANCE_MM  # both neighbours may stop that much off their place


def plan_pose(layout: Layout, positions_mm: Sequence[int | None], pose: Pose, aisle: int | None = None) -> MovePlan:
    """The move that reaches ``pose``; ``aisle`` is asked for with "open" only. Geometry, not permission.

    Raises RuleRefused: no such aisle, a position unknown, too little free rail, or not reachable in one move.
    """
    if pose == "open":
        return plan_opening(layout, positions_mm, -1 if aisle is None else aisle)
    at = known(layout, positions_mm)
    plans: list[MovePlan] = []
    refused: RuleRefused | None = None
    for to in _parked(layout, at) if pose == "park" else _aired(layout, at):
        try:
            plans.append(_towards(layout, at, to, pose))
        except RuleRefused as error:
            refused = error
    if refused is not None and not plans:
        raise refused
    return min(plans, key=lambda plan: (plan.aisle is not None, len(plan.moves), travel_mm(plan)))


def travel_mm(plan: MovePlan) -> int:
    """How far the carriages go in all."""
    return sum(abs(move.to_mm - move.from_mm) for move in plan.moves)


def _parked(layout: Layout, at: list[int]) -> Iterator[list[int]]:
    """Left edges with the free rail at an end, where possible at a wall instead of between two shelves."""
    last = len(layout.columns)
    ends = [no for no in (layout.aisles[0], layout.aisles[-1]) if no in (0, last)] or [layout.aisles[-1]]
    for end in ends:
        to, edge = list(at), 0 if end else layout.rail_mm
        for index in range(last) if end else reversed(range(last)):
            column = layout.columns[index]
            if index == end and column.fixed:
                break  # the fixed column beyond the gap
            touching = edge if end else edge - column.width_mm
            if not (abs(at[index] - touching) <= TOLERANCE_MM and (at[index] >= touching) == bool(end)):
                to[index] = touching
            edge = to[index] + (column.width_mm if end else 0)
        yield to


def _aired(layout: Layout, at: list[int]) -> Iterator[list[int]]:
    """Left edges with gaps as even as may be; what is left of the free rail in any one aisle."""
    count = len(layout.aisles)
    each = min(layout.free_mm // count, VENT_MOST_MM)
    rest = layout.free_mm - each * (count - 1)
    for wide in layout.aisles[-1:] if rest <= VENT_MOST_MM + count else layout.aisles:
        edge, to = 0, []
        for column in layout.columns:
            edge += 0 if column.no - 1 not in layout.aisles else rest if column.no - 1 == wide else each
            to.append(edge)
            edge += column.width_mm
        slack = min(TOLERANCE_MM, each // 2)
        yield [here if abs(here - mm) <= slack else mm for here, mm in zip(at, to, strict=True)]


def _towards(layout: Layout, at: list[int], to: list[int], pose: Pose) -> MovePlan:
    before, after = gaps_mm(layout, at), gaps_mm(layout, to)
    wide = [no for no in layout.aisles if after[no] > max(LATCH_MM, before[no])]
    if len(wide) > 1:
        raise RuleRefused("pose_not_from_here", "park_first", aisle=wide[0], column=wide[0])
    return plan_travel(layout, at, to, pose, wide[0] if wide else None)
