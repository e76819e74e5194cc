"""Opening an aisle: asked for here, started only by the Start button on the block, followed to its end in the trace.

One thing at a time: a block serves one task (a pull, a put-away, finding positions) from choosing until its box has
left or stands in its place. The boards hold every latch; this file plans, explains and records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from edge.devices import Carriages
from edge.domain import slot_codes
from edge.domain.aisles import occupied, positions, refuse_unsafe
from edge.domain.block import Aisle, BlockState, MovePlan
from edge.domain.opening import plan_opening
from edge.domain.people import Person
from edge.errors import DeviceFault, RuleRefused, StoreroomError
from edge.store.database import Change
from edge.store.moves import BlockTask, Move
from edge.workflows.find import known_box, place_of
from edge.workflows.rights import needs
from edge.workflows.room import Room

FORGOTTEN_MS = 30 * 60_000  # a pull that nobody brought to the counter gives the block back
LOST_AFTER_MS = 10_000  # a move that the motion process does not know (any more)


def walk_needed(room: Room) -> list[Aisle]:
    """Aisles that a person must walk through and reset before anything else can be chosen."""
    return list(occupied(room.carriages.state().aisles))


def plan_for(room: Room, aisle: int) -> MovePlan:
    """What must move to open ``aisle`` from where the carriages stand. Raises RuleRefused ``positions_unknown``."""
    return plan_opening(room.layout, positions(room.layout, room.carriages.state().carriages), aisle)


def open_aisle(
    room: Room,
    person: Person,
    *,
    kind: Literal["retrieve", "shelve"],
    slot: str,
    record: Callable[[Change], object],
    loan_id: str | None = None,
    box_id: str | None = None,
) -> MovePlan:
    """Take the block for one task, in the trace first, and light Start. Nothing moves before Start is pressed.

    ``record`` writes what choosing means for the loan or box, in the same transaction.
    Raises RuleRefused (block busy, aisles to walk, positions unknown) or DeviceFault; then nothing was changed.
    """
    area, aisle = room.layout.area, slot_codes.aisle_of(slot_codes.parse(slot))
    plan = plan_for(room, aisle)
    mine = _is_mine(room.moves.task(area), loan_id, box_id)
    if mine and not plan.moves:  # its aisle stands open: the person went in again
        light_slot(room, slot)
        return plan
    _refuse_busy(room)
    state = room.carriages.state()
    _refuse_offline(state)
    _refuse_unwalked(state)
    refuse_unsafe(room.layout, state, plan)

    def begin(change: Change) -> Move | None:
        task = room.moves.begin_task(
            change, area=area, kind=kind, person_id=person.id, aisle=aisle, loan_id=loan_id, box_id=box_id
        )
        record(change)
        return room.moves.arm(change, task, plan) if plan.moves else None

    move = room.database.write(begin)
    if move is None:
        light_slot(room, slot)
    else:
        _arm(room, move, lambda carriages: carriages.arm(plan, move.move_no))
    return plan


@needs("find_positions")
def find_positions(room: Room, person: Person) -> None:
    """After power-up: arm finding; the carriages creep only while a person holds Start. Walk all aisles first."""
    _refuse_busy(room)
    state = room.carriages.state()
    _refuse_offline(state)
    _refuse_unwalked(state)
    area = room.layout.area

    def begin(change: Change) -> Move:
        task = room.moves.begin_task(change, area=area, kind="find", person_id=person.id, aisle=None)
        return room.moves.arm(change, task, None)

    move = room.database.write(begin)
    _arm(room, move, lambda carriages: carriages.find_positions(move.move_no))


def stop(room: Room, who: str) -> None:
    """STOP: the motion process first, the trace after; ``who`` is a person's or a panel's id."""
    room.carriages.stop()
    room.database.write(
        lambda change: change.event(
            "stop.pressed", subject=room.layout.area, actor=who, body={"block": room.layout.area}
        )
    )


def light_slot(room: Room, code: str) -> None:
    """Light the LED at a slot and the lamps of its aisle; a fixed column has no board and no LED of its own."""
    slot = slot_codes.parse(code)
    side: Literal["left", "right"] = "right" if slot.face == "R" else "left"
    if not room.layout.columns[slot.column - 1].fixed:
        room.carriages.light(slot.column, slot_codes.slot_light(room.layout, slot), side)


def lights_off(room: Room, code: str) -> None:
    column = slot_codes.parse(code).column
    if not room.layout.columns[column - 1].fixed:
        room.carriages.light(column, 0, "none")


class Follower:
    """Follows the block and keeps the trace of its moves: ``step`` ten times a second, in one background loop."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._begun = False
        self._lost_since_ms: int | None = None

    def step(self) -> None:
        room = self._room
        if not self._begun:
            close_open_moves(room, "node_restarted")
            self._begun = True
        state = room.carriages.state()
        for move in room.moves.open(room.layout.area):
            self._follow(state, move)
        give_up_forgotten(room)

    def _follow(self, state: BlockState, move: Move) -> None:
        report = state.move
        if not state.alive or report is None or report.move_id != move.move_no:
            self._count_lost(state, move)
            return
        self._lost_since_ms = None
        if report.phase in ("warning", "moving") and move.phase == "armed":
            self._room.database.write(lambda change: self._room.moves.started(change, move))
        elif report.phase == "ended":
            _end(self._room, move, report.ended, _seen(state, move))

    def _count_lost(self, state: BlockState, move: Move) -> None:
        now_ms = self._room.clock.monotonic_ms()
        if self._lost_since_ms is None:
            self._lost_since_ms = now_ms
        elif now_ms - self._lost_since_ms > LOST_AFTER_MS:
            self._lost_since_ms = None
            _end(self._room, move, "motion_restarted" if state.alive else "motion_silent", _seen(state, move))


