"""Finding positions after power-up: one carriage at a time, moved only while a person holds Start on the block. Pure.

CMD_FIND arms one carriage; it creeps while Start is held until it touches what is known; CMD_REFERENCE then tells
it where that is. A released Start re-arms the same carriage on its board.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from edge.domain.aisles import FindStep, plan_finding, reference_mm
from edge.domain.block import Aisle, CarriageReport, Layout, MoveReport
from edge.motion.move import START_WITHIN_MS, Phase


@dataclass(frozen=True, slots=True)
class Finding:
    move_id: int
    to_find: frozenset[int]
    step: FindStep | None
    phase: Phase
    since_ms: int
    ended: str = ""
    fault: str = ""

    def report(self, now_ms: int) -> MoveReport:
        left = max(0, START_WITHIN_MS - (now_ms - self.since_ms)) if self.phase == "armed" else None
        seconds = None if left is None else -(-left // 1000)
        columns = (self.step.column,) if self.step else ()
        return MoveReport(self.move_id, self.phase, self.ended, seconds, columns, None, self.fault, "find")

    def end(self, ended: str, now_ms: int, fault: str = "") -> Finding:
        return replace(self, phase="ended", since_ms=now_ms, ended=ended, fault=fault)

    def found(self, now_ms: int) -> Finding:
        """Its board took the reference."""
        done = {self.step.column} if self.step else set()
        return replace(self, to_find=self.to_find - done, step=None, phase="arming", since_ms=now_ms)


@dataclass(frozen=True, slots=True)
class Arm:
    """Send CMD_FIND."""

    step: FindStep


@dataclass(frozen=True, slots=True)
class Refer:
    """Send CMD_REFERENCE."""

    column: int
    position_mm: int


def next_act(
    finding: Finding,
    layout: Layout,
    reports: Mapping[int, CarriageReport],
    shaky: Mapping[int, str],
    aisles: Iterable[Aisle],
    node_alive: bool,
    now_ms: int,
) -> tuple[Finding, Arm | Refer | None]:
    """What to send now, if anything. After an act the caller reads that board's state before it asks again."""
    if finding.phase == "ended":
        return finding, None
    if not node_alive:
        return finding.end("permit_lost", now_ms, "node_silent"), None
    step = finding.step
    if step is None:
        step = plan_finding(layout, reports.values(), finding.to_find)
        if step is None:
            return finding.end("reached", now_ms), None
        if _blocked(step, aisles, opened_too=True):
            return finding.end("occupied", now_ms, "neighbour_occupied"), None
        return replace(finding, step=step, phase="arming", since_ms=now_ms), Arm(step)
    report = reports[step.column]
    if report.faults:
        return finding.end("fault", now_ms, report.faults[0]), None
    if not report.online or shaky.get(step.column):
        return finding.end("fault", now_ms, shaky.get(step.column) or "board_silent"), None
    if report.state == "found":
        return replace(finding, phase="moving"), Refer(step.column, reference_mm(step, report))
    if _blocked(step, aisles, opened_too=False):
        return finding.end("occupied", now_ms, "neighbour_occupied"), None
    if report.state == "find_armed":
        return _in_phase(finding, "armed", now_ms), None
    if report.state in ("warning", "finding"):
        return _in_phase(finding, "warning" if report.state == "warning" else "moving", now_ms), None
    if report.end_reason == "released":  # let go after the aisle behind it had opened: that aisle is walked first
        return finding.end("occupied", now_ms, "neighbour_occupied"), None
    return finding.end(report.end_reason if report.end_reason not in ("none", "reached") else "fault", now_ms), None


def _in_phase(finding: Finding, phase: Phase, now_ms: int) -> Finding:
    return finding if finding.phase == phase else replace(finding, phase=phase, since_ms=now_ms)


def _blocked(step: FindStep, aisles: Iterable[Aisle], *, opened_too: bool) -> bool:
    """Going away from an aisle opens it; its other side latches it while this carriage still goes."""
    return any(
        aisle.state == "occupied"
        and step.column in (aisle.column_left, aisle.column_right)
        and (opened_too or aisle.why != "opened")
        for aisle in aisles
    )
