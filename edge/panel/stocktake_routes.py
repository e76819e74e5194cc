"""Taking stock at the panel: bays counted blind, boxes opened, the sheet signed, differences settled."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain import access, slot_codes
from edge.domain.people import Person
from edge.panel.enrolment import Panel, panel_of
from edge.panel.guard import OurPage, SignedIn, SomebodySignedIn
from edge.workflows import bay_found, count_bay, photograph_bay, put_right, sample, stocktake
from edge.workflows.find import known_box
from edge.workflows.sample import Counted
from edge.workflows.stocktake_sheet import Sheet, sheet, summaries

router = APIRouter(prefix="/api/v1")

DUE_SHOWN = 8


class Begun(BaseModel):
    """``bay`` with rolling; "" = the first that is due. ``boxes`` with sample."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["rolling", "full", "sample"]
    bay: str = ""
    boxes: int = sample.BOXES


class Text(BaseModel):
    """A label or code, scanned or typed."""

    model_config = ConfigDict(extra="forbid")
    text: str


class Looked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    slot: str
    what: Literal["empty", "unread"]


class ItemCounted(BaseModel):
    model_config = ConfigDict(extra="forbid")
    item_id: str
    there: bool
    pages: int | None = None


class Decided(BaseModel):
    """``correct``: the index becomes what was counted; else it stays."""

    model_config = ConfigDict(extra="forbid")
    correct: bool


@router.get("/stocktakes", dependencies=[SomebodySignedIn])
def stocktakes(request: Request) -> dict[str, Any]:
    """Open ones first; and the bays that are due, those in an open aisle before all others."""
    room = panel_of(request).room
    return {
        "stocktakes": [asdict(one) for one in summaries(room)],
        "due": [asdict(one) for one in stocktake.due(room)[:DUE_SHOWN]],
        "sample_due": sample.is_due(room),
    }


@router.post("/stocktakes", dependencies=[OurPage])
def begin(body: Begun, request: Request, person: SignedIn) -> dict[str, str]:
    room = panel_of(request).room
    if body.kind == "sample":
        return {"id": sample.begin(room, person, body.boxes).id}
    return {"id": stocktake.begin(room, person, body.kind, body.bay).id}


