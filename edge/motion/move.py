"""One move from lit Start to the last carriage's end, judged by what the boards report. Pure.

The boards stop by themselves for every physical cause; this stops the others when one of them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from edge.domain.block import Aisle, CarriageReport, MovePlan, MoveReport

Phase = Literal["arming", "armed", "warning", "moving", "ended"]

START_WITHIN_MS = 10_000
GRACE_MS = 1000  # boards hear one Start line, but are asked one after another
ON_WAY = ("armed", "warning", "moving")


@dataclass(frozen=True, slots=True)
class Move:
    move_id: int
    plan: MovePlan
    phase: Phase
    since_ms: int  # when this phase began
    ended: str = ""
    fault: str = ""

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(move.column for move in self.plan.moves)

    def report(self, now_ms: int) -> MoveReport:
        left = max(0, START_WITHIN_MS - (now_ms - self.since_ms)) if self.phase == "armed" else None
        seconds = None if left is None else -(-left // 1000)
        plan = self.plan
        return MoveReport(
            self.move_id, self.phase, self.ended, seconds, self.columns, plan.aisle, self.fault, plan.pose
        )

    def end(self, ended: str, now_ms: int, fault: str = "") -> Move:
        return replace(self, phase="ended", since_ms=now_ms, ended=ended, fault=fault)


def step(
    move: Move,
    reports: Mapping[int, CarriageReport],
    shaky: Mapping[int, str],
    aisles: Iterable[Aisle],
    node_alive: bool,
    now_ms: int,
) -> Move:
    """The move after these reports. An end other than ``reached`` means: STOP to all boards, no more permits."""
    if move.phase in ("arming", "ended"):
        return move
    movers = [reports[column] for column in move.columns]
    if ended := _broken(move, movers, shaky, node_alive, now_ms):
        return ended
    for report in movers:
        if report.state not in ON_WAY and report.end_reason != "reached":
            return move.end(_reason(report), now_ms)
    if blocked := _bordering(move, aisles):
        return move.end("occupied", now_ms, blocked)
    states = [report.state for report in movers]
    if not any(state in ON_WAY for state in states):
        return move.end("reached", now_ms)
    phase: Phase = "armed"
    if "moving" in states or not all(state in ON_WAY for state in states):
        phase = "moving"
    elif "warning" in states:
        phase = "warning"
    if phase != move.phase and not (move.phase == "moving" and phase == "warning"):
        move = replace(move, phase=phase, since_ms=now_ms)
    waited_ms = now_ms - move.since_ms
    if phase == "armed" and waited_ms > START_WITHIN_MS + GRACE_MS:
        return move.end("not_started", now_ms)
    if phase != "armed" and "armed" in states and waited_ms > GRACE_MS:
        return move.end("fault", now_ms, "not_all_started")
    return move


def _broken(
    move: Move, movers: Iterable[CarriageReport], shaky: Mapping[int, str], node_alive: bool, now_ms: int
) -> Move | None:
    for report in movers:
        if report.faults:
            return move.end("fault", now_ms, report.faults[0])
        if not report.online or shaky.get(report.column):
            return move.end("fault", now_ms, shaky.get(report.column) or "board_silent")
    if not node_alive:
        return move.end("permit_lost", now_ms, "node_silent")
    return None


def _reason(report: CarriageReport) -> str:
    """A board that left the move without saying how was reset in mid-move."""
    return report.end_reason if report.end_reason != "none" else "fault"


def _bordering(move: Move, aisles: Iterable[Aisle]) -> str:
    """The asked aisle may count as occupied once it has opened: its standing neighbour latches it at 180 mm."""
    columns = set(move.columns)
    for aisle in aisles:
        opened = aisle.no == move.plan.aisle and aisle.why == "opened" and move.phase != "armed"
        if aisle.state == "occupied" and columns & {aisle.column_left, aisle.column_right} and not opened:
            return "neighbour_occupied"
    return ""
