"""The register of moves: each one who, why, from where to where, what the self-test and sensors said, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from edge.errors import InputRefused
from edge.store.moves import Move, MoveKind
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class MoveLine:
    """``movers``: column, from_mm (None: it was to be found), to_mm and where it stood at the end (``at_mm``).
    ``self_test``: column → circuits that did not answer; empty lists: all did. ``least_*``: what the node saw at its
    looks, ten a second."""

    id: str
    move_no: int
    person_id: str
    kind: MoveKind
    aisle: int | None
    loan_id: str | None
    list_id: str | None
    box_no: str
    movers: tuple[dict[str, int | None], ...]
    self_test: dict[str, list[str]]
    least_gap_mm: dict[str, int]
    least_supply_mv: int | None
    peak_ma: int | None
    armed_ms: int
    started_ms: int | None
    duration_ms: int | None
    ended: str
    fault: str


def moves(room: Room, limit: int, before_ms: int | None, kind: str | None) -> list[MoveLine]:
    """Newest first. Raises InputRefused for a kind that does not exist."""
    wanted: MoveKind | None = next((name for name in get_args(MoveKind) if name == kind), None)
    if kind and wanted is None:
        raise InputRefused("purpose_unknown", "use_the_panel", purpose=kind, known=", ".join(get_args(MoveKind)))
    return [_line(room, move) for move in room.moves.recent(room.layout.area, limit, before_ms, wanted)]


def _line(room: Room, move: Move) -> MoveLine:
    seen: dict[str, Any] = move.seen
    at_mm: dict[str, int | None] = seen.get("at_mm", {})
    box_id = move.box_id or (room.loans.get(move.loan_id).box_id if move.loan_id else None)
    box = room.catalogue.box(box_id) if box_id else None
    began_ms = move.started_ms or move.armed_ms
    return MoveLine(
        id=move.id,
        move_no=move.move_no,
        person_id=move.person_id,
        kind=move.kind,
        aisle=move.aisle,
        loan_id=move.loan_id,
        list_id=move.list_id,
        box_no=box.box_no if box else "",
        movers=_movers(move, at_mm),
        self_test=seen.get("self_test", {}),
        least_gap_mm=seen.get("least_gap_mm", {}),
        least_supply_mv=seen.get("least_supply_mv"),
        peak_ma=seen.get("peak_ma"),
        armed_ms=move.armed_ms,
        started_ms=move.started_ms,
        duration_ms=None if move.ended_ms is None else max(0, move.ended_ms - began_ms),
        ended=move.ended,
        fault=seen.get("fault", ""),
    )


def _movers(move: Move, at_mm: dict[str, int | None]) -> tuple[dict[str, int | None], ...]:
    if move.kind == "find":
        found = {part["column"]: at_mm.get(str(part["column"])) for part in move.plan}
        found = found or {int(no): mm for no, mm in at_mm.items()}  # written before finding named its columns
        return tuple({"column": no, "from_mm": None, "to_mm": mm, "at_mm": mm} for no, mm in found.items())
    return tuple({**part, "at_mm": at_mm.get(str(part["column"]))} for part in move.plan)
