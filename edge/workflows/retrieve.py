"""What happens when staff ask for a box: the main job, from top to bottom.

    ask → allowed? → approved (approve.py)? → where is it? → preview → choose → Start on the block
        → the aisle stands open, the slot is lit → the box at the counter camera → is it the right one?
        → hand over → the loan runs until its due date

Nothing moves before the request is allowed and in the trace. Nothing is lent before the camera has read the label.
The boards stop by themselves if this program dies (firmware/carriage/safety.py): no safety depends on this file.
"""

from __future__ import annotations

from edge.domain import access, approvals, loans
from edge.domain.block import MovePlan
from edge.domain.label_check import Verdict, judge
from edge.domain.loans import Loan, LoanState
from edge.domain.people import Person
from edge.domain.slot_codes import aisle_of, parse
from edge.errors import InputRefused, RuleRefused
from edge.store import approvals as kept
from edge.store import box_places
from edge.store.database import Change
from edge.workflows import counter, lights, motion
from edge.workflows.asking import Asked, what_is_asked
from edge.workflows.find import known_box
from edge.workflows.rights import needs
from edge.workflows.room import Room

REASONS = ("nobody_took_it", "not_needed", "asked_wrongly", "box_missing", "remote")  # why a loan may be cancelled


@needs("ask")
def ask_for(
    room: Room, person: Person, *, item_id: str | None = None, volume_id: str | None = None, box_id: str | None = None
) -> Loan:
    """One item, one volume or one whole box. Raises RuleRefused where it is out, lent, or has no place."""
    state: LoanState = "asked" if approvals.waits(kept.rule(room.database), person.roles) else "approved"
    asked: Asked = what_is_asked(room, person, item_id=item_id, volume_id=volume_id, box_id=box_id)
    return room.database.write(
        lambda change: room.loans.ask(
            change,
            kind=asked.kind,
            item_id=item_id,
            volume_id=volume_id,
            box_id=asked.box.id,
            slot=asked.slot,
            person_id=person.id,
            level=asked.level,
            state=state,
        )
    )


def queue(room: Room) -> list[Loan]:
    """What waits for the block or the counter, longest waiting first. The queue offers, it never starts."""
    return room.loans.queue()


def aisle_of_loan(loan: Loan) -> int:
    return aisle_of(parse(loan.slot))


def preview(room: Room, loan_id: str) -> MovePlan:
    """What would move if it were chosen now."""
    return motion.plan_for(room, aisle_of_loan(room.loans.get(loan_id)))


@needs("choose")
def choose(room: Room, person: Person, loan_id: str) -> MovePlan:
    """Take the block for this loan and light Start. Refused while it serves another, or while an aisle is unwalked."""
    loan = room.loans.get(loan_id)
    if loan.state != "pulling":
        loans.require_step(loan, "pulling")

    def record(change: Change) -> None:
        if room.loans.get_in(change, loan_id).state != "pulling":
            room.loans.set_state(change, loan_id, "pulling", person.id)

    return motion.open_aisle(room, person, kind="retrieve", slot=loan.slot, loan_id=loan_id, record=record)


@needs("check")
def check_label(room: Room, person: Person, loan_id: str) -> Verdict:
    """Hold the box to the counter camera: is it the one that was asked for? Only then may it be handed over."""
    loan = room.loans.get(loan_id)
    loans.require_step(loan, "verified")
    box = known_box(room, loan.box_id)
    look = counter.look(room)
    verdict = counter.name_things(room, judge(box.label, look.texts, look.age_ms, look.id, look.printed), person)

    def record(change: Change) -> None:
        body = counter.checked(verdict, loan.id)
        change.event("label.checked", subject=loan.id, actor=person.id, body=body, level=loan.level)
        if verdict.ok:
            box_places.take_box(change, box.id, person.id, f"loan {loan.id}")
            room.loans.set_state(change, loan.id, "verified", person.id)
            _free_block(room, change, loan_id, person)
        else:
            counter.note_stray_box(room, change, verdict, person.id)

    room.database.write(record)
    if verdict.ok:
        lights.lights_off(room, loan.slot)
    return verdict


@needs("check")
def confirm_label(room: Room, person: Person, loan_id: str, look_id: str, box_no: str) -> Loan:
    """The camera could not tell, so the person reads the label: the number typed must be the box's own.

    ``look_id``: the newest look at the counter, which is kept with what was typed. RuleRefused ``camera_could_tell``
    unless that look ended in *can't tell*, and ``typed_other_box`` for another number.
    """
    loan = room.loans.get(loan_id)
    loans.require_step(loan, "verified")
    box = known_box(room, loan.box_id)
    asked = counter.require_asked(room, look_id)
    right = counter.names_box(box_no, box) and asked.allows(box.label)
    body = counter.confirmed(loan.id, look_id, asked.why, box_no, right)

    def record(change: Change) -> Loan:
        change.event("label.confirmed", subject=loan.id, actor=person.id, body=body, level=loan.level)
        if not right:
            return room.loans.get_in(change, loan_id)
        box_places.take_box(change, box.id, person.id, f"loan {loan.id}")
        verified = room.loans.set_state(change, loan.id, "verified", person.id)
        _free_block(room, change, loan_id, person)
        return verified

    confirmed = room.database.write(record)
    if not right:
        raise counter.not_this_box(asked, box_no)
    lights.lights_off(room, loan.slot)
    return confirmed


@needs("hand_over")
def hand_over(room: Room, person: Person, loan_id: str) -> Loan:
    """The borrower has it and answers for it until it is confirmed back.

    If an item or a volume leaves, its box goes back with an out-card: ``shelve.tasks`` asks for that.
    """

    def lend(change: Change) -> Loan:
        loan = room.loans.get_in(change, loan_id)
        due = loans.due_date(change.utc_ms, room.zone, loan.kind)
        lent = room.loans.set_state(change, loan_id, "handed_over", person.id, due=due)
        if loan.item_id:
            room.catalogue.set_item_state(change, loan.item_id, "out", person.id)
        if loan.volume_id:
            room.catalogue.set_volume_state(change, loan.volume_id, "out", person.id)
        room.pulls.settle(change, room.layout.area, person.id)
        return lent

    return room.database.write(lend)


@needs("cancel")
def cancel(room: Room, person: Person, loan_id: str, reason: str) -> Loan:
    """Nobody took it, or nobody needs it: one's own request, or with the right to it anybody's; never in mid-move."""
    loan = room.loans.get(loan_id)
    if reason not in REASONS:
        raise InputRefused("reason_unknown", "choose_reason", reason=reason, known=", ".join(REASONS))
    if loan.person_id != person.id:
        access.require(person.roles, "cancel_any")
    moves = [move for move in room.moves.open(room.layout.area) if move.loan_id == loan_id]
    if any(move.phase == "started" for move in moves):
        raise RuleRefused("block_moving", "wait_for_block")

    def give_up(change: Change) -> Loan:
        given_up = room.loans.set_state(change, loan_id, "cancelled", person.id, reason=reason)
        _free_block(room, change, loan_id, person)
        return given_up

    cancelled = room.database.write(give_up)
    if moves:
        room.carriages.disarm()
    return cancelled


def _free_block(room: Room, change: Change, loan_id: str, person: Person) -> None:
    """This request needs the block no more; a pull list that it belongs to may."""
    task = room.moves.task(room.layout.area)
    if task is not None and task.loan_id == loan_id:
        room.moves.end_task(change, room.layout.area)
    room.pulls.settle(change, room.layout.area, person.id)
