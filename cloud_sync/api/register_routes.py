"""Registers and reports of the rooms: a page, a sheet, a print. Each that is taken away is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from cloud_sync.api.context import Context, Here, MayTakeRegisters
from cloud_sync.console.pages import language_of
from cloud_sync.registers import climate, climate_hours, climate_paper, handed_out
from cloud_sync.registers.period import Period, read
from cloud_sync.registers.table import CLIMATE, WORDS, Table, headings, rooms_asked, table
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
    if name == CLIMATE:  # the page has a line a day, the sheet every hour
        period, rooms = _period(here, what), rooms_asked(here.happenings, what.room)
        told = climate.places(here.happenings, what.room, period)
        heads = headings(climate_hours.COLUMNS, language_of(request, here))
        content, rows = handed_out.sheet(heads, climate_hours.lines(told, rooms, period, here.now_ms()))
    else:
        period, found = made(here, request, name, what)
        content, rows = handed_out.sheet(found.headings, found.rows)
    _write_down(here, who, "sheet", name, what.room, period, rows)
    return _file(content, "text/csv; charset=utf-8", f"{name}-{what.room or 'all'}-{period.first}-{period.last}.csv")


@router.get("/{name}.pdf")
def paper(name: str, request: Request, here: Here, who: MayTakeRegisters, what: What) -> Response:
    period, found = made(here, request, name, what)
    language = language_of(request, here)
    where = here.happenings.rooms()[what.room] if what.room else say(language, "register.all", WORDS)
    if name == CLIMATE:
        told = climate.places(here.happenings, what.room, period)
        rooms = rooms_asked(here.happenings, what.room)
        printed = climate_paper.paper(told, rooms, period, language, here.now_ms())
    else:
        printed = handed_out.paper(found, period, where, language, here.now_ms())
    _write_down(here, who, "print", name, what.room, period, len(found.rows))
    return _file(printed.pdf, "application/pdf", f"{name}-{what.room or 'all'}-{period.first}-{period.last}.pdf")


def made(here: Context, request: Request, name: str, what: Asked) -> tuple[Period, Table]:
    period = _period(here, what)
    return period, table(here.happenings, name, what.room, period, language_of(request, here), here.now_ms())


def _period(here: Context, what: Asked) -> Period:
    return read(what.first, what.last, ZoneInfo(here.central.zone), here.now_ms())


def _write_down(here: Context, who: str, deed: str, name: str, room: str, period: Period, rows: int) -> None:
    about = {"register": name, "room": room, "first": str(period.first), "last": str(period.last), "rows": rows}
    here.deeds.write(here.now_ms(), who, deed, about)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
