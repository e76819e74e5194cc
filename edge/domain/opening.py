"""Which carriages open an aisle, how far each goes and when it starts: the fewest that can.

Equal speeds are assumed; the carriage nearest the gap that closes starts first, so a follower never
catches its leader and the gap between them never grows beyond what latches an aisle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.aisles import TOLERANCE_MM, gaps_mm
from edge.domain.block import CarriageMove, Layout, MovePlan, Side
from edge.errors import RuleRefused

LATCH_MM = 180  # the boards latch an aisle as occupied above this gap (AISLE_LATCH_MM of the register map)
WARNING_MS = 2000
RAMP_MS = 1000  # speeding up and slowing down, for the estimate only


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
    at = [mm for mm in positions_mm if mm is not None]
    if len(at) < len(layout.columns):
        unknown = [column.no for column, mm in zip(layout.columns, positions_mm, strict=True) if mm is None]
        raise RuleRefused("positions_unknown", "find_positions", columns=", ".join(map(str, unknown)))
    gaps = [max(0, gap) for gap in gaps_mm(layout, at)]
    missing = layout.aisle_mm - gaps[aisle]
    if missing <= TOLERANCE_MM:
        return MovePlan(aisle, (), tuple(at), 0)
    left, right = _fewest(layout, gaps, aisle, missing)
    moves, pose = [], list(at)
    # Two trains take turns to start, so that no two motors start at once on one supply.
    turns = 2 if left.indexes and right.indexes else 1
    start_gap_ms = layout.start_gap_ms
    for train, way, late_ms in ((left, -1, 0), (right, +1, start_gap_ms if turns == 2 else 0)):
        delays = [late_ms + ms for ms in _delays_ms(layout, gaps, train, way, turns * start_gap_ms)]
        for place, (index, travel) in enumerate(zip(train.indexes, train.travel_mm, strict=True)):
            opens: Side = "none" if place else ("right" if way < 0 else "left")
            pose[index] = at[index] + way * travel
            moves.append(CarriageMove(layout.columns[index].no, at[index], pose[index], delays[place], opens))
    moves.sort(key=lambda move: (move.start_delay_ms, move.column))
    longest_ms = max(move.start_delay_ms + abs(move.to_mm - move.from_mm) * 1000 // layout.speed_mm_s for move in moves)
    return MovePlan(aisle, tuple(moves), tuple(pose), -(-(WARNING_MS + longest_ms + RAMP_MS) // 1000))


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


def _delays_ms(layout: Layout, gaps: list[int], train: _Train, way: int, start_gap_ms: int) -> list[int]:
    """Start delays, nearest the asked aisle first; the last of the train (the leader) starts at once.

    Waiting lets the gap to the leader grow; where that would latch the aisle between them, both start together.
    """
    delays = [0] * len(train.indexes)
    grows_mm = -(-layout.speed_mm_s * start_gap_ms // 1000)
    for place in reversed(range(len(delays) - 1)):
        between = gaps[train.indexes[place] + (0 if way < 0 else 1)]
        latches = between <= LATCH_MM < between + grows_mm + TOLERANCE_MM
        delays[place] = delays[place + 1] + (0 if latches else start_gap_ms)
    return delays