def close_open_moves(room: Room, ended: str) -> None:
    """At the start of the node: no move outlives the node that armed it, the boards stopped by themselves."""
    state = room.carriages.state()
    for move in room.moves.open(room.layout.area):
        _end(room, move, ended, _seen(state, move))


def give_up_forgotten(room: Room) -> None:
    """A pull that nobody brought to the counter in time is cancelled, so that the block serves the next one."""
    task = room.moves.task(room.layout.area)
    if task is None or task.kind != "retrieve" or room.moves.open(room.layout.area):
        return
    if room.clock.utc_ms() - task.since_ms <= FORGOTTEN_MS:
        return

    def cancel(change: Change) -> None:
        assert task.loan_id is not None
        room.loans.set_state(change, task.loan_id, "cancelled", "node", reason="nobody_took_it")
        room.moves.end_task(change, task.area)

    room.database.write(cancel)


def _is_mine(task: BlockTask | None, loan_id: str | None, box_id: str | None) -> bool:
    return task is not None and (task.loan_id, task.box_id) == (loan_id, box_id)


def _refuse_busy(room: Room) -> None:
    report = room.carriages.state().move
    if room.moves.open(room.layout.area) or (report is not None and report.phase != "ended"):
        raise RuleRefused("block_moving", "wait_for_block")


def _refuse_offline(state: BlockState) -> None:
    if not state.alive:
        raise DeviceFault("block_silent", "restart_motion")
    offline = [report.column for report in state.carriages if not report.online]
    if offline:
        raise DeviceFault("boards_offline", "check_boards", columns=", ".join(map(str, offline)))


def _refuse_unwalked(state: BlockState) -> None:
    walk = [aisle.no for aisle in occupied(state.aisles)]
    if walk:
        raise RuleRefused("aisles_occupied", "walk_aisles", aisles=", ".join(map(str, walk)), walk=walk)


def _arm(room: Room, move: Move, arm: Callable[[Carriages], None]) -> None:
    try:
        arm(room.carriages)
    except StoreroomError as error:
        _end(room, move, "not_armed", {"code": error.code})
        raise


def _end(room: Room, move: Move, ended: str, seen: dict[str, Any]) -> None:
    """Close the record; a pull that never opened its aisle is offered again, and the block is free for others."""

    def close(change: Change) -> None:
        room.moves.ended(change, move, ended, seen)
        if ended == "reached" and move.kind != "find":
            return
        room.moves.end_task(change, move.area)
        if move.loan_id and room.loans.get_in(change, move.loan_id).state == "pulling":
            room.loans.set_state(change, move.loan_id, "approved", "node", reason=ended)

    room.database.write(close)
    if ended == "reached" and move.kind != "find":
        light_slot(room, _slot_of(room, move))


def _slot_of(room: Room, move: Move) -> str:
    if move.loan_id:
        return room.loans.get(move.loan_id).slot
    assert move.box_id is not None
    return place_of(room, known_box(room, move.box_id)).slot


def _seen(state: BlockState, move: Move) -> dict[str, Any]:
    """What the boards of the moved columns said, integers and names only."""
    columns = {part["column"] for part in move.plan}
    boards = [report for report in state.carriages if report.column in columns or move.kind == "find"]
    report = state.move
    return {
        "at_mm": {str(board.column): board.position_mm for board in boards},
        "peak_ma": max((board.peak_ma for board in boards), default=0),
        "unproved": sorted({name for board in boards for name in board.unproved}),
        "faults": sorted({name for board in boards for name in board.faults}),
        "fault": report.fault if report is not None and report.move_id == move.move_no else "",
    }
