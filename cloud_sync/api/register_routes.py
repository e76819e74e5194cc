"""Registers and reports of the rooms: a page, a sheet, a print. Each that is taken away is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from cloud_sync.api.context import Context, Here, MayTakeRegisters
from cloud_sync.console.pages import language_of
from cloud_sync.registers import handed_out
from cloud_sync.registers.period import Period, read
from cloud_sync.registers.table import WORDS, Table, table
from edge.words import say

router = APIRouter(prefix="/api/v1/registers")

Day = Annotated[str, Query(max_length=10)]


@dataclass(frozen=True, slots=True)
class Asked:
    """``room`` '': all. ``first`` and ``last`` '': this month until today."""

    room: str
    first: str
    last: str


def asked(room: str = "", first: Day = "", last: Day = "") -> Asked:
    return Asked(room, first, last)


What = Annotated[Asked, Depends(asked)]


@router.get("/{name}.csv")
def sheet(name: str, request: Request, here: Here, who: MayTakeRegisters, what: What) -> Response:
    period, found = made(here, request, name, what)
    content = handed_out.sheet(found)
    _write_down(here, who, "sheet", name, what.room, period, len(found.rows))
    return _file(content, "text/csv; charset=utf-8", f"{name}-{what.room or 'all'}-{period.first}-{period.last}.csv")


@router.get("/{name}.pdf")
def paper(name: str, request: Request, here: Here, who: MayTakeRegisters, what: What) -> Response:
    period, found = made(here, request, name, what)
    language = language_of(request, here)
    where = here.happenings.rooms()[what.room] if what.room else say(language, "register.all", WORDS)
    printed = handed_out.paper(found, period, where, language, here.now_ms())
    _write_down(here, who, "print", name, what.room, period, len(found.rows))
    return _file(printed.pdf, "application/pdf", f"{name}-{what.room or 'all'}-{period.first}-{period.last}.pdf")


def made(here: Context, request: Request, name: str, what: Asked) -> tuple[Period, Table]:
    period = read(what.first, what.last, ZoneInfo(here.central.zone), here.now_ms())
    return period, table(here.happenings, name, what.room, period, language_of(request, here), here.now_ms())


def _write_down(here: Context, who: str, deed: str, name: str, room: str, period: Period, rows: int) -> None:
    about = {"register": name, "room": room, "first": str(period.first), "last": str(period.last), "rows": rows}
    here.deeds.write(here.now_ms(), who, deed, about)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
