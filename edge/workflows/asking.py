"""May it be lent, and from where? What a request names, checked before a loan is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import access
from edge.domain.loans import Loan, LoanKind, require_free
from edge.domain.people import Person
from edge.domain.records import SECRECY, Box, may_see
from edge.errors import InputRefused, RuleRefused
from edge.workflows.find import known_box
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class Asked:
    kind: LoanKind
    box: Box
    slot: str
    level: str  # of the loan's events


def what_is_asked(
    room: Room, person: Person, *, item_id: str | None, volume_id: str | None, box_id: str | None
) -> Asked:
    """Raises InputRefused (unknown, or not for this person's eyes: the same words) or RuleRefused (not to be had)."""
    if [item_id, volume_id, box_id].count(None) != 2:
        raise InputRefused("ask_for_one_thing", "choose_one_thing")
    kind: LoanKind = "item" if item_id else "volume" if volume_id else "box"
    home_id = _box_of(room, item_id, volume_id, box_id)
    if home_id is None:
        raise RuleRefused("not_in_a_box", "give_box_a_slot")
    box = known_box(room, home_id)
    if room.catalogue.loanable(item_id, volume_id) == "scan":
        raise RuleRefused("scan_only", "use_scan")
    level = _secrecy(room, kind, box, item_id, volume_id)
    if not may_see(access.clearance(person.roles), level):
        if kind == "box":  # it stands on the screen: to search again would lead back to it
            raise InputRefused("box_not_whole", "ask_for_what_is_needed", box_no=box.box_no)
        raise InputRefused("record_unknown", "search_again")
    if box.home_slot is None:
        raise RuleRefused("box_has_no_place", "give_box_a_slot", box_no=box.box_no)
    require_free(room.loans.open_of_box(box.id), kind, item_id or volume_id or box.id, box.id)
    if box.slot is None:
        raise RuleRefused("box_out", "wait_for_box", box_no=box.box_no)
    return Asked(kind, box, box.slot, access.event_level(level))


def require_cleared(room: Room, person: Person, loan: Loan) -> None:
    """Whoever decides about it may see it. RuleRefused ``not_cleared``."""
    level = _secrecy(room, loan.kind, known_box(room, loan.box_id), loan.item_id, loan.volume_id)
    if not may_see(access.clearance(person.roles), level):
        raise RuleRefused("not_cleared", "ask_second_person")


def _box_of(room: Room, item_id: str | None, volume_id: str | None, box_id: str | None) -> str | None:
    if box_id:
        return box_id
    record = room.catalogue.item(item_id) if item_id else room.catalogue.volume(volume_id or "")
    if record is None or record.state == "void":
        raise InputRefused("record_unknown", "search_again")
    return record.box_id


def _secrecy(room: Room, kind: LoanKind, box: Box, item_id: str | None, volume_id: str | None) -> str:
    """The highest secrecy level among what would leave the room."""
    inside = room.catalogue.items_in_box(box.id)
    if kind == "item":
        inside = [item for item in inside if item.id == item_id]
    elif kind == "volume":
        inside = [item for item in inside if item.volume_id == volume_id]
    return max((item.secret_level for item in inside), key=SECRECY.index, default="public")
