"""Somebody else's word before a thing is fetched 借阅审批: at the panel by staff, or from the centre.

    asked → approved: it waits for the block like any request → … or denied, with one of the known reasons

The first decision counts; a second one, from wherever, is refused. Deciding moves nothing and unlocks nothing.
"""

from __future__ import annotations

from edge.domain import approvals
from edge.domain.approvals import CENTRE, RIGHT, ApprovalRule, Decision
from edge.domain.loans import Loan
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store import approvals as kept
from edge.store.database import Change
from edge.workflows.archive import Archive
from edge.workflows.asking import require_cleared
from edge.workflows.rights import needs
from edge.workflows.room import Room


def waiting(room: Room) -> list[Loan]:
    """Longest waiting first."""
    return sorted((loan for loan in room.loans.open() if loan.state == "asked"), key=lambda loan: loan.asked_ms)


def decision(room: Room, loan_id: str) -> Decision | None:
    """What was decided about it, and by whom; None where the rule asked nobody."""
    return kept.decision(room.database, loan_id)


@needs(RIGHT)
def decide(room: Room, person: Person, loan_id: str, approved: bool, why: str = "", opinion: str = "") -> Loan:
    """Never one's own request. ``why``: one of approvals.DENIALS for a denial."""
    loan = room.loans.get(loan_id)
    approvals.require_other(person.id, loan.person_id)
    require_cleared(room, person, loan)
    return _settle(room, loan_id, approved, why, opinion, person.id)


def decide_at_centre(room: Room, author: str, loan_id: str, approved: bool, why: str = "", opinion: str = "") -> Loan:
    """The same, asked for by ``author`` at the centre. RuleRefused ``secret_in_the_room``: that material stays here."""
    if room.loans.get(loan_id).level != "internal":
        raise RuleRefused("secret_in_the_room", "decide_at_the_panel")
    return _settle(room, loan_id, approved, why, opinion, f"{CENTRE}{author}")


def rule(archive: Archive) -> ApprovalRule:
    return kept.rule(archive.database)


@needs("site_tables")
def set_rule(archive: Archive, person: Person, rule: str) -> ApprovalRule:
    """Whose requests wait from now on; what waits already goes on waiting."""
    new = approvals.require_rule(rule)
    archive.database.write(lambda change: kept.set_rule(change, new, person.id))
    return new


def _settle(room: Room, loan_id: str, approved: bool, why: str, opinion: str, actor: str) -> Loan:
    said = opinion.strip()
    approvals.require_sayable(approved, why, said)

    def settle(change: Change) -> Loan:
        loan = room.loans.get_in(change, loan_id)
        if loan.state != "asked":
            raise RuleRefused("loan_decided_already", "look_at_request", loan=loan_id, state=loan.state)
        kept.keep(change, loan_id, loan.level, approved=approved, actor=actor, opinion=said)
        if approved:
            return room.loans.set_state(change, loan_id, "approved", actor)
        return room.loans.set_state(change, loan_id, "denied", actor, reason=why)

    return room.database.write(settle)
