"""Printing at the panel: registers and labels drawn, then printed here or fetched as a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from edge.domain import access
from edge.panel.answers import language_of
from edge.panel.describe_routes import archive_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import print_desk, print_labels, print_register
from edge.workflows.stocktake_sheet import summaries

router = APIRouter(prefix="/api/v1")


class Asked(BaseModel):
    """``kind``: register.files, label.box … ``on``: sheet or roll."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    clearance: str = "internal"
    fonds: str = ""
    year: int | None = None
    retention: str = ""
    volume: str = ""
    box: str = ""
    numbers: list[str] = []
    place: str = ""
    reprint: bool = False
    on: str = "sheet"
    skip: Annotated[int, Field(ge=0, le=500)] = 0
    stocktake: str = ""
    batch: str = ""


class To(BaseModel):
    model_config = ConfigDict(extra="forbid")
    printer: str
    copies: int = 1


@router.get("/print")
def choices(request: Request, person: SignedIn) -> dict[str, Any]:
    """What may be printed here and on which printers."""
    panel = panel_of(request)
    return {
        "kinds": [
            *(f"register.{one}" for one in print_register.KINDS),
            print_desk.DIFFERENCES,
            print_desk.LEDGER,
            *(f"label.{one}" for one in print_labels.KINDS),
        ],
        "printers": print_desk.printers(panel.room, person),
        "retentions": [one.code for one in archive_of(request).site.retention_classes(every=True)],
        "fonds": [asdict(one) for one in panel.room.catalogue.fonds()],
        "stocktakes": [asdict(one) for one in summaries(panel.room)],
        "batches": [{"id": one.id, "name": one.name} for one in panel.room.batches.all()],
        "clearances": access.clearances(person.roles),
    }


@router.post("/print", dependencies=[OurPage])
async def draw(body: Asked, request: Request, person: SignedIn) -> dict[str, Any]:
    """Rows or labels, and pages. Nothing is printed yet."""
    panel = panel_of(request)
    made_ms = panel.room.clock.utc_ms()
    order = print_desk.order_of(**body.model_dump(), language=language_of(request), made_utc_ms=made_ms)
    sheets = await run_in_threadpool(print_desk.draw, panel.room, person, panel.print_desk, order)
    return {"listed": sheets.listed, "pages": sheets.pages, "what": sheets.what}


@router.post("/print/send", dependencies=[OurPage], status_code=204)
def send(body: To, request: Request, person: SignedIn) -> None:
    panel = panel_of(request)
    print_desk.send(panel.room, person, panel.print_desk, body.printer, panel.room.name, body.copies)


@router.post("/print/file", dependencies=[OurPage], response_class=Response)
def as_file(request: Request, person: SignedIn) -> Response:
    panel = panel_of(request)
    pdf = print_desk.as_file(panel.room, person, panel.print_desk)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})
