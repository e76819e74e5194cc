"""Asking for something, the camera's verdict, handing over, coming back. Choosing a motion is in motion_routes.py."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain import access, slot_codes
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.panel import shapes
from edge.panel.enrolment import Panel, panel_of
from edge.panel.guard import OurPage, SignedIn, SomebodySignedIn
from edge.panel.shapes import ReadByPerson
from edge.workflows import approve, motion, paper_slip, retrieve, return_box, shelve
from edge.workflows.room import Room

router = APIRouter(prefix="/api/v1")

DENIED_SHOWN_MS = 7 * 86_400_000


class Slip(BaseModel):
    """``real``: local date and time on the slip; ``borrower_id`` with kind lent only."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["lent", "back"]
    box: str
    real: str
    borrower_id: str | None = None


class Asked(BaseModel):
    """Exactly one of the three."""

    model_config = ConfigDict(extra="forbid")
    item_id: str | None = None
    volume_id: str | None = None
    box_id: str | None = None


class Decision(BaseModel):
    """``why``: the code of a denial; ``opinion``: in the person's own words, may be empty."""

    model_config = ConfigDict(extra="forbid")
    approved: bool
    why: str = ""
    opinion: str = ""


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str


class SlotRead(BaseModel):
    """A slot's label or code, scanned or typed."""

    model_config = ConfigDict(extra="forbid")
    slot: str


def today(room: Room) -> str:
    moment = datetime.fromtimestamp(room.clock.utc_ms() / 1000, UTC)
    return moment.astimezone(ZoneInfo(room.zone)).date().isoformat()


