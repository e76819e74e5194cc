"""The node of a modelled block: its own planner, its own refusals and its own judgement of a running move.

edge/domain/opening.py plans, edge/domain/aisles.py refuses and edge/motion/move.py ends, from the registers of boards.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from edge.devices import carriage_modbus
from edge.domain.aisles import combine, doubtful, positions, refuse_unsafe
from edge.domain.block import BlockState, CarriageReport, Column, Layout, MovePlan
from edge.domain.opening import plan_opening
from edge.errors import DeviceFault, RuleRefused
from edge.motion import move as moves
from firmware import registers as r
from firmware.carriage.motion import ARMED, RESTING
from tests.proofs.blocks_board import Seen
from tests.proofs.model import MOVE

FIXED_MM, WIDTH_MM, FREE_MM = 450, 700, 900
WHO = carriage_modbus.Identity(r.MAP_VERSION, 0x100, r.KIND_CARRIAGE, 0, 1, r.BOOT_POWER_ON, 0, 0, 0, True)
Gaps = tuple[int, ...]  # mm, from the fixed column to the wall


class Mind(NamedTuple):
    """What the node has in mind: ``phase`` "" = nothing, "arming", or one of moves.Move's."""

    phase: moves.Phase | None = None
    plan: int = -1  # number of the plan


class Node:
    """Pure and remembered, as blocks_board.Boards is. Carriage k is column k + 2, aisle k lies left of it."""

    def __init__(self, carriages: int) -> None:
        columns = (Column(1, FIXED_MM, True, None), *(Column(k + 2, WIDTH_MM, False, k + 2) for k in range(carriages)))
        rail_mm = FIXED_MM + carriages * WIDTH_MM + FREE_MM
        self.layout = Layout("B1-A", rail_mm, columns, FREE_MM, 50, 1, 1, 1)
        self.plans: list[MovePlan] = []
        self._judged: dict[tuple[Mind, tuple[Seen, ...], Gaps], tuple[Mind, bool]] = {}
        self._chosen: dict[tuple[int, tuple[Seen, ...], Gaps], int | None] = {}

    def choose(self, aisle: int, seen: tuple[Seen, ...], gaps: Gaps) -> int | None:
        """Number of the plan that opens ``aisle`` and may be armed now; None = refused, or nothing to do."""
        asked = (aisle, seen, gaps)
        if asked not in self._chosen:
            self._chosen[asked] = self._choose(*asked)
        return self._chosen[asked]

    def _choose(self, aisle: int, seen: tuple[Seen, ...], gaps: Gaps) -> int | None:
        reports = self._reports(seen, gaps)
        try:
            plan = plan_opening(self.layout, positions(self.layout, reports), aisle + 1)
            state = BlockState(
                1, True, tuple(reports), (), combine(self.layout, reports), None, doubtful(self.layout, reports), 100
            )
            refuse_unsafe(self.layout, state, plan)
        except (RuleRefused, DeviceFault):
            return None
        if not plan.moves:
            return None
        if plan not in self.plans:
            self.plans.append(plan)
        return self.plans.index(plan)

    def opens(self, plan: int) -> int:
        """The aisle that it opens."""
        return (self.plans[plan].aisle or 0) - 1

    def orders(self, plan: int) -> dict[int, str]:
        """Carriage → order of blocks_board.ORDERS."""
        return {
            move.column - 2: ("left" if move.to_mm < move.from_mm else "right")
            + ("" if move.opens != "none" else ", opens none")
            for move in self.plans[plan].moves
        }

    def judge(self, mind: Mind, seen: tuple[Seen, ...], gaps: Gaps) -> tuple[Mind, bool]:
        """What it has in mind after these answers, and whether it sends STOP now."""
        found = self._judged.get((mind, seen, gaps))
        if found is None:
            found = self._judged[mind, seen, gaps] = self._judge(mind, seen, gaps)
        return found

    def _judge(self, mind: Mind, seen: tuple[Seen, ...], gaps: Gaps) -> tuple[Mind, bool]:
        if mind.phase is None:
            return mind, False
        plan = self.plans[mind.plan]
        if mind.phase == "arming":
            movers = [seen[move.column - 2] for move in plan.moves]
            if any(one.phase == RESTING for one in movers):
                return Mind(), True  # a board refused
            return (Mind("armed", mind.plan) if all(one.phase == ARMED for one in movers) else mind), False
        reports = {report.column: report for report in self._reports(seen, gaps)}
        live = moves.Move(MOVE, plan, mind.phase, 0)
        live = moves.step(live, reports, {}, combine(self.layout, reports.values()), True, 0)
        if live.phase == "ended":
            return Mind(), live.ended != "reached"
        return Mind(live.phase, mind.plan), False

    def _reports(self, seen: tuple[Seen, ...], gaps: Gaps) -> list[CarriageReport]:
        found, at_mm = [], FIXED_MM
        for k, one in enumerate(seen):
            at_mm += gaps[k]
            words = [0] * r.IR_STATE_COUNT
            for register, word in (
                (r.IR_RUN_STATE, one.state), (r.IR_POSITION_MM, at_mm), (r.IR_GAP_LEFT_MM, gaps[k]),
                (r.IR_GAP_RIGHT_MM, gaps[k + 1]), (r.IR_FAULTS_LO, 1 << 8 if one.faulty else 0),
                (r.IR_INPUTS_HI, 0xFFFF), (r.IR_INPUTS_LO, 0xFFFF), (r.IR_AISLE_LEFT, one.left),
                (r.IR_AISLE_RIGHT, one.right), (r.IR_WHY_LEFT, one.why[0]), (r.IR_WHY_RIGHT, one.why[1]),
                (r.IR_END_REASON, one.ended), (r.IR_SUPPLY_MV, 24_000),
            ):  # fmt: skip
                words[register - r.IR_STATE] = word
            report = carriage_modbus.report(k + 2, k + 2, words, WHO)
            found.append(replace(report, config_ok=True, age_ms=50))
            at_mm += WIDTH_MM
        return found
