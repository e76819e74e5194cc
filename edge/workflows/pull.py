"""The pull list 调档清单: several requests fetched as one, with the fewest openings.

    begin → the next aisle is offered → choose → Start on the block → all its boxes, one lit after another
        → walk the aisle → the next aisle is offered … → every box at the counter camera, in any order → hand over

A list offers, it never starts: each opening is chosen and started by a person, like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain import pull_list
from edge.domain.aisles import positions
from edge.domain.block import MovePlan
from edge.domain.label_check import Verdict, judge_any
from edge.domain.loans import Loan, require_step
from edge.domain.people import Person
from edge.domain.records import Box
from edge.domain.slot_codes import aisle_of, parse
from edge.errors import RuleRefused
from edge.store import box_places
from edge.store.database import Change
from edge.store.pull_lists import PullList
from edge.workflows import counter, lights, motion
from edge.workflows.find import known_box
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.stocktake import refuse_frozen


@dataclass(frozen=True, slots=True)
class Stop:
    """One aisle of the list with its requests, in the order in which one walks past them."""

    aisle: int
    loans: tuple[Loan, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What is left of the list. ``stops``: aisles with boxes to fetch, next one first; ``opened``: the one that stands
    open for it; ``fetched``: requests past the shelf. ``travel_mm`` None: positions are unknown."""

    of: PullList
    stops: tuple[Stop, ...]
    opened: Stop | None
    fetched: tuple[Loan, ...]
    travel_mm: int | None
    exact: bool


@needs("choose")
def begin(room: Room, person: Person, loan_ids: Sequence[str]) -> PullList:
    """Work these requests as one list of at most 20 boxes. Nothing is chosen yet."""
    loans = [room.loans.get(loan_id) for loan_id in dict.fromkeys(loan_ids)]
    pull_list.require_size(len({loan.box_id for loan in loans}))
    for loan in loans:
        require_step(loan, "pulling")
    area = room.layout.area

    def write(change: Change) -> PullList:
        for loan in loans:
            require_step(room.loans.get_in(change, loan.id), "pulling")
        return room.pulls.begin(change, area, person.id, [loan.id for loan in loans])

    return room.database.write(write)


def work(room: Room) -> Work | None:
    """The open list from where the carriages stand now; None: there is none."""
    of = room.pulls.open(room.layout.area)
    if of is None:
        return None
    loans = [room.loans.get(loan_id) for loan_id in of.loan_ids]
    in_hand = [loan for loan in loans if loan.state == "pulling"]
    task = room.moves.task(room.layout.area)
    here = task.aisle if task is not None and task.list_id == of.id else None
    waiting = [loan for loan in loans if loan.state == "approved"]
    at = positions(room.layout, room.carriages.state().carriages)
    ordered = pull_list.order(room.layout, at, [loan.slot for loan in waiting])
    stops = tuple(_stop(opening.aisle, waiting) for opening in ordered.openings)
    moving = bool(room.moves.open(room.layout.area))
    opened = _stop(here, in_hand) if here is not None and not moving else None
    if opened is not None and not opened.loans:
        opened = None
    elsewhere = [loan for loan in in_hand if opened is None or loan not in opened.loans]
    fetched = (*elsewhere, *(loan for loan in loans if loan.state not in ("approved", "pulling")))
    return Work(of, stops, opened, fetched, ordered.travel_mm, ordered.exact)


def preview(room: Room, aisle: int) -> MovePlan:
    """What would move if this aisle of the list were chosen now."""
    _waiting(_known(room), aisle)
    return motion.plan_for(room, aisle)


@needs("choose")
def choose(room: Room, person: Person, aisle: int) -> MovePlan:
    """Take the block for all boxes of ``aisle`` and light Start; refused until the aisle before it is walked."""
    now = _known(room)
    loans = _waiting(now, aisle)
    for loan in loans:
        refuse_frozen(room.database, loan.slot)
    plan = motion.plan_for(room, aisle)

    def record(change: Change) -> None:
        for loan in loans:
            room.loans.set_state(change, loan.id, "pulling", person.id)

    task = motion.wanted(room, person, "pull", aisle, list_id=now.of.id)
    if not motion.take_block(room, task, plan, record):
        with lights.only_a_lamp():
            lights.light_only(room, loans[0].slot)
    return plan


@needs("choose")
def light(room: Room, _person: Person, loan_id: str) -> None:
    """Show this box's compartment, and only this one, in the aisle that stands open."""
    now = _known(room)
    found = [loan for loan in (now.opened.loans if now.opened else ()) if loan.id == loan_id]
    if not found:
        raise RuleRefused("not_in_open_aisle", "choose_its_aisle")
    lights.light_only(room, found[0].slot)


