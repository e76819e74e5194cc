"""From where the carriages stand to where they shall stand: who moves, who starts when, which aisle a move opens.

Carriages that go one way side by side are a train; starts.py says in which order its motors start.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.block import CarriageMove, Layout, MovePlan, Pose, Side
from edge.domain.starts import turns, window
from edge.errors import RuleRefused

LATCH_MM = 180  # the boards latch an aisle as occupied above this gap (AISLE_LATCH_MM of the register map)
WARNING_MS = 2000
RAMP_MS = 1000  # speeding up and slowing down, for the estimate only


def known(layout: Layout, positions_mm: Sequence[int | None]) -> list[int]:
    """The same left edges when all are known. Raises RuleRefused ``positions_unknown``."""
    at = [mm for mm in positions_mm if mm is not None]
    if len(at) < len(layout.columns):
        unknown = [column.no for column, mm in zip(layout.columns, positions_mm, strict=True) if mm is None]
        raise RuleRefused("positions_unknown", "find_positions", columns=", ".join(map(str, unknown)))
    return at


def plan_travel(
    layout: Layout, at_mm: Sequence[int], pose_mm: Sequence[int], pose: Pose, aisle: int | None
) -> MovePlan:
    """The move from ``at_mm`` to ``pose_mm``, which opens ``aisle`` (None: none) and leaves every other gap narrow.

    Raises RuleRefused: ``pose_not_from_here`` where a carriage would have to follow into the opening aisle, or
    ``starts_not_apart`` where the carriages stand too unevenly to start one after another.
    """
    gaps = [max(0, gap) for gap in gaps_mm(layout, at_mm)]
    ways = [(to > here) - (to < here) for here, to in zip(at_mm, pose_mm, strict=True)]
    moves: list[CarriageMove] = []
    for train in _trains(ways):
        started = len(moves)
        for index, turn in zip(train, _turns(layout, gaps, train), strict=True):
            opens = _opens(layout, index, ways[index], aisle)
            delay_ms = (started + turn) * layout.start_gap_ms
            moves.append(CarriageMove(layout.columns[index].no, at_mm[index], pose_mm[index], delay_ms, opens))
    if not moves:
        return MovePlan(aisle, (), tuple(at_mm), 0, pose)
    moves.sort(key=lambda move: (move.start_delay_ms, move.column))
    longest_ms = max(move.start_delay_ms + abs(move.to_mm - move.from_mm) * 1000 // layout.speed_mm_s for move in moves)
    duration_s = -(-(WARNING_MS + longest_ms + RAMP_MS) // 1000)
    return MovePlan(aisle, tuple(moves), tuple(pose_mm), duration_s, pose)


def _trains(ways: Sequence[int]) -> list[list[int]]:
    """Indexes of neighbours that go the same way, each train leader first, trains along the rail."""
    trains: list[list[int]] = []
    for index, way in enumerate(ways):
        if way and trains and trains[-1][-1] == index - 1 and ways[index - 1] == way:
            trains[-1].append(index)
        elif way:
            trains.append([index])
    return [train if ways[train[0]] < 0 else train[::-1] for train in trains]


def _turns(layout: Layout, gaps: Sequence[int], train: Sequence[int]) -> list[int]:
    """The turns to start, leader first. Raises RuleRefused ``starts_not_apart`` where no order keeps the gaps."""
    step_mm = -(-layout.speed_mm_s * layout.start_gap_ms // 1000)
    if not step_mm:
        return [0] * len(train)
    found = turns([window(gaps[max(pair)], step_mm, TOLERANCE_MM, LATCH_MM) for pair in pairwise(train)])
    if found is None:
        columns = ", ".join(str(layout.columns[index].no) for index in sorted(train))
        raise RuleRefused("starts_not_apart", "crank_together", columns=columns)
    return found


def _opens(layout: Layout, index: int, way: int, aisle: int | None) -> Side:
    """The side of this carriage at which ``aisle`` opens: always the one that it moves away from."""
    no = layout.columns[index].no
    if aisle is None or aisle not in (no - 1, no):
        return "none"
    if way != (1 if aisle == no - 1 else -1):
        raise RuleRefused("pose_not_from_here", "park_first", aisle=aisle, column=no)
    return "left" if aisle == no - 1 else "right"
