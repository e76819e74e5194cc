"""Bringing something back: held to the counter camera → returned → confirmed; the borrower's liability ends here.

Putting it back on the shelf is a task of its own (``shelve.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import archive_numbers
from edge.domain.label_check import Verdict, doubted, read_one
from edge.domain.loans import Loan
from edge.domain.people import Person
from edge.domain.records import Box
from edge.errors import RuleRefused
from edge.store.database import Change
from edge.workflows import counter
from edge.workflows.rights import needs
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class Returned:
    """``box``: where it belongs. ``loans``: those that ended; none where ``verdict`` is not ok."""

    box: Box | None
    loans: tuple[Loan, ...]
    verdict: Verdict


@needs("receive")
def receive(room: Room, person: Person) -> Returned:
    """Read what is held to the camera and end its loan. A box ends the loan of the whole box, never those of its items.

    ``verdict.why`` says what is wrong otherwise: ``not_on_loan`` (expected: what of this box is on loan), or not read.
    """
    look = counter.look(room)
    label, why, by = read_one(look.texts, look.age_ms, look.printed)
    on_loan = [loan for loan in room.loans.open() if loan.state == "handed_over"]
    ending = tuple(loan for loan in on_loan if label and _label_of(room, loan) == label)
    if why != "match":
        verdict = Verdict(False, "", label, doubted(why) if ending else why, look.id)
        verdict = counter.name_things(room, verdict, person)
        _tell(room, person, verdict, ())
        return Returned(None, (), verdict)
    box = room.catalogue.box(ending[0].box_id) if ending else room.catalogue.box_by_label(label)
    if not ending:
        others = [_label_of(room, loan) for loan in on_loan if box is not None and loan.box_id == box.id]
        verdict = Verdict(False, others[0] if others else "", label, "not_on_loan", look.id, by=by)
        verdict = counter.name_things(room, verdict, person)
        _tell(room, person, verdict, ())
        return Returned(box, (), verdict)
    verdict = counter.name_things(room, Verdict(True, label, label, "match", look.id, by=by), person)
    return Returned(box, _tell(room, person, verdict, ending), verdict)


@needs("receive")
def confirm(room: Room, person: Person, look_id: str, number: str) -> Returned:
    """The camera could not tell, so the person reads the label: the box number or archive number of what was lent.

    RuleRefused ``camera_could_tell``, ``typed_not_on_loan`` or ``typed_several_boxes``: nothing ends by a guess.
    """
    asked = counter.require_asked(room, look_id)
    lent = [loan for loan in room.loans.open() if loan.state == "handed_over" and asked.allows(_label_of(room, loan))]
    on_loan = [loan for loan in lent if _is_called(room, loan, number)]
    labels = {_label_of(room, loan) for loan in on_loan}
    ending = tuple(on_loan) if len(labels) == 1 else ()
    level = "secret" if any(loan.level == "secret" for loan in on_loan) else "internal"

    def record(change: Change) -> tuple[Loan, ...]:
        body = counter.confirmed(ending[0].id if ending else "", look_id, asked.why, number, bool(ending))
        subject = ending[0].id if ending else "node"
        change.event("label.confirmed", subject=subject, actor=person.id, body=body, level=level)
        return _ended(room, change, person, ending)

    ended = room.database.write(record)
    typed = number[: counter.TYPED_AT_MOST]
    if len(labels) > 1:
        raise RuleRefused("typed_several_boxes", "type_fonds_too", typed=typed)
    if not ended and asked.code:
        raise counter.not_this_box(asked, number)
    if not ended:
        raise RuleRefused("typed_not_on_loan", "read_number_again", typed=typed)
    label = labels.pop()
    verdict = counter.name_things(room, Verdict(True, label, label, "match", look_id, by="person"), person)
    return Returned(room.catalogue.box(ended[0].box_id), ended, verdict)


def _is_called(room: Room, loan: Loan, number: str) -> bool:
    """Whether ``number`` is what stands on the very thing that was lent."""
    if loan.kind == "box":
        box = room.catalogue.box(loan.box_id)
        return box is not None and counter.names_box(number, box)
    thing = room.catalogue.item(loan.item_id) if loan.item_id else room.catalogue.volume(loan.volume_id or "")
    known = thing.ref_code if thing is not None else ""
    return bool(known) and archive_numbers.key_of(known) == archive_numbers.key_of(number)


def _label_of(room: Room, loan: Loan) -> str:
    """Label of the very thing that was lent."""
    if loan.item_id:
        thing = room.catalogue.item(loan.item_id)
        return "" if thing is None else thing.label
    if loan.volume_id:
        volume = room.catalogue.volume(loan.volume_id)
        return "" if volume is None else volume.label
    box = room.catalogue.box(loan.box_id)
    return "" if box is None else box.label


def _tell(room: Room, person: Person, verdict: Verdict, ending: tuple[Loan, ...]) -> tuple[Loan, ...]:
    level = "secret" if any(loan.level == "secret" for loan in ending) else "internal"

    def record(change: Change) -> tuple[Loan, ...]:
        body = counter.checked(verdict, ending[0].id if ending else "")
        subject = ending[0].id if ending else "node"
        change.event("label.checked", subject=subject, actor=person.id, body=body, level=level)
        return _ended(room, change, person, ending)

    return room.database.write(record)


def _ended(room: Room, change: Change, person: Person, ending: tuple[Loan, ...]) -> tuple[Loan, ...]:
    for loan in ending:
        room.loans.set_state(change, loan.id, "returned", person.id)
    return tuple(room.loans.set_state(change, loan.id, "confirmed", person.id) for loan in ending)
