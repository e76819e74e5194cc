"""A block without motors: implements ``Carriages`` and ``Cranked``. What a motor would do a person with a crank does.

The same seam a vendor's controller would stand at. Nothing here is offered to Start: ``arm`` only keeps what is to be
cranked, and the move ends when somebody says that it is done. Where shelves stand is what people said last.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from edge.devices import Carriages
from edge.devices.carriage_modbus import silent
from edge.domain.aisles import combine, gaps_mm
from edge.domain.block import BlockState, CarriageReport, Layout, MovePlan, MoveReport
from edge.domain.hand_crank import packed
from edge.errors import RuleRefused


class HandCranked:
    """``pose_mm``: left edges as last said, None = nobody has said yet. ``boards``: lights and sensors, if any."""

    def __init__(self, layout: Layout, pose_mm: Sequence[int] | None, boards: Carriages | None) -> None:
        self._layout, self._boards = layout, boards
        self._pose_mm = tuple(pose_mm) if pose_mm and len(pose_mm) == len(layout.columns) else None
        self._plan: MovePlan | None = None
        self._move: MoveReport | None = None
        self._seq = 0
        self._lock = threading.Lock()

    # --- Carriages ---
    def state(self) -> BlockState:
        said = self._boards.state() if self._boards else None
        starts = {report.column: report.boot_count for report in said.carriages} if said else {}
        with self._lock:
            self._seq += 1
            reports = tuple(
                replace(self._report(column.no), boot_count=starts.get(column.no, 0))
                for column in self._layout.columns
                if not column.fixed
            )
            return BlockState(
                seq=self._seq,
                alive=said is None or said.alive,
                carriages=reports,
                sensors=said.sensors if said else (),
                aisles=combine(self._layout, reports),
                move=self._move,
                doubtful=False,
                bus_cycle_ms=said.bus_cycle_ms if said else 0,
                bus_errors=said.bus_errors if said else 0,
                notes=said.notes if said else (),
            )

    def arm(self, plan: MovePlan, move_id: int) -> None:
        columns = tuple(move.column for move in plan.moves)
        with self._lock:
            self._plan = plan
            self._move = MoveReport(move_id, "armed", "", None, columns, plan.aisle, pose=plan.pose)

    def disarm(self) -> None:
        self._end("cancelled")

    def find_positions(self, move_id: int) -> None:
        del move_id
        raise RuleRefused("cranked_by_hand", "say_which_aisle")

    def doubt(self) -> None:
        """Where its shelves stand is what people say; no board believes anything."""

    def let_local(self) -> None:
        raise RuleRefused("cranked_by_hand", "say_which_aisle")

    def light(self, column: int, slot_light: int, aisle_side: Literal["none", "left", "right", "both"]) -> None:
        if self._boards and self._layout.columns[column - 1].address is not None:
            self._boards.light(column, slot_light, aisle_side)

    def programs(self) -> list[dict[str, Any]]:
        return self._boards.programs() if self._boards else []

    def stop(self) -> None:
        if self._boards:
            self._boards.stop()
        self._end("stopped")

    # --- Cranked ---
    def done(self) -> tuple[int, ...]:
        """What was to be cranked stands as it should. RuleRefused ``nothing_to_crank``."""
        with self._lock:
            if self._plan is None:
                raise RuleRefused("nothing_to_crank", "look_again")
            self._pose_mm = self._plan.pose_mm
        self._end("reached")
        return self._pose_mm

    def stands_open(self, aisle: int) -> tuple[int, ...]:
        """Somebody sees this aisle open and the others closed, whatever was to be cranked."""
        pose_mm = packed(self._layout, aisle)
        with self._lock:
            self._pose_mm = pose_mm
        self._end("cancelled")
        return pose_mm

    # --- inside ---
    def _end(self, ended: str) -> None:
        with self._lock:
            self._plan = None
            if self._move and self._move.phase != "ended":
                self._move = replace(self._move, phase="ended", ended=ended)

    def _report(self, no: int) -> CarriageReport:
        target = next((move.to_mm for move in self._plan.moves if move.column == no), None) if self._plan else None
        known = self._pose_mm is not None
        gaps = gaps_mm(self._layout, self._pose_mm) if self._pose_mm is not None else None
        return replace(
            silent(no, 0),  # no board answers for it
            online=True,
            age_ms=0,
            state="armed" if target is not None and known else "ready" if known else "unknown",
            position_mm=self._pose_mm[no - 1] if self._pose_mm is not None else None,
            gap_left_mm=max(0, gaps[no - 1]) if gaps else None,
            gap_right_mm=max(0, gaps[no]) if gaps else None,
            aisle_left="clear",
            aisle_right="clear",
            why_left="",
            why_right="",
            unproved=(),
            target_mm=target,
            config_ok=True,
        )