@router.post("/requests", dependencies=[OurPage])
def ask(body: Asked, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    asked = retrieve.ask_for(panel.room, person, item_id=body.item_id, volume_id=body.volume_id, box_id=body.box_id)
    panel.snapshots.nudge()
    return shapes.loan(panel.room, asked, person, today(panel.room))


@router.get("/requests")
def requests(request: Request, person: SignedIn) -> dict[str, Any]:
    """What waits for somebody's word, for the block or the counter, in order, and what is out now or was denied lately;
    of others only what staff see.
    """
    room = panel_of(request).room
    out = [loan for loan in room.loans.open() if loan.state == "handed_over"]
    day = today(room)
    lately_ms = room.clock.utc_ms() - DENIED_SHOWN_MS
    denied = [loan for loan in room.loans.recent(200) if loan.state == "denied" and loan.changed_ms >= lately_ms]
    return {
        "asked": [
            shapes.loan(room, loan, person, day) for loan in approve.waiting(room) if shapes.concerns(loan, person)
        ],
        "denied": [shapes.loan(room, loan, person, day) for loan in denied if shapes.concerns(loan, person)],
        "queue": [
            shapes.loan(room, loan, person, day) for loan in retrieve.queue(room) if shapes.concerns(loan, person)
        ],
        "out": [shapes.loan(room, loan, person, day) for loan in out if shapes.concerns(loan, person)],
    }


@router.get("/requests/{loan_id}")
def one(loan_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    room = panel_of(request).room
    loan = room.loans.get(loan_id)
    if not shapes.concerns(loan, person):
        access.require(person.roles, "cancel_any")
    return shapes.loan(room, loan, person, today(room), whole=True)


@router.get("/requests/{loan_id}/preview", dependencies=[SomebodySignedIn])
def preview(loan_id: str, request: Request) -> dict[str, Any]:
    """What would move if it were chosen now."""
    return shapes.plan(retrieve.preview(panel_of(request).room, loan_id))


@router.post("/requests/{loan_id}/check", dependencies=[OurPage])
def check(loan_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Look through the counter camera: expected and seen, and whether they agree."""
    panel = panel_of(request)
    verdict = retrieve.check_label(panel.room, person, loan_id)
    panel.snapshots.nudge()
    return shapes.verdict(verdict)


@router.post("/requests/{loan_id}/confirm", dependencies=[OurPage])
def confirm(loan_id: str, body: ReadByPerson, request: Request, person: SignedIn) -> dict[str, Any]:
    """The camera could not tell; the person typed the number on the box."""
    panel = panel_of(request)
    verified = retrieve.confirm_label(panel.room, person, loan_id, body.look_id, body.number)
    panel.snapshots.nudge()
    return shapes.loan(panel.room, verified, person, today(panel.room))


@router.post("/requests/{loan_id}/decision", dependencies=[OurPage])
def decide(loan_id: str, body: Decision, request: Request, person: SignedIn) -> dict[str, Any]:
    """Approved, or denied with a reason. The first decision counts."""
    panel = panel_of(request)
    decided = approve.decide(panel.room, person, loan_id, body.approved, body.why, body.opinion)
    panel.snapshots.nudge()
    return shapes.loan(panel.room, decided, person, today(panel.room))


@router.post("/requests/{loan_id}/hand-over", dependencies=[OurPage])
def hand_over(loan_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    lent = retrieve.hand_over(panel.room, person, loan_id)
    panel.snapshots.nudge()
    return shapes.loan(panel.room, lent, person, today(panel.room))


@router.post("/requests/{loan_id}/cancel", dependencies=[OurPage])
def cancel(loan_id: str, body: Reason, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    cancelled = retrieve.cancel(panel.room, person, loan_id, body.reason)
    panel.snapshots.nudge()
    return shapes.loan(panel.room, cancelled, person, today(panel.room))


@router.post("/returns/check", dependencies=[OurPage])
def receive(request: Request, person: SignedIn) -> dict[str, Any]:
    """What is held to the counter camera comes back: its loans end, or the verdict says why not."""
    panel = panel_of(request)
    return _returned(panel, person, return_box.receive(panel.room, person))


@router.post("/returns/confirm", dependencies=[OurPage])
def confirm_return(body: ReadByPerson, request: Request, person: SignedIn) -> dict[str, Any]:
    """The camera could not tell; the person typed the number on what comes back."""
    panel = panel_of(request)
    return _returned(panel, person, return_box.confirm(panel.room, person, body.look_id, body.number))


@router.get("/reshelving", dependencies=[SomebodySignedIn])
def reshelving(request: Request) -> list[dict[str, Any]]:
    """Boxes that wait to go back to their slots."""
    room = panel_of(request).room
    found = []
    for task in shelve.tasks(room):
        box = room.catalogue.box(task.box_id)
        if box is not None:
            aisle = slot_codes.aisle_of(slot_codes.parse(task.slot))
            place = shapes.place(room, box)
            found.append({**asdict(task), "box": asdict(box), "aisle": aisle, "place": place})
    return found


@router.get("/reshelving/{box_id}/preview", dependencies=[SomebodySignedIn])
def shelving_preview(box_id: str, request: Request) -> dict[str, Any]:
    room = panel_of(request).room
    aisle = slot_codes.aisle_of(slot_codes.parse(_slot_of_task(room, box_id)))
    return shapes.plan(motion.plan_for(room, aisle))


@router.post("/reshelving/scan", dependencies=[OurPage])
def scan(request: Request, person: SignedIn) -> dict[str, Any]:
    """What the hand scanner in the aisle read since the last question: nothing, the right slot, or another one."""
    panel = panel_of(request)
    read = shelve.scan(panel.room, person)
    if read is None:
        return {"read": False, "ok": False, "expected": "", "seen": ""}
    panel.snapshots.nudge()
    return {"read": True, "ok": read.ok, "expected": read.expected, "seen": read.seen, "box_id": read.task.box_id}


@router.post("/reshelving/{box_id}/put-away", dependencies=[OurPage])
def put_away(box_id: str, body: SlotRead, request: Request, person: SignedIn) -> dict[str, Any]:
    """Typed instead of scanned. Raises RuleRefused ``wrong_slot`` with expected and seen."""
    panel = panel_of(request)
    box = shelve.put_away(panel.room, person, box_id, body.slot)
    panel.snapshots.nudge()
    return asdict(box)


def _returned(panel: Panel, person: Person, back: return_box.Returned) -> dict[str, Any]:
    panel.snapshots.nudge()
    ended = [shapes.loan(panel.room, loan, person, today(panel.room)) for loan in back.loans]
    return {"box": asdict(back.box) if back.box else None, "loans": ended, "verdict": shapes.verdict(back.verdict)}


def _slot_of_task(room: Room, box_id: str) -> str:
    slot = next((task.slot for task in shelve.tasks(room) if task.box_id == box_id), None)
    if slot is None:
        raise RuleRefused("nothing_to_put_away", "look_again", box_no="")
    return slot


@router.post("/slips", dependencies=[OurPage])
def enter_slip(body: Slip, request: Request, person: SignedIn) -> dict[str, Any]:
    """A paper slip, entered later with its real time. ``due`` "" where nothing was lent."""
    panel = panel_of(request)
    if body.kind == "back":
        told = {"box_no": paper_slip.back(panel.room, person, body.box, body.real).box_no, "due": ""}
    else:
        loan = paper_slip.lent(panel.room, person, body.box, body.borrower_id or "", body.real)
        box = panel.room.catalogue.box(loan.box_id)
        told = {"box_no": box.box_no if box else "", "due": loan.due}
    panel.snapshots.nudge()
    return told
