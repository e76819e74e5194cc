"""Putting things back: the aisle opens, the slot is scanned, and only the right slot will do.

What must be put away follows from what is out: a returned box, a box that goes back with an out-card while an item of
it is lent, an item that came back to a box on the shelf, a box that was taken and not lent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edge.domain import slot_codes
from edge.domain.block import MovePlan
from edge.domain.loans import Loan
from edge.domain.people import Person
from edge.domain.records import Box
from edge.errors import InputRefused, RuleRefused
from edge.store import bays, box_places
from edge.store.database import Change
from edge.workflows import lights, motion
from edge.workflows.find import known_box, place_of
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.stocktake import refuse_frozen

Why = Literal["returned", "out_card", "item_back", "not_lent", "missing"]


@dataclass(frozen=True, slots=True)
class Task:
    """``slot``: where it belongs. ``loan_ids``: loans that end with it. ``chosen``: the block serves it now."""

    box_id: str
    box_no: str
    slot: str
    why: Why
    loan_ids: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner in the aisle read for the chosen task. ``expected`` and ``seen`` are slot codes."""

    task: Task
    ok: bool
    expected: str
    seen: str


def tasks(room: Room) -> list[Task]:
    """Boxes out first, in shelving order, those counted missing last; then items that came back to a shelved box."""
    open_loans = room.loans.open()
    current = room.moves.task(room.layout.area)
    chosen_id = current.box_id if current is not None and current.kind == "shelve" else None
    found: list[tuple[Box, Why]] = []
    for box in room.catalogue.boxes_out():
        why = _why_out([loan for loan in open_loans if loan.box_id == box.id])
        if why is not None:
            found.append((box, why))
    missing = bays.counted_missing(room.database, [box.id for box, why in found if why == "not_lent"])
    found = [(box, "missing" if box.id in missing else why) for box, why in found]
    found.sort(key=lambda one: one[1] == "missing")
    out_ids = {box.id for box, _ in found}
    back = {loan.box_id for loan in open_loans if loan.state == "confirmed"} - out_ids
    for box_id in sorted(back):
        box = known_box(room, box_id)
        if box.slot is not None:
            found.append((box, "item_back"))
    return [
        Task(
            box_id=box.id,
            box_no=box.box_no,
            slot=place_of(room, box).slot,
            why=why,
            loan_ids=tuple(loan.id for loan in open_loans if loan.box_id == box.id and loan.state == "confirmed"),
            chosen=box.id == chosen_id,
        )
        for box, why in found
    ]


@needs("shelve")
def choose(room: Room, person: Person, box_id: str) -> MovePlan:
    """Take the block for putting this box away and light Start."""
    task = _task_of(room, box_id)
    room.scanner.scans()  # what was scanned before belongs to nothing

    def record(change: Change) -> None:
        body = {"box": box_id, "slot": task.slot, "why": task.why}
        change.event("shelving.chosen", subject=box_id, actor=person.id, body=body)

    return motion.open_aisle(room, person, kind="shelve", slot=task.slot, box_id=box_id, record=record)


@needs("shelve")
def put_away(room: Room, person: Person, box_id: str, slot_label_or_code: str) -> Box:
    """The box stands where it belongs. RuleRefused ``wrong_slot`` (expected, seen), InputRefused for no slot's code."""
    task = _task_of(room, box_id)
    refuse_frozen(room.database, task.slot)
    seen = slot_read(room, slot_label_or_code)
    box = known_box(room, box_id)
    if seen != task.slot:
        _record_slot(room, person, task, seen)
        raise RuleRefused("wrong_slot", "go_to_right_slot", expected=task.slot, seen=seen, box_no=box.box_no)

    def place(change: Change) -> None:
        _slot_event(change, person, task, seen)
        if box.slot is None:
            box_places.place_box(change, box_id, task.slot, person.id, task.why)
        for loan_id in task.loan_ids:
            _reshelve(room, change, room.loans.get_in(change, loan_id), person)
        if task.chosen:
            room.moves.end_task(change, room.layout.area)

    room.database.write(place)
    lights.lights_off(room, task.slot)
    return known_box(room, box_id)


@needs("shelve")
def scan(room: Room, person: Person) -> Scanned | None:
    """Take what the hand scanner read since the last call for the chosen task; None = nothing, or no task chosen."""
    texts = room.scanner.scans()
    chosen = next((task for task in tasks(room) if task.chosen), None)
    if not texts or chosen is None:
        return None
    seen = slot_read(room, texts[-1])
    if seen == chosen.slot:
        put_away(room, person, chosen.box_id, seen)
    else:
        _record_slot(room, person, chosen, seen)
    return Scanned(chosen, seen == chosen.slot, chosen.slot, seen)


def _why_out(loans: list[Loan]) -> Why | None:
    """Why a box that is out must go back; None while somebody has it or it waits at the counter to be handed over."""
    if any(loan.state == "verified" or (loan.kind == "box" and loan.state == "handed_over") for loan in loans):
        return None
    if any(loan.state == "confirmed" for loan in loans):
        return "returned"
    return "out_card" if any(loan.state == "handed_over" for loan in loans) else "not_lent"


def _task_of(room: Room, box_id: str) -> Task:
    for task in tasks(room):
        if task.box_id == box_id:
            return task
    raise RuleRefused("nothing_to_put_away", "look_again", box_no=known_box(room, box_id).box_no)


def slot_read(room: Room, text: str) -> str:
    """The slot code of a scanned label or typed code. Raises InputRefused."""
    if not text.strip().upper().startswith("SR1:"):
        return str(slot_codes.parse(text))
    code = room.catalogue.slot_by_label(text)
    if code is None:
        raise InputRefused("not_a_slot_label", "scan_slot_label", text=text[:40])
    return code


def _record_slot(room: Room, person: Person, task: Task, seen: str) -> None:
    room.database.write(lambda change: _slot_event(change, person, task, seen))


def _slot_event(change: Change, person: Person, task: Task, seen: str) -> None:
    body = {"box": task.box_id, "ok": int(seen == task.slot), "expected": task.slot, "seen": seen}
    change.event("slot.checked", subject=task.box_id, actor=person.id, body=body)


def _reshelve(room: Room, change: Change, loan: Loan, person: Person) -> None:
    room.loans.set_state(change, loan.id, "reshelved", person.id)
    if loan.item_id:
        room.catalogue.set_item_state(change, loan.item_id, "shelved", person.id)
    if loan.volume_id:
        room.catalogue.set_volume_state(change, loan.volume_id, "shelved", person.id)
