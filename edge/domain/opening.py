"""How far which carriages go to open an aisle: the fewest that can, then the least travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.block import Layout, MovePlan
from edge.domain.travel import LATCH_MM, known, plan_travel
from edge.errors import RuleRefused

__all__ = ["LATCH_MM", "plan_opening"]


@dataclass(frozen=True, slots=True)
class _Train:
    """Carriages that go one way, nearest the asked aisle first, and how far each goes."""

    indexes: tuple[int, ...]
    travel_mm: tuple[int, ...]


def plan_opening(layout: Layout, positions_mm: Sequence[int | None], aisle: int) -> MovePlan:
    """The move that opens ``aisle`` to ``layout.aisle_mm``; empty when it stands open (within 15 mm).

    Geometry only: ``aisles.refuse_unsafe`` says whether it may start. Raises RuleRefused: no such aisle,
    a position unknown, or too little free rail.
    """
    if aisle not in layout.aisles:
        raise RuleRefused("no_such_aisle", "choose_aisle", aisle=aisle)
    at = known(layout, positions_mm)
    gaps = [max(0, gap) for gap in gaps_mm(layout, at)]
    missing = layout.aisle_mm - gaps[aisle]
    if missing <= TOLERANCE_MM:
        return MovePlan(aisle, (), tuple(at), 0)
    pose = list(at)
    for train, way in zip(_fewest(layout, gaps, aisle, missing), (-1, +1), strict=True):
        for index, travel in zip(train.indexes, train.travel_mm, strict=True):
            pose[index] += way * travel
    return plan_travel(layout, at, pose, "open", aisle)


def _fewest(layout: Layout, gaps: list[int], aisle: int, missing: int) -> tuple[_Train, _Train]:
    """The two trains with the fewest carriages, then the least travel in all."""
    lefts = _reach(layout, gaps, aisle, -1)
    rights = _reach(layout, gaps, aisle, +1)
    best: tuple[int, int, _Train, _Train] | None = None
    for n_left, room_left in enumerate(lefts):
        for n_right, room_right in enumerate(rights):
            if room_left + room_right < missing - TOLERANCE_MM or (best and n_left + n_right > best[0]):
                continue
            open_mm = min(missing, room_left + room_right)
            for go_left in _splits(lefts[: n_left + 1], rights[: n_right + 1], open_mm):
                left = _train(lefts[:n_left], aisle - 1, -1, go_left)
                right = _train(rights[:n_right], aisle, +1, open_mm - go_left)
                cost = (len(left.indexes) + len(right.indexes), sum(left.travel_mm) + sum(right.travel_mm))
                if best is None or cost < best[:2]:
                    best = (*cost, left, right)
    if best is None:
        raise RuleRefused("aisle_cannot_open", "call_technician", aisle=aisle, aisle_mm=layout.aisle_mm)
    return best[2], best[3]


def _reach(layout: Layout, gaps: list[int], aisle: int, way: int) -> list[int]:
    """[0, free mm when 1 carriage on that side moves, when 2 move, …] up to the wall or a fixed column."""
    reach = [0]
    index = aisle - 1 if way < 0 else aisle
    while 0 <= index < len(layout.columns) and not layout.columns[index].fixed:
        reach.append(reach[-1] + gaps[index if way < 0 else index + 1])
        index += way
    return reach


def _splits(lefts: list[int], rights: list[int], open_mm: int) -> list[int]:
    """How far the left neighbour may go: every point where one carriage more would start to move."""
    lowest, highest = max(0, open_mm - rights[-1]), min(lefts[-1], open_mm)
    points = {lowest, highest, *lefts, *(open_mm - room for room in rights)}
    return sorted(point for point in points if lowest <= point <= highest)


def _train(reach: list[int], first: int, way: int, go_mm: int) -> _Train:
    travels = [go_mm - room for room in reach if go_mm > room]
    return _Train(tuple(first + way * place for place in range(len(travels))), tuple(travels))
