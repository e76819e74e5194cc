"""Search, one box or item with its place, and the camera's pictures."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from edge.domain import search_query
from edge.domain.loans import QUEUED, Loan
from edge.domain.people import Person
from edge.domain.records import Volume
from edge.domain.search_query import Filters, Order
from edge.panel import shapes
from edge.panel.enrolment import panel_of
from edge.panel.guard import SignedIn
from edge.workflows import find, label_looks, read_record
from edge.workflows.room import Room

router = APIRouter(prefix="/api/v1")


@router.get("/search")
def search(
    request: Request,
    person: SignedIn,
    q: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    fonds: str = "",
    years: str = "",
    category: str = "",
    retention: str = "",
    level: str = "",
    place: str = "",
    state: str = "",
    order: Order = "newest",
) -> dict[str, Any]:
    """Hits with why they matched, their box and its slot, and ``marks``: where the match is in the record's own text.
    ``missing``: a stocktake did not find the box, and nobody has seen it since.

    ``years``: 2011 or 2011-2015; ``place``: beginning of a slot code. What the person may not see is left out.
    """
    first, last = search_query.years(years)
    filters = Filters(fonds, first, last, category, retention, level, place, state)
    room = panel_of(request).room
    hits = find.find(room, person, q, limit, filters, order)
    missing = find.counted_missing(room, [hit.box for hit in hits if hit.box])
    return {
        "hits": [
            {
                "item": asdict(hit.item) if hit.item else None,
                "volume": asdict(hit.volume) if hit.volume else None,
                "box": {**asdict(hit.box), "missing": hit.box.id in missing} if hit.box else None,
                "why": hit.why,
                "marks": [asdict(mark) for mark in hit.marks],
            }
            for hit in hits
        ]
    }


@router.get("/search/choices")
def search_choices(request: Request, person: SignedIn) -> dict[str, Any]:
    """What the person may filter by."""
    return asdict(find.choices(panel_of(request).room, person))


@router.get("/boxes/{box_id}")
def box(box_id: str, request: Request, person: SignedIn, item: str = "", volume: str = "") -> dict[str, Any]:
    """One box and what is in it, with its place; with ``item``, that item and its volume; with ``volume``, that."""
    room = panel_of(request).room
    shown = read_record.item(room, person, item) if item else None
    found, inside = read_record.box(room, person, box_id)
    whole = read_record.volume(room, person, volume) if volume else None
    if whole:
        inside = [one for one in inside if one.volume_id == whole.id]
    elif shown and shown.volume_id:
        whole = read_record.volume_of_item(room, person, shown)
    wanted = {shown.id} if shown else {whole.id if whole else found.id}
    running = [one for one in room.loans.open_of_box(box_id) if one.thing_id in wanted or one.kind == "box"]
    loan = running[0] if running else None
    return {
        "box": {**asdict(found), "missing": bool(find.counted_missing(room, [found]))},
        "item": asdict(shown) if shown else None,
        "volume": _with_facts(room, whole) if whole else None,
        "items": [{"id": one.id, "ref_code": one.ref_code, "title": one.title, "state": one.state} for one in inside],
        "place": shapes.place(room, found),
        "loan": _loan(loan, person) if loan else None,
    }


@router.get("/items/{item_id}")
def item(item_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """One item, also where it has no box yet."""
    return asdict(read_record.item(panel_of(request).room, person, item_id))


@router.get("/volumes/{volume_id}")
def volume(volume_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """One volume, also where it has no box yet."""
    room = panel_of(request).room
    return _with_facts(room, read_record.volume(room, person, volume_id))


@router.get("/looks/{look_id}.jpg", response_class=Response)
def look(look_id: str, request: Request, person: SignedIn) -> Response:
    jpeg = label_looks.picture(panel_of(request).room, person, look_id)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _with_facts(room: Room, of: Volume) -> dict[str, Any]:
    """A volume with what its own screen tells of it: fonds, span, year, retention, level, who made it, pages."""
    told = read_record.described_volume(room, of)
    return asdict(of) | {
        "fonds_no": told.fonds_no,
        "secret_level": told.secret_level,
        **{name: told.values[name] for name in ("start_date", "end_date", "year", "retention", "responsible", "pages")},
    }


def _loan(of: Loan, person: Person) -> dict[str, Any]:
    """``yours``: the person may open this request."""
    return {"id": of.id, "state": of.state, "queued": of.state in QUEUED, "yours": shapes.concerns(of, person)}
