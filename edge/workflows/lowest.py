"""The least that sensors showed while a move ran: gaps beside the movers, and the drive supply under load."""

from __future__ import annotations

from typing import Any

from edge.domain.block import BlockState
from edge.store.moves import Move


class Lowest:
    """``take`` at every look, ``of`` once at the end. Looks are 100 ms apart; the boards themselves look every 5 ms."""

    def __init__(self) -> None:
        self._move_id = ""
        self._gaps_mm: dict[int, int] = {}
        self._supply_mv: int | None = None

    def take(self, state: BlockState, move: Move) -> None:
        if move.id != self._move_id:
            self._move_id, self._gaps_mm, self._supply_mv = move.id, {}, None
        columns = {part["column"] for part in move.plan}
        for aisle in state.aisles:
            if aisle.gap_mm is not None and columns & {aisle.column_left, aisle.column_right}:
                self._gaps_mm[aisle.no] = min(self._gaps_mm.get(aisle.no, aisle.gap_mm), aisle.gap_mm)
        supplies = [board.supply_mv for board in state.carriages if board.column in columns and board.online]
        if supplies:
            self._supply_mv = min([*supplies, *([] if self._supply_mv is None else [self._supply_mv])])

    def of(self, move: Move) -> dict[str, Any]:
        """{"least_gap_mm": {aisle: mm}, "least_supply_mv": mV}; nothing where the move was never looked at."""
        if move.id != self._move_id or self._supply_mv is None:
            return {}
        gaps = {str(aisle): mm for aisle, mm in sorted(self._gaps_mm.items())}
        return {"least_gap_mm": gaps, "least_supply_mv": self._supply_mv}
