"""The page, its files, its words, the snapshot stream, and two addresses for watchers of the node."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from edge import words
from edge.errors import InputRefused
from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.page_files import TEMPLATES, static_file

router = APIRouter()

SCREENS = ("search", "jobs", "returns", "reshelving", "block", "climate", "trace")
# In the order in which they override.
SHEETS = (
    "frame",
    "controls",
    "home",
    "search",
    "record",
    "job",
    "shelving",
    "printing",
    "technician",
    "stocktake",
    "watch",
    "door",
    "patrol",
    "pages",
    "batches",
    "describe",
    "site",
    "imports",
    "wide",
)
LANGUAGE_NAMES = {"zh-Hans": "简", "zh-Hant": "繁", "en": "EN"}
# What the page itself says; errors arrive in words with each refusal.
PAGE_WORDS = (
    "panel.",
    "hook.state.",
    "hook.doing.",
    "fonds_paper.",
    "print.category.",
    "print.heading.",
    "fault.",
    "cause.",
    "remedy.",
    "why.",
    "end.",
    "input.",
    "proof.",
    "motion.",
    "node_fault.",
    "verdict.",
    "verdict_next.",
    "field.",
    "choice.",
    "warning.",
    "batch.step.",
    "stamp.",
    "page_complaint.",
    "page_remedy.",
    "four_checks.",
    "firmware.",
    "error.not_commissioned",
    "error.block_file",
    "error.monthly_proof",
    "recovery.prove",
    "recovery.commission_block",
)
FOR_EVER = "public, max-age=31536000, immutable"

_pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined)


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
def page(request: Request) -> HTMLResponse:
    panel, language = panel_of(request), language_of(request)
    text = _pages.get_template("panel.html").render(
        language=language,
        languages=LANGUAGE_NAMES.items(),
        screens=SCREENS,
        sheets=SHEETS,
        build=panel.build,
        room_name=panel.room.name,
        zone=panel.room.zone,
        say=lambda msgid: words.say(language, msgid),
    )
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


@router.get("/static/{build}/{name:path}", include_in_schema=False)
def static(build: str, name: str, request: Request) -> Response:
    path: Path | None = static_file(name)
    if path is None:
        return PlainTextResponse("no such file", 404)
    current = build == panel_of(request).build
    return FileResponse(path, headers={"Cache-Control": FOR_EVER if current else "no-store"})


@router.get("/events", include_in_schema=False)
async def events(request: Request) -> StreamingResponse:
    """Snapshots as server-sent events ``snapshot``."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(panel_of(request).snapshots.events(), media_type="text/event-stream", headers=headers)


@router.get("/api/v1/snapshot")
def snapshot(request: Request) -> Response:
    """The newest snapshot once, for programs that do not stream."""
    return Response(panel_of(request).snapshots.newest(), media_type="application/json")


@router.get("/api/v1/words/{language}")
def page_words(language: str) -> dict[str, str]:
    if language not in words.LANGUAGES:
        raise InputRefused("language_unknown", "choose_language", language=language, known=", ".join(words.LANGUAGES))
    return {name: text for prefix in PAGE_WORDS for name, text in words.catalogue(language, prefix).items()}


@router.get("/healthz", response_class=PlainTextResponse)
def healthz(request: Request) -> PlainTextResponse:
    """200 ``ok`` while the motion process is heard and the node has no fault of its own, else 503 and the names."""
    panel = panel_of(request)
    faults = list(panel.faults())
    if not panel.room.carriages.state().alive and "motion_silent" not in faults:
        faults.append("motion_silent")
    return PlainTextResponse("\n".join(faults) if faults else "ok", 503 if faults else 200)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> PlainTextResponse:
    """Prometheus text format, version 0.0.4."""
    panel = panel_of(request)
    state = panel.room.carriages.state()
    alarms = panel.room.alarms.standing()
    values = {
        "storeroom_motion_alive": int(state.alive),
        "storeroom_bus_cycle_milliseconds": state.bus_cycle_ms,
        "storeroom_bus_errors_total": state.bus_errors,
        "storeroom_carriages_online": sum(carriage.online for carriage in state.carriages),
        "storeroom_carriages_faulty": sum(bool(carriage.faults) for carriage in state.carriages),
        "storeroom_aisles_occupied": sum(aisle.state == "occupied" for aisle in state.aisles),
        "storeroom_alarms_standing": len(alarms),
        "storeroom_alarms_unacknowledged": sum(not alarm.acked for alarm in alarms),
        "storeroom_requests_queued": len(panel.room.loans.queue()),
        "storeroom_trace_seq": panel.views.head().seq,
        "storeroom_trace_unsent_events": panel.views.backlog(),
        "storeroom_panel_streams": panel.snapshots.open_streams,
        "storeroom_node_faults": len(panel.faults()),
    }
    return PlainTextResponse("".join(f"{name} {value}\n" for name, value in values.items()))