@router.get("/stocktakes/{stocktake_id}")
def one(stocktake_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    return _told(sheet(panel_of(request).room, person, stocktake_id), person)


@router.post("/stocktakes/{stocktake_id}/sign", dependencies=[OurPage])
def sign(stocktake_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    stocktake.sign(panel.room, person, stocktake_id)
    return _told(sheet(panel.room, person, stocktake_id), person)


@router.get("/stocktakes/{stocktake_id}/bays/{bay}", dependencies=[SomebodySignedIn])
def bay(stocktake_id: str, bay: str, request: Request) -> dict[str, Any]:
    """Blind: what was seen, nothing of what should be there."""
    return asdict(count_bay.progress(panel_of(request).room, stocktake_id, bay))


@router.get("/stocktakes/{stocktake_id}/bays/{bay}/found")
def found(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """What each slot of a counted bay was found to hold."""
    return asdict(bay_found.found(panel_of(request).room, person, stocktake_id, bay))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/begin", dependencies=[OurPage])
def begin_bay(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> dict[str, Any]:
    return asdict(count_bay.begin_bay(panel_of(request).room, person, stocktake_id, bay))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/give-up", dependencies=[OurPage], status_code=204)
def give_up_bay(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> None:
    count_bay.give_up_bay(panel_of(request).room, person, stocktake_id, bay)


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/scans", dependencies=[OurPage])
def scans(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """What the hand scanner in the aisle read since the last question."""
    return asdict(count_bay.take_scans(panel_of(request).room, person, stocktake_id, bay))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/typed", dependencies=[OurPage])
def typed(stocktake_id: str, bay: str, body: Text, request: Request, person: SignedIn) -> dict[str, Any]:
    return asdict(count_bay.scanned(panel_of(request).room, person, stocktake_id, bay, body.text))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/looked", dependencies=[OurPage])
def looked(stocktake_id: str, bay: str, body: Looked, request: Request, person: SignedIn) -> dict[str, Any]:
    """A person stood before the slot: it is empty, or its box has no label that anybody could read."""
    return asdict(count_bay.looked(panel_of(request).room, person, stocktake_id, bay, body.slot, body.what))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/photograph", dependencies=[OurPage])
def photograph(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """One shot of all the trolley's lenses. ``refused``: of its pictures those that show nothing of the bay."""
    return asdict(photograph_bay.photograph(panel_of(request).room, person, stocktake_id, bay))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/read", dependencies=[OurPage])
def read(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """``refused``: pictures that show nothing of the bay, and why; ``missed``: slots that none of the others shows."""
    return asdict(photograph_bay.read(panel_of(request).room, person, stocktake_id, bay))


@router.post("/stocktakes/{stocktake_id}/bays/{bay}/finish", dependencies=[OurPage])
def finish(stocktake_id: str, bay: str, request: Request, person: SignedIn) -> dict[str, int]:
    """How many differences the bay has; the sheet names them."""
    return {"differences": len(count_bay.finish_bay(panel_of(request).room, person, stocktake_id, bay))}


@router.get("/stocktakes/{stocktake_id}/boxes/{box_id}")
def box(stocktake_id: str, box_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """The box, the aisle it stands at (0: none), and the items that should lie in it; how many pages each has is not
    told."""
    room = panel_of(request).room
    inside = sample.items(room, person, stocktake_id, box_id)
    opened = known_box(room, box_id)
    slot = opened.slot or opened.home_slot or ""
    return {
        "box_no": opened.box_no,
        "slot": slot,
        "aisle": slot_codes.aisle_of(slot_codes.parse(slot)) if slot else 0,
        "items": [{"id": item.id, "ref_code": item.ref_code, "title": item.title} for item in inside],
    }


@router.post("/stocktakes/{stocktake_id}/boxes/{box_id}", dependencies=[OurPage])
def count_box(
    stocktake_id: str, box_id: str, body: list[ItemCounted], request: Request, person: SignedIn
) -> dict[str, int]:
    counted = [Counted(one.item_id, one.there, one.pages) for one in body]
    return {"differences": sample.count(panel_of(request).room, person, stocktake_id, box_id, counted)}


@router.post("/differences/{difference_id}/decide", dependencies=[OurPage])
def decide(difference_id: str, body: Decided, request: Request, person: SignedIn) -> dict[str, Any]:
    panel = panel_of(request)
    return _sheet_of(panel, stocktake.decide(panel.room, person, difference_id, body.correct).stocktake_id, person)


@router.post("/differences/{difference_id}/scan", dependencies=[OurPage])
def scan_right(difference_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """What the hand scanner read for a box that is put right: first the box, then its slot."""
    return {"state": put_right.scan(panel_of(request).room, person, difference_id).state}


@router.post("/differences/{difference_id}/typed", dependencies=[OurPage])
def typed_right(difference_id: str, body: Text, request: Request, person: SignedIn) -> dict[str, Any]:
    return {"state": put_right.step(panel_of(request).room, person, difference_id, body.text).state}


def _sheet_of(panel: Panel, stocktake_id: str, person: Person) -> dict[str, Any]:
    return _told(sheet(panel.room, person, stocktake_id), person)


def _told(of: Sheet, person: Person) -> dict[str, Any]:
    """With what this person may do next."""
    rights = access.rights(person.roles)
    signed = person.id in {signature.person_id for signature in of.signatures}
    return {
        **asdict(of),
        "may_sign": "count" in rights and of.counted and of.closed_ms is None and not signed,
        "may_decide": "approve_count" in rights and of.closed_ms is not None and person.id not in of.counters,
        "may_count": "count" in rights,
    }
