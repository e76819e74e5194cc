"""Moving the block: asked for here, started only by the Start button on the block, followed to its end in the trace.

One thing at a time: a block serves one task (a pull, a put-away, a pose, finding positions) from choosing until its box
has left or stands in its place. The boards hold every latch; this file plans, explains and records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from edge.devices import Carriages
from edge.domain import slot_codes
from edge.domain.aisles import occupied, positions, refuse_forgetting, refuse_unsafe, refuse_work
from edge.domain.block import Aisle, BlockState, MovePlan, Pose
from edge.domain.people import Person
from edge.domain.poses import plan_pose
from edge.errors import DeviceFault, RuleRefused, StoreroomError
from edge.store.database import Change
from edge.store.moves import BlockTask, Move, MoveKind
from edge.workflows.aisle_watch import AisleWatch
from edge.workflows.block_work import WorkWatch
from edge.workflows.commissioning import refuse_uncommissioned
from edge.workflows.endings import end, seen_now
from edge.workflows.fault_watch import FaultWatch
from edge.workflows.inspection import keep_doubt, refuse_unfound, refuse_uninspected
from edge.workflows.lights import light_slot, only_a_lamp
from edge.workflows.loss_watch import LossWatch
from edge.workflows.lowest import Lowest
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.stocktake import refuse_frozen

FORGOTTEN_MS = 30 * 60_000  # a pull that nobody brought to the counter gives the block back
LOST_AFTER_MS = 10_000  # a move that the motion process does not know (any more)


def walk_needed(room: Room) -> list[Aisle]:
    """Aisles that a person must walk through and reset before anything else can be chosen."""
    return list(occupied(room.carriages.state().aisles))


def plan_for(room: Room, aisle: int | None, pose: Pose = "open") -> MovePlan:
    """What must move from where the carriages stand. Raises RuleRefused ``positions_unknown``."""
    at = positions(room.layout, room.carriages.state().carriages)
    if room.layout.drive == "crank" and None in at:
        raise RuleRefused("crank_pose_unknown", "say_which_aisle")
    return plan_pose(room.layout, at, pose, aisle)


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
    """Take the block for one box; where its aisle stands open its place is lit at once."""
    refuse_frozen(room.database, slot)
    aisle = slot_codes.aisle_of(slot_codes.parse(slot))
    plan = plan_for(room, aisle)
    task = wanted(room, person, kind, aisle, loan_id=loan_id, box_id=box_id)
    if not take_block(room, task, plan, record):
        with only_a_lamp():
            light_slot(room, slot)
    return plan


def wanted(
    room: Room,
    person: Person,
    kind: MoveKind,
    aisle: int | None,
    *,
    loan_id: str | None = None,
    box_id: str | None = None,
    list_id: str | None = None,
) -> BlockTask:
    return BlockTask(room.layout.area, kind, loan_id, box_id, person.id, aisle, room.clock.utc_ms(), list_id)


def take_block(room: Room, task: BlockTask, plan: MovePlan, record: Callable[[Change], object]) -> bool:
    """Take the block for one task, in the trace first, and light Start. Nothing moves before Start is pressed.

    ``record`` writes what choosing means for a loan, list or box, in the same transaction. False: nothing had to move.
    Raises RuleRefused (block busy, aisles to walk, positions unknown) or DeviceFault; then nothing was changed.
    """
    standing = room.moves.task(task.area)
    if standing is not None and standing.is_for(task) and standing.aisle == task.aisle and not plan.moves:
        return False  # its aisle stands open: the person went in again
    _refuse_busy(room)
    state = room.carriages.state()
    _refuse_offline(state)
    if plan.moves:
        refuse_work(state)
        refuse_uninspected(room)
        refuse_unfound(room)
        refuse_uncommissioned(room, state, task.person_id)
    _refuse_unwalked(state)
    refuse_unsafe(room.layout, state, plan)

    def begin(change: Change) -> Move | None:
        taken = room.moves.begin_task(change, task)
        record(change)
        return room.moves.arm(change, taken, plan) if plan.moves else None

    move = room.database.write(begin)
    if move is None:
        return False
    _arm(room, move, lambda carriages: carriages.arm(plan, move.move_no))
    return True


@needs("find_positions")
def find_positions(room: Room, person: Person) -> None:
    """After power-up: arm finding; the carriages creep only while a person holds Start. Walk all aisles first."""
    _refuse_busy(room)
    state = room.carriages.state()
    _refuse_offline(state)
    refuse_work(state)
    refuse_uninspected(room)
    refuse_uncommissioned(room, state, person.id)
    refuse_forgetting(state)
    _refuse_unwalked(state)
    keep_doubt(room)

    finding = wanted(room, person, "find", None)  # beside what the block is used for: a job outlives a power cut
    move = room.database.write(lambda change: room.moves.arm(change, finding, None, _lost(room, state)))
    _arm(room, move, lambda carriages: carriages.find_positions(move.move_no))


def _lost(room: Room, state: BlockState) -> list[int]:
    """Columns that do not know where they stand; all of them where what they know is not believed."""
    lost = [report.column for report in state.carriages if report.position_mm is None]
    shaken = room.block_faults.in_doubt(room.layout.area)
    return lost if lost and not shaken else [report.column for report in state.carriages]


def stop(room: Room, who: str) -> None:
    """STOP: the motion process first, the trace after; ``who`` is a person's or a panel's id."""
    room.carriages.stop()
    room.database.write(
        lambda change: change.event(
            "stop.pressed", subject=room.layout.area, actor=who, body={"block": room.layout.area}
        )
    )


class Follower:
    """Follows the block and keeps the trace of its moves: ``step`` ten times a second, in one background loop."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._begun = False
        self._lost_since_ms: int | None = None
        self._lowest = Lowest()
        self._aisles = AisleWatch(room)
        self._work = WorkWatch(room)
        self._faults = FaultWatch(room)
        self._losses = LossWatch(room)

    def step(self) -> None:
        room = self._room
        if not self._begun:
            close_open_moves(room, "node_restarted")
            self._begun = True
        state = room.carriages.state()
        for move in room.moves.open(room.layout.area):
            self._follow(state, move)
        self._work.step(state)
        self._aisles.step(state)
        self._faults.step(state)
        self._losses.step(state)
        if state.alive and not state.doubtful:
            keep_doubt(room)
        give_up_forgotten(room)

    def _follow(self, state: BlockState, move: Move) -> None:
        report = state.move
        if not state.alive or report is None or report.move_id != move.move_no:
            self._count_lost(state, move)
            return
        self._lost_since_ms = None
        self._lowest.take(state, move)
        if report.phase in ("warning", "moving") and move.phase == "armed":
            self._room.database.write(lambda change: self._room.moves.started(change, move), telemetry=True)
        elif report.phase == "ended":
            end(self._room, move, report.ended, {**seen_now(state, move), **self._lowest.of(move)})

    def _count_lost(self, state: BlockState, move: Move) -> None:
        now_ms = self._room.clock.monotonic_ms()
        if self._lost_since_ms is None:
            self._lost_since_ms = now_ms
        elif now_ms - self._lost_since_ms > LOST_AFTER_MS:
            self._lost_since_ms = None
            ended = "motion_restarted" if state.alive else "motion_silent"
            end(self._room, move, ended, {**seen_now(state, move), **self._lowest.of(move)})


