"""The life of one loan 借阅: its states, which may follow which, and when it is due.

asked → approved → pulling → verified → handed_over → returned → confirmed → reshelved; nobody took it → cancelled.
Where no rule asks for somebody else's word (approvals.py) a loan begins approved; without that word it is denied.
A pull that never opened its aisle (nobody pressed Start, STOP, a fault) goes back to approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from edge.errors import RuleRefused

LoanState = Literal[
    "asked",
    "denied",
    "approved",
    "pulling",
    "verified",
    "handed_over",
    "returned",
    "confirmed",
    "reshelved",
    "cancelled",
]
LoanKind = Literal["item", "volume", "box"]

FOLLOWS: dict[LoanState, tuple[LoanState, ...]] = {
    "asked": ("approved", "denied", "cancelled"),
    "denied": (),
    "approved": ("pulling", "cancelled"),
    "pulling": ("verified", "approved", "cancelled"),
    "verified": ("handed_over", "cancelled"),
    "handed_over": ("returned",),
    "returned": ("confirmed",),
    "confirmed": ("reshelved",),
    "reshelved": (),
    "cancelled": (),
}
OPEN: tuple[LoanState, ...] = ("asked", "approved", "pulling", "verified", "handed_over", "returned", "confirmed")
QUEUED: tuple[LoanState, ...] = ("approved", "pulling", "verified")  # waits for the block or for the counter
BESPOKEN: tuple[LoanState, ...] = ("asked", *QUEUED)  # somebody counts on the box while it still stands there

# Days a loan runs [P]: staff borrow one piece to work with it, a whole box only to look something up.
TERM_DAYS: dict[LoanKind, int] = {"item": 15, "volume": 15, "box": 5}


@dataclass(frozen=True, slots=True)
class Loan:
    """``slot`` is where the box stood when it was asked for. ``due`` is ``YYYY-MM-DD``, "" before the hand-over."""

    id: str
    kind: LoanKind
    item_id: str | None
    volume_id: str | None
    box_id: str
    slot: str
    person_id: str
    state: LoanState
    due: str
    level: str  # level of its events: "secret" for secret material
    asked_ms: int
    changed_ms: int
    reason: str  # why it was cancelled or offered again

    @property
    def thing_id(self) -> str:
        """Id of what was asked for: the item, the volume or the box itself."""
        return self.item_id or self.volume_id or self.box_id


def require_step(loan: Loan, state: LoanState) -> None:
    """Raises RuleRefused unless ``state`` may follow the loan's own."""
    if state not in FOLLOWS[loan.state]:
        raise RuleRefused("loan_state", "look_at_request", loan=loan.id, loan_state=loan.state, loan_wanted=state)


def require_free(open_loans: Iterable[Loan], kind: LoanKind, thing_id: str, box_id: str) -> None:
    """RuleRefused where the thing or its box is promised already; a box may be lent while an item of it is out."""
    for loan in open_loans:
        if loan.thing_id == thing_id:
            raise RuleRefused("asked_already", "look_at_request", loan=loan.id, state=loan.state)
        if loan.box_id == box_id and (loan.kind == "box" or (kind == "box" and loan.state in BESPOKEN)):
            raise RuleRefused("box_asked_already", "look_at_request", loan=loan.id, state=loan.state)


def due_date(handed_over_ms: int, zone: str, kind: LoanKind) -> str:
    """Last day of the loan as ``YYYY-MM-DD`` in the site's ``zone``; the day of the hand-over is day 0."""
    day = datetime.fromtimestamp(handed_over_ms / 1000, UTC).astimezone(ZoneInfo(zone)).date()
    return (day + timedelta(days=TERM_DAYS[kind])).isoformat()


def is_overdue(loan: Loan, today: str) -> bool:
    return loan.state == "handed_over" and loan.due < today
