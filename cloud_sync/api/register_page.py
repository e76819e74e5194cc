"""The page of registers and reports: a form, a table, and the ways to take it away. Nothing moves in it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cloud_sync.api.context import Here
from cloud_sync.api.register_routes import Asked, made
from cloud_sync.console import pages
from cloud_sync.registers import climate, climate_chart
from cloud_sync.registers.period import usual
from cloud_sync.registers.table import CLIMATE, NAMES, REPORT
from edge.errors import InputRefused
from edge.words import say

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 500


@router.get("/registers")
def registers(
    request: Request, here: Here, register: str = REPORT, room: str = "", first: str = "", last: str = ""
) -> Response:
    elsewhere = pages.elsewhere(request, here, "registers")
    if elsewhere is not None:
        return elsewhere
    today = datetime.fromtimestamp(here.now_ms() / 1000, UTC).astimezone(ZoneInfo(here.central.zone)).date()
    shown: dict[str, object] = {"found": None, "charts": [], "refused": "", "first": first, "last": last}
    try:
        period, found = made(here, request, register, Asked(room, first, last))
        shown |= {"found": found, "first": str(period.first), "last": str(period.last)}
        if register == CLIMATE:
            shown["charts"] = climate_chart.drawn(climate.places(here.happenings, room, period), period)
    except InputRefused as error:
        language = pages.language_of(request, here)
        parts = (f"error.{error.code}", f"recovery.{error.recovery}")
        shown["refused"] = " ".join(say(language, part, pages.WORDS, **error.params) for part in parts)
    return pages.page(
        request,
        here,
        "registers.html",
        register=register if register in NAMES else REPORT,
        names=NAMES,
        room=room,
        rooms=here.happenings.rooms(),
        periods=usual(today),
        most=MOST_SHOWN,
        **shown,
    )