def close_open_moves(room: Room, ended: str) -> None:
    """At the start of the node: no move outlives the node that armed it, the boards stopped by themselves."""
    state = room.carriages.state()
    for move in room.moves.open(room.layout.area):
        end(room, move, ended, seen_now(state, move))


def give_up_forgotten(room: Room) -> None:
    """A pull that nobody brought to the counter in time gives the block back."""
    task = room.moves.task(room.layout.area)
    if task is None or task.kind not in ("retrieve", "pull") or room.moves.open(room.layout.area):
        return
    if room.clock.utc_ms() - task.since_ms <= FORGOTTEN_MS:
        return
    of = room.pulls.open(task.area) if task.list_id else None

    def give_up(change: Change) -> None:
        for loan_id in [task.loan_id] if task.loan_id else of.loan_ids if of else ():
            if room.loans.get_in(change, loan_id).state == "pulling":
                room.loans.set_state(change, loan_id, "cancelled", "node", reason="nobody_took_it")
        if of is not None:
            room.pulls.close(change, of, "node", "nobody_took_it")
        room.moves.end_task(change, task.area)

    room.database.write(give_up)


def _refuse_busy(room: Room) -> None:
    if room.entrapments.open() is not None:
        raise RuleRefused("person_trapped", "end_entrapment_first")
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
        end(room, move, "not_armed", {"code": error.code})
        raise
