"""Aisles and the carriages that open them: what the boards together say, and what must move.

Pure geometry and rules. Aisle *n* lies right of column *n*; all lengths in mm from the rail's zero.
Occupancy comes from opportunity: whatever is offline, stale or unknown counts as occupied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edge.domain.block import Aisle, AisleState, BlockState, CarriageReport, Layout, MovePlan, Side
from edge.errors import DeviceFault, RuleRefused

TOLERANCE_MM = 15  # sum of gaps against free rail, measured gap against position, residue of a closed aisle
STALE_MS = 3000

_RANK: dict[AisleState, int] = {"clear": 0, "opening": 1, "occupied": 2}
# Of two boards' reasons the one that says most is shown.
WHY = (
    "beam", "circuit", "moved_unasked", "gap_unknown", "offline", "no_board", "stale", "power_up", "work",
    "forgotten", "opened",
)  # fmt: skip


def positions(layout: Layout, carriages: Iterable[CarriageReport]) -> tuple[int | None, ...]:
    """Left edge of every column in order; fixed ones from the rail, None where a board does not know."""
    reported = {report.column: report.position_mm for report in carriages if report.online}
    columns = layout.columns
    found: list[int | None] = []
    for index, column in enumerate(columns):
        if not column.fixed:
            found.append(reported.get(column.no))
        elif all(other.fixed for other in columns[:index]):
            found.append(sum(other.width_mm for other in columns[:index]))
        elif all(other.fixed for other in columns[index:]):
            found.append(layout.rail_mm - sum(other.width_mm for other in columns[index:]))
        else:
            found.append(None)
    return tuple(found)


def gaps_mm(layout: Layout, positions_mm: Sequence[int]) -> list[int]:
    """Gap 0 (left wall) to gap n (right wall) that these left edges leave."""
    ends = [0] + [at + column.width_mm for at, column in zip(positions_mm, layout.columns, strict=True)]
    return [start - end for start, end in zip([*positions_mm, layout.rail_mm], ends, strict=True)]


def combine(
    layout: Layout, carriages: Iterable[CarriageReport], *, resting: frozenset[int] = frozenset()
) -> tuple[Aisle, ...]:
    """Each aisle as the worse of the boards at its two sides.

    ``resting``: columns not asked while others move; their age does not count, since a move can touch
    none of their aisles and they are asked again before the next one.
    """
    reports = {report.column: report for report in carriages}
    return tuple(_aisle(layout, reports, no, resting) for no in layout.aisles)


@dataclass(frozen=True, slots=True)
class _View:
    state: AisleState
    why: str
    gap_mm: int | None


def _aisle(layout: Layout, reports: dict[int, CarriageReport], no: int, resting: frozenset[int]) -> Aisle:
    left = no if no >= 1 else None
    right = no + 1 if no < len(layout.columns) else None
    views = [
        _view(reports.get(column), face, column in resting)
        for column, face in ((left, "right"), (right, "left"))
        if column is not None and not layout.columns[column - 1].fixed
    ]
    if not views:
        return Aisle(no, None, "occupied", "no_board", left, right)
    worst = max(views, key=lambda view: _RANK[view.state]).state
    reasons = [view.why for view in views if view.state == worst and view.why]
    why = min(reasons, key=lambda name: WHY.index(name) if name in WHY else 0, default="")
    known = [view.gap_mm for view in views if view.gap_mm is not None]
    return Aisle(no, max(known, default=None), worst, why, left, right)


def _view(report: CarriageReport | None, face: str, rests: bool) -> _View:
    if report is None or not report.online:
        return _View("occupied", "offline", None)
    if report.age_ms is None or (report.age_ms > STALE_MS and not rests):
        return _View("occupied", "stale", None)
    if face == "left":
        return _View(report.aisle_left, report.why_left, report.gap_left_mm)
    return _View(report.aisle_right, report.why_right, report.gap_right_mm)


def occupied(aisles: Iterable[Aisle]) -> tuple[Aisle, ...]:
    """The aisles that somebody must walk through and reset."""
    return tuple(aisle for aisle in aisles if aisle.state == "occupied")


def doubtful(layout: Layout, carriages: Iterable[CarriageReport]) -> bool:
    """True unless positions, measured gaps and contacts tell one story. Only meaningful while nothing moves."""
    reports = {report.column: report for report in carriages}
    at = positions(layout, reports.values())
    known = [mm for mm in at if mm is not None]
    if len(known) < len(at) or any(not report.online for report in reports.values()):
        return True
    expected = gaps_mm(layout, known)
    total = 0
    for aisle in combine(layout, reports.values()):
        seen = _measured(reports, aisle.no)
        if not seen:
            return True
        short = expected[aisle.no] - min(seen)
        if aisle.state == "occupied" and short > TOLERANCE_MM:
            # Somebody may stand before the sensor. A slip would still show as too wide a gap on its other side.
            seen = [max(gap, expected[aisle.no]) for gap in seen]
        gap = round(sum(seen) / len(seen))
        touching = _touching(reports.get(aisle.no), "right") or _touching(reports.get(aisle.no + 1), "left")
        spread = max(seen) - min(seen)
        if max(spread, abs(gap - expected[aisle.no])) > TOLERANCE_MM or (touching and gap > TOLERANCE_MM):
            return True
        total += gap
    return abs(total - layout.free_mm) > TOLERANCE_MM


def _measured(reports: dict[int, CarriageReport], no: int) -> list[int]:
    left, right = reports.get(no), reports.get(no + 1)
    seen = [left.gap_right_mm if left else None, right.gap_left_mm if right else None]
    return [gap for gap in seen if gap is not None]


def _touching(report: CarriageReport | None, face: str) -> bool:
    return report is not None and f"contact_{face}_open" in report.open_inputs


def key_turned() -> RuleRefused:
    return RuleRefused("maintenance", "turn_key_back")


def locked_out() -> RuleRefused:
    return RuleRefused("locked_out", "take_padlock_off")


def refuse_work(state: BlockState) -> None:
    """Raise RuleRefused while somebody works at the block; its boards refuse by themselves too (rule 14)."""
    if state.padlocked:
        raise locked_out()
    if state.key_turned:
        raise key_turned()


def refuse_forgetting(state: BlockState) -> None:
    """Raise RuleRefused while a carriage lost its place and not every board of the block has forgotten its own."""
    lost = sorted({report.column for report in state.carriages if report.loss})
    waiting = state.loss.waiting if state.loss else ()
    if lost or waiting:
        names = [", ".join(map(str, columns)) for columns in (lost or waiting, waiting or lost)]
        raise RuleRefused("block_forgets", "wait_for_boards", columns=names[0], waiting=names[1])


def refuse_unsafe(layout: Layout, state: BlockState, plan: MovePlan) -> None:
    """Raise RuleRefused or DeviceFault when ``plan`` may not start now. A plan that moves nothing is always allowed."""
    if not plan.moves:
        return
    if not state.alive:
        raise DeviceFault("block_silent", "restart_motion")
    refuse_work(state)
    at = positions(layout, state.carriages)
    unknown = [column.no for column, mm in zip(layout.columns, at, strict=True) if mm is None]
    movers = {move.column for move in plan.moves}
    for report in state.carriages:
        if report.faults:
            raise RuleRefused("column_fault", "clear_fault", column=report.column, fault=report.faults[0])
        if report.online and not report.config_ok:
            raise RuleRefused("board_differs", "commission_board", column=report.column)
    refuse_forgetting(state)
    walk = [aisle.no for aisle in occupied(state.aisles) if movers & {aisle.column_left, aisle.column_right}]
    if walk:
        raise RuleRefused("aisles_occupied", "walk_aisles", aisles=", ".join(map(str, walk)), walk=walk)
    if unknown:
        raise RuleRefused("positions_unknown", "find_positions", columns=", ".join(map(str, unknown)))
    if state.doubtful:
        raise RuleRefused("positions_doubtful", "find_positions_again")
    for report in state.carriages:
        if report.column in movers and report.state != "ready":
            raise RuleRefused("column_not_ready", "wait_for_block", column=report.column, column_state=report.state)


@dataclass(frozen=True, slots=True)
class FindStep:
    """The next carriage to find: ``way`` it goes until it touches; its left edge is then at ``reference_mm``."""

    column: int
    way: Side
    reference_mm: int


def plan_finding(layout: Layout, carriages: Iterable[CarriageReport], columns: frozenset[int]) -> FindStep | None:
    """Of ``columns`` the one that reaches a known neighbour (or wall) over the shortest measured gap; None = all found.

    A gap that its board cannot measure counts as longest. Raises RuleRefused when no neighbour is known
    (a fixed column in the middle of the rail).
    """
    if not columns:
        return None
    reports = {report.column: report for report in carriages}
    at = [
        None if column.no in columns else mm
        for column, mm in zip(layout.columns, positions(layout, reports.values()), strict=True)
    ]
    steps: list[tuple[int, int, FindStep]] = []
    for no in sorted(columns):
        index, report = no - 1, reports.get(no)
        left_end = 0 if index == 0 else _right_edge(layout, at, index - 1)
        right_start = layout.rail_mm if index == len(at) - 1 else at[index + 1]
        gap_left = report.gap_left_mm if report else None
        gap_right = report.gap_right_mm if report else None
        if left_end is not None:
            steps.append((_far(layout, gap_left), no, FindStep(no, "left", left_end)))
        if right_start is not None:
            width = layout.columns[index].width_mm
            steps.append((_far(layout, gap_right), no, FindStep(no, "right", right_start - width)))
    if not steps:
        raise RuleRefused("positions_unknown", "call_technician", columns=", ".join(map(str, sorted(columns))))
    return min(steps, key=lambda step: step[:2])[2]


def _right_edge(layout: Layout, at: Sequence[int | None], index: int) -> int | None:
    start = at[index]
    return None if start is None else start + layout.columns[index].width_mm


def _far(layout: Layout, gap_mm: int | None) -> int:
    return layout.rail_mm if gap_mm is None else gap_mm


def reference_mm(step: FindStep, report: CarriageReport) -> int:
    """Where the found carriage stands: touching, less the small gap that its own sensor still sees at the contact."""
    gap = report.gap_left_mm if step.way == "left" else report.gap_right_mm
    rest = gap if gap is not None and gap <= TOLERANCE_MM else 0
    return step.reference_mm + rest if step.way == "left" else step.reference_mm - rest
