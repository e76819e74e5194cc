"""Paper slips of a degraded day, entered later (补录, shelving-safety rule 16): what happened, and when it really did.

With power or node down boxes are fetched by crank and written on slips. Entering one changes what the node knows; the
event keeps the real time beside the moment of entering.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain import loans
from edge.domain.loans import Loan, LoanState
from edge.domain.people import Person
from edge.domain.records import Box
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places
from edge.store.database import Change
from edge.workflows.asking import what_is_asked
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.stocktake import refuse_frozen

OLDEST_MS = 60 * 86_400_000
REASON = "paper_slip"


def real_ms(room: Room, written: str) -> int:
    """``written``: local date and time of the slip, ``2026-11-21T14:30``. InputRefused ``slip_time``: unreadable, in
    the future, or so old that nobody remembers."""
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        raise InputRefused("slip_time", "look_at_slip", written=written[:30]) from None
    at = at.replace(tzinfo=ZoneInfo(room.zone)) if at.tzinfo is None else at
    ms, now_ms = int(at.timestamp() * 1000), room.clock.utc_ms()
    if not now_ms - OLDEST_MS <= ms <= now_ms:
        raise InputRefused("slip_time", "look_at_slip", written=written[:30])
    return ms


@needs("hand_over")
def lent(room: Room, person: Person, box_text: str, borrower_id: str, written: str) -> Loan:
    """A box was handed out by slip: the loan runs from the real time on. Refused as any request of the borrower's."""
    at_ms = real_ms(room, written)
    borrower, box = room.people.get(borrower_id), _box(room, box_text)
    asked = what_is_asked(room, borrower, item_id=None, volume_id=None, box_id=box.id)
    refuse_frozen(room.database, asked.slot, at_ms)

    def enter(change: Change) -> Loan:
        loan = room.loans.ask(
            change,
            kind=asked.kind,
            item_id=None,
            volume_id=None,
            box_id=box.id,
            slot=asked.slot,
            person_id=borrower.id,
            level=asked.level,
        )
        for state in ("pulling", "verified"):
            _step(room, change, loan, state, person)
        box_places.take_box(change, box.id, person.id, REASON)
        due = loans.due_date(at_ms, room.zone, loan.kind)
        lent = room.loans.set_state(change, loan.id, "handed_over", person.id, due=due, reason=REASON)
        _tell(change, person, "lent", at_ms, box, lent)
        return lent

    return room.database.write(enter)


@needs("receive")
def back(room: Room, person: Person, box_text: str, written: str) -> Box:
    """A box came back and stands in its slot again, by slip. Refused where it is not out."""
    at_ms = real_ms(room, written)
    box = _box(room, box_text)
    if box.slot is not None or box.home_slot is None:
        raise RuleRefused("box_not_out", "look_at_slip", box_no=box.box_no)
    home = box.home_slot
    refuse_frozen(room.database, home, at_ms)
    ending = [loan for loan in room.loans.open_of_box(box.id) if loan.kind == "box" and loan.state == "handed_over"]

    def enter(change: Change) -> None:
        for loan in ending:
            for state in ("returned", "confirmed", "reshelved"):
                _step(room, change, loan, state, person)
        box_places.place_box(change, box.id, home, person.id, REASON)
        _tell(change, person, "back", at_ms, box, ending[0] if ending else None)

    room.database.write(enter)
    return _box(room, box_text)


def _step(room: Room, change: Change, loan: Loan, state: LoanState, person: Person) -> None:
    room.loans.set_state(change, loan.id, state, person.id, reason=REASON)


def _tell(change: Change, person: Person, what: str, at_ms: int, box: Box, loan: Loan | None) -> None:
    body = {"slip": what, "real_ms": at_ms, "box": box.id, "loan": loan.id if loan else ""}
    level = loan.level if loan else "internal"
    change.event("slip.entered", subject=box.id, actor=person.id, body=body, level=level)


def _box(room: Room, text: str) -> Box:
    plain = text.strip()
    found = room.catalogue.box_by_label(plain) if plain.upper().startswith("SR1:") else room.catalogue.box_by_no(plain)
    if found is None:
        raise InputRefused("box_unknown", "search_again", box=plain[:40])
    return found
