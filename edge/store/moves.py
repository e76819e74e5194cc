"""Moves of a block from armed to ended, and the one task that the block is used for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from edge.domain.block import MovePlan
from edge.domain.ids import new_id
from edge.errors import RuleRefused
from edge.store.connection import Row
from edge.store.database import Change, Database

MOST_MOVE_NO = 65534  # one more names what the local control point drives (LOCAL_MOVE_ID of firmware/registers.py)

# What a block is moved for; patrol 巡查 and stocktake 盘点 open an aisle without a request.
MoveKind = Literal["retrieve", "pull", "shelve", "find", "patrol", "stocktake", "park", "ventilate"]


@dataclass(frozen=True, slots=True)
class BlockTask:
    """What a block is used for, from choosing until the box has left or is in its place."""

    area: str
    kind: MoveKind
    loan_id: str | None
    box_id: str | None
    person_id: str
    aisle: int | None
    since_ms: int
    list_id: str | None = None

    def is_for(self, other: BlockTask) -> bool:
        """Whether both are the same use of the block, by whomever and whatever aisle it needs now."""
        mine = (self.kind, self.loan_id, self.box_id, self.list_id)
        return mine == (other.kind, other.loan_id, other.box_id, other.list_id)


@dataclass(frozen=True, slots=True)
class Move:
    id: str
    move_no: int
    area: str
    kind: MoveKind
    loan_id: str | None
    box_id: str | None
    person_id: str
    aisle: int | None
    plan: tuple[dict[str, Any], ...]  # column, from_mm, to_mm; both None where it is to be found
    phase: Literal["armed", "started", "ended"]
    ended: str
    armed_ms: int
    started_ms: int | None
    ended_ms: int | None
    list_id: str | None
    seen: dict[str, Any]


class Moves:
    def __init__(self, database: Database) -> None:
        self._database = database

    def task(self, area: str) -> BlockTask | None:
        with self._database.read() as db:
            row = db.execute("SELECT * FROM block_task WHERE area = ?", (area,)).fetchone()
        return None if row is None else _task(row)

    def open(self, area: str) -> list[Move]:
        """Moves that were armed or started and have not ended."""
        with self._database.read() as db:
            rows = db.execute(
                "SELECT * FROM move WHERE area = ? AND phase <> 'ended' ORDER BY rowid", (area,)
            ).fetchall()
        return [_move(row) for row in rows]

    def recent(self, area: str, limit: int, before_ms: int | None = None, kind: MoveKind | None = None) -> list[Move]:
        """Newest first; with ``before_ms`` only those armed earlier, with ``kind`` only those."""
        with self._database.read() as db:
            rows = db.execute(
                "SELECT * FROM move WHERE area = ? AND (? IS NULL OR armed_ms < ?) AND (? IS NULL OR kind = ?)"
                " ORDER BY rowid DESC LIMIT ?",
                (area, before_ms, before_ms, kind, kind, limit),
            ).fetchall()
        return [_move(row) for row in rows]

    def begin_task(self, change: Change, task: BlockTask) -> BlockTask:
        """Take the block for one thing. Raises RuleRefused ``block_busy``; judged inside the transaction."""
        row = change.db.execute("SELECT * FROM block_task WHERE area = ?", (task.area,)).fetchone()
        if row is not None and not _task(row).is_for(task):
            raise RuleRefused("block_busy", "wait_for_block", box=row["box_id"] or "", loan=row["loan_id"] or "")
        task = replace(task, since_ms=change.utc_ms)
        change.db.execute("INSERT OR REPLACE INTO block_task VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _values(task))
        return task

    def end_task(self, change: Change, area: str) -> None:
        change.db.execute("DELETE FROM block_task WHERE area = ?", (area,))

    def arm(self, change: Change, task: BlockTask, plan: MovePlan | None, lost: Iterable[int] = ()) -> Move:
        """Record that ``task``'s move is about to be armed (``plan`` None: finding the positions of the columns that
        are ``lost``); event ``move.armed``.

        Raises RuleRefused ``block_moving`` while another is open: two taps in one instant choose once.
        """
        going = "SELECT 1 FROM move WHERE area = ? AND phase <> 'ended'"
        if change.db.execute(going, (task.area,)).fetchone() is not None:
            raise RuleRefused("block_moving", "wait_for_block")
        newest = change.db.execute("SELECT move_no FROM move ORDER BY rowid DESC LIMIT 1").fetchone()
        number = 1 if newest is None else newest["move_no"] % MOST_MOVE_NO + 1
        moves = () if plan is None else plan.moves
        movers: list[dict[str, Any]] = [
            {"column": part.column, "from_mm": part.from_mm, "to_mm": part.to_mm} for part in moves
        ]
        movers += [{"column": column, "from_mm": None, "to_mm": None} for column in lost]
        move_id = new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO move (id, move_no, area, kind, loan_id, box_id, list_id, person_id, aisle, plan, phase,"
            " armed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'armed', ?)",
            (
                move_id,
                number,
                task.area,
                task.kind,
                task.loan_id,
                task.box_id,
                task.list_id,
                task.person_id,
                task.aisle,
                json.dumps(movers),
                change.utc_ms,
            ),
        )
        move = _move(change.db.execute("SELECT * FROM move WHERE id = ?", (move_id,)).fetchone())
        change.event("move.armed", subject=move_id, actor=task.person_id, body=_body(move))
        return move

    def started(self, change: Change, move: Move) -> None:
        """A move that has ended already is left alone."""
        done = change.db.execute(
            "UPDATE move SET phase = 'started', started_ms = ? WHERE id = ? AND phase = 'armed'",
            (change.utc_ms, move.id),
        )
        if done.rowcount:
            change.event("move.started", subject=move.id, actor=move.person_id, body=_body(move))

    def ended(self, change: Change, move: Move, ended: str, seen: dict[str, Any]) -> bool:
        """``seen``: what the boards said at the end, integers and text. False: it had ended already."""
        done = change.db.execute(
            "UPDATE move SET phase = 'ended', ended = ?, ended_ms = ?, seen = ? WHERE id = ? AND phase <> 'ended'",
            (ended, change.utc_ms, json.dumps(seen), move.id),
        )
        if done.rowcount:
            began_ms = move.started_ms or move.armed_ms
            duration_ms = max(0, change.utc_ms - began_ms)
            body = {**_body(move), **seen, "ended": ended, "duration_ms": duration_ms}
            change.event("move.ended", subject=move.id, actor=move.person_id, body=body)
        return bool(done.rowcount)


def _body(move: Move) -> dict[str, Any]:
    body: dict[str, Any] = {"move_no": move.move_no, "block": move.area, "why": move.kind, "movers": list(move.plan)}
    if move.aisle is not None:
        body["aisle"] = move.aisle
    if move.loan_id:
        body["loan"] = move.loan_id
    if move.box_id:
        body["box"] = move.box_id
    if move.list_id:
        body["list"] = move.list_id
    return body


def _values(task: BlockTask) -> tuple[Any, ...]:
    what = (task.area, task.kind, task.loan_id, task.box_id)
    return (*what, task.person_id, task.aisle, task.since_ms, task.list_id)


def _task(row: Row) -> BlockTask:
    return BlockTask(
        area=row["area"],
        kind=row["kind"],
        loan_id=row["loan_id"],
        box_id=row["box_id"],
        person_id=row["person_id"],
        aisle=row["aisle"],
        since_ms=row["since_ms"],
        list_id=row["list_id"],
    )


def _move(row: Row) -> Move:
    return Move(
        id=row["id"],
        move_no=row["move_no"],
        area=row["area"],
        kind=row["kind"],
        loan_id=row["loan_id"],
        box_id=row["box_id"],
        person_id=row["person_id"],
        aisle=row["aisle"],
        plan=tuple(json.loads(row["plan"])),
        phase=row["phase"],
        ended=row["ended"],
        armed_ms=row["armed_ms"],
        started_ms=row["started_ms"],
        ended_ms=row["ended_ms"],
        list_id=row["list_id"],
        seen=json.loads(row["seen"]),
    )