@needs("check")
def check(room: Room, person: Person) -> tuple[Verdict, list[Loan]]:
    """Any box of the list that has been fetched, at the counter camera: the verdict and the requests it serves."""
    now = _known(room)
    loans = [loan for loan in map(room.loans.get, now.of.loan_ids) if loan.state == "pulling"]
    if not loans:
        raise RuleRefused("nothing_to_check", "choose_its_aisle")
    boxes = {known_box(room, loan.box_id).label: loan.box_id for loan in loans}
    look = counter.look(room)
    seen = judge_any(tuple(boxes), look.texts, look.age_ms, look.id, look.printed)
    verdict = counter.name_things(room, seen, person)
    served = [loan for loan in loans if verdict.ok and loan.box_id == boxes[verdict.seen]]

    def record(change: Change) -> list[Loan]:
        for loan in served or loans[:1]:
            body = {**counter.checked(verdict, loan.id if served else ""), "list": now.of.id}
            subject = loan.id if served else now.of.id
            change.event("label.checked", subject=subject, actor=person.id, body=body, level=loan.level)
        if not verdict.ok:
            counter.note_stray_box(room, change, verdict, person.id)
            return []
        return _verified(room, change, person, served)

    verified = room.database.write(record)
    if verified:
        _light_next(room, verified[0].slot)
    return verdict, verified


@needs("check")
def confirm(room: Room, person: Person, look_id: str, box_no: str) -> list[Loan]:
    """The camera could not tell, so the person reads the label: the requests that the box typed serves.

    RuleRefused ``camera_could_tell``; ``typed_other_box``: no fetched box of the list has this number;
    ``typed_several_boxes``: two of them have it, in different fonds.
    """
    now = _known(room)
    loans = [loan for loan in map(room.loans.get, now.of.loan_ids) if loan.state == "pulling"]
    asked = counter.require_asked(room, look_id)
    boxes = {loan.id: known_box(room, loan.box_id) for loan in loans}
    served = [loan for loan in loans if _is_it(boxes[loan.id], box_no, asked)]
    several = len({loan.box_id for loan in served}) > 1
    known = [] if several else served

    def record(change: Change) -> list[Loan]:
        for loan in known:
            body = {**counter.confirmed(loan.id, look_id, asked.why, box_no, True), "list": now.of.id}
            change.event("label.confirmed", subject=loan.id, actor=person.id, body=body, level=loan.level)
        if not known:
            body = {**counter.confirmed("", look_id, asked.why, box_no, False), "list": now.of.id}
            change.event("label.confirmed", subject=now.of.id, actor=person.id, body=body)
        return _verified(room, change, person, known)

    verified = room.database.write(record)
    if several:
        raise RuleRefused("typed_several_boxes", "type_fonds_too", typed=box_no[: counter.TYPED_AT_MOST])
    if not verified:
        raise counter.not_this_box(asked, box_no)
    _light_next(room, verified[0].slot)
    return verified


@needs("choose")
def give_up(room: Room, person: Person) -> None:
    """The list is put aside: its requests wait in the queue again, except those whose boxes were checked already."""
    now = _known(room)
    moves = [move for move in room.moves.open(room.layout.area) if move.list_id == now.of.id]
    if any(move.phase == "started" for move in moves):
        raise RuleRefused("block_moving", "wait_for_block")

    def write(change: Change) -> None:
        for loan_id in now.of.loan_ids:
            if room.loans.get_in(change, loan_id).state == "pulling":
                room.loans.set_state(change, loan_id, "approved", person.id, reason="list_given_up")
        room.pulls.close(change, now.of, person.id, "given_up")

    room.database.write(write)
    if moves:
        room.carriages.disarm()


def _is_it(box: Box, typed: str, asked: counter.Asked) -> bool:
    return counter.names_box(typed, box) and asked.allows(box.label)


def _verified(room: Room, change: Change, person: Person, served: Sequence[Loan]) -> list[Loan]:
    """The box of these requests is at the counter."""
    if served:
        box_places.take_box(change, served[0].box_id, person.id, f"loan {served[0].id}")
    found = [room.loans.set_state(change, loan.id, "verified", person.id) for loan in served]
    room.pulls.settle(change, room.layout.area, person.id)
    return found


def _light_next(room: Room, done: str) -> None:
    """After a box of the open aisle was checked, the next one of it is lit."""
    now = work(room)
    if now is not None and now.opened is not None and now.opened.loans:
        with lights.only_a_lamp():
            lights.light_only(room, now.opened.loans[0].slot)
    else:
        lights.lights_off(room, done)


def _known(room: Room) -> Work:
    now = work(room)
    if now is None:
        raise RuleRefused("no_pull_list", "begin_pull_list")
    return now


def _waiting(now: Work, aisle: int) -> tuple[Loan, ...]:
    for stop in now.stops:
        if stop.aisle == aisle:
            return stop.loans
    raise RuleRefused("aisle_not_on_list", "look_again", aisle=aisle)


def _stop(aisle: int, loans: Sequence[Loan]) -> Stop:
    here = [loan for loan in loans if aisle_of(parse(loan.slot)) == aisle]
    return Stop(aisle, tuple(sorted(here, key=lambda loan: parse(loan.slot))))
