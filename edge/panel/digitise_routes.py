"""Pages under the document camera and in scanned files: taken, judged, and put to their item."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.domain.page_gate import Wanted
from edge.domain.page_records import Page
from edge.domain.people import Person
from edge.domain.records import may_see
from edge.errors import DeviceFault
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.panel.sent_files import picture_file
from edge.workflows import digitise, read_record
from edge.workflows.room import Room

router = APIRouter(prefix="/api/v1")


class Look(BaseModel):
    """``item_id`` "": the page itself says whose it is. ``page_no``: which page it replaces."""

    model_config = ConfigDict(extra="forbid")
    item_id: str = ""
    page_no: int | None = None
    paper: str = "A4"
    dpi: int = 300

    def wanted(self) -> Wanted:
        return Wanted(self.paper, self.dpi)


class Owner(BaseModel):
    """One of the two: the item's id, or its archive number as somebody types it."""

    model_config = ConfigDict(extra="forbid")
    item_id: str = ""
    ref_code: str = ""
    page_no: int | None = None
    replacing: bool = False


class Why(BaseModel):
    model_config = ConfigDict(extra="forbid")
    why: str


@router.post("/pages/look", dependencies=[OurPage])
def look(body: Look, request: Request, person: SignedIn) -> dict[str, Any]:
    """What lies under the document camera now."""
    room = panel_of(request).room
    return shape(room, person, digitise.take_page(room, person, body.item_id, body.page_no, body.wanted()))


@router.post("/pages/files", dependencies=[OurPage])
async def upload(
    request: Request,
    person: SignedIn,
    name: Annotated[str, Query(max_length=200)],
    item_id: str = "",
    paper: str = "A4",
    dpi: int = 300,
) -> dict[str, Any]:
    """The file is the request's body. Its pages as they are afterwards."""
    access.require(person.roles, "digitise")
    content = await picture_file(request, name)
    room = panel_of(request).room
    taken = await run_in_threadpool(
        lambda: digitise.take_file(room, person, name, content, item_id, Wanted(paper, dpi))
    )
    pages = [shape(room, person, page) for page in taken.pages]
    return {"pages": pages, "again": taken.again, "e_file": taken.e_file, "item_id": taken.item_id}


@router.get("/pages/live.jpg", response_class=Response)
def live(request: Request, person: SignedIn) -> Response:
    """What lies under the document camera now; 204 where it shows nothing, which taking the page then explains."""
    try:
        jpeg = digitise.live(panel_of(request).room, person)
    except DeviceFault:
        return Response(status_code=204)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.get("/pages/waiting")
def waiting(request: Request, person: SignedIn) -> list[dict[str, Any]]:
    """Pages that are not good enough, and those that nobody knows the item of."""
    room = panel_of(request).room
    return [shape(room, person, page) for page in digitise.waiting(room, person)]


@router.get("/pages/{page_id}/preview.jpg", response_class=Response)
def preview(page_id: str, request: Request, person: SignedIn) -> Response:
    """A page that waits, for whoever digitises; what is hooked is opened in the viewer."""
    jpeg = digitise.preview(panel_of(request).room, person, page_id)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/pages/{page_id}/hook", dependencies=[OurPage])
def hook(page_id: str, body: Owner, request: Request, person: SignedIn) -> dict[str, Any]:
    room = panel_of(request).room
    item_id = body.item_id or digitise.item_numbered(room, person, body.ref_code).id
    return shape(room, person, digitise.hook(room, person, page_id, item_id, body.page_no, body.replacing))


@router.post("/pages/{page_id}/accept", dependencies=[OurPage])
def accept(page_id: str, body: Why, request: Request, person: SignedIn) -> dict[str, Any]:
    """Keep it in spite of its complaints."""
    room = panel_of(request).room
    return shape(room, person, digitise.accept(room, person, page_id, body.why))


@router.post("/pages/{page_id}/drop", dependencies=[OurPage], status_code=204)
def drop(page_id: str, request: Request, person: SignedIn) -> None:
    digitise.drop(panel_of(request).room, person, page_id)


@router.get("/items/{item_id}/pages")
def of_item(item_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Its digitised pages in order, and the numbers that are not there yet."""
    room = panel_of(request).room
    item = read_record.item(room, person, item_id)
    return {
        "item": asdict(item),
        "pages": [shape(room, person, page) for page in room.pages.of_item(item.id)],
        "missing": digitise.missing_pages(room, item),
    }


def shape(room: Room, person: Person, page: Page) -> dict[str, Any]:
    """``items``: whose it is or may be, as far as the person may know. ``unsaid``: fields of the item that the
    catalogue leaves empty, and what the stamp says of them."""
    ids = (page.item_id,) if page.item_id else page.proposed
    clearance = access.clearance(person.roles)
    found = [item for item in (room.catalogue.item(one) for one in ids) if item]
    items = [item for item in found if may_see(clearance, item.secret_level)]
    return {
        "id": page.id,
        "state": page.state,
        "page_no": page.page_no,
        "printed_no": page.printed_no,
        "dpi": page.dpi,
        "turned_deg": page.turned_deg,
        "source": room.pages.file(page.file_id).source,
        "stamp": {**asdict(page.stamp), "numbers": page.stamp.numbers()},
        "unsaid": page.stamp.fills(items[0]) if page.state == "hooked" and items else {},
        "width": page.width,
        "height": page.height,
        "seen_ms": page.seen_ms,
        "despite": page.despite,
        "complaints": [asdict(complaint) for complaint in page.complaints],
        "lines": len(room.pages.lines(page)),
        "items": [{"id": item.id, "ref_code": item.ref_code, "title": item.title} for item in items],
    }
