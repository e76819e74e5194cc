"""The panel's web application: JSON under /api/v1, one page, one snapshot stream."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import astuple

from fastapi import FastAPI, Request, Response

from edge.panel import (
    answers,
    batch_routes,
    block_routes,
    case_routes,
    catalogue_routes,
    correction_routes,
    describe_routes,
    digitise_routes,
    door_routes,
    e_file_routes,
    evidence_routes,
    export_routes,
    hook_routes,
    import_routes,
    motion_routes,
    outside_routes,
    page_routes,
    patrol_routes,
    placing_routes,
    print_routes,
    request_routes,
    session_routes,
    shelving_routes,
    site_routes,
    snapshot,
    stocktake_routes,
    stop_routes,
    typing_routes,
    viewer_routes,
    watch_routes,
)
from edge.panel.enrolment import Panel
from edge.panel.page_files import build_id
from edge.panel.stream import Snapshots
from edge.store.views import Sessions, Views
from edge.workflows.at_carriage import AtCarriage
from edge.workflows.commissioning import BlockFileWatch
from edge.workflows.doorkeeper import Doorkeeper
from edge.workflows.evidence import Signed
from edge.workflows.monthly_proof import ProofWatch
from edge.workflows.presence import Presence
from edge.workflows.refused import Refusals
from edge.workflows.room import Room

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    # A player's own full screen would leave behind who, when and why, which stand over it.
    "Permissions-Policy": "fullscreen=(), picture-in-picture=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

ROUTES = (
    stop_routes,
    motion_routes,
    outside_routes,
    session_routes,
    request_routes,
    shelving_routes,
    block_routes,
    stocktake_routes,
    catalogue_routes,
    case_routes,
    describe_routes,
    site_routes,
    evidence_routes,
    export_routes,
    placing_routes,
    print_routes,
    digitise_routes,
    batch_routes,
    hook_routes,
    import_routes,
    correction_routes,
    viewer_routes,
    e_file_routes,
    watch_routes,
    door_routes,
    patrol_routes,
    page_routes,
    typing_routes,
)


def loopback_hosts(port: int) -> frozenset[str]:
    """Values of the Host header under which this machine's own browser knows the panel."""
    return frozenset(f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]"))


def create(
    room: Room,
    *,
    sessions: Sessions,
    presence: Presence,
    views: Views,
    panel_id: str,
    language: str,
    hosts: frozenset[str],
    faults: Callable[[], list[str]],
    block_file: BlockFileWatch,
    proof: ProofWatch,
    at_carriage: AtCarriage,
    signed: Signed,
    door: Doorkeeper,
    version: str,
) -> FastAPI:
    """``language``: the room's own. ``app.state.stopping`` (an Event, set by serve.PanelServer) ends all streams."""
    stopping = threading.Event()
    build = build_id()
    snapshots = Snapshots(
        read=lambda: snapshot.read(
            room, sessions, presence, views, panel_id, build, faults, block_file.notice, at_carriage.newest, door.now
        ),
        mark=lambda: (
            snapshot.mark(room.carriages.state()),
            presence.presented(),
            at_carriage.newest,
            astuple(room.lamp),
        ),
        monotonic_ms=room.clock.monotonic_ms,
        stopping=stopping,
    )
    app = FastAPI(title="Storeroom panel", version=version, docs_url=None, redoc_url=None)
    app.state.stopping = stopping
    app.state.panel = Panel(
        room=room,
        sessions=sessions,
        presence=presence,
        views=views,
        refusals=Refusals(room),
        panel_id=panel_id,
        language=language,
        hosts=frozenset(host.lower() for host in hosts),
        faults=faults,
        build=build,
        snapshots=snapshots,
        block_file=block_file,
        proof=proof,
        signed=signed,
        door=door,
    )
    answers.install(app, HEADERS)
    app.middleware("http")(_strict)
    for module in ROUTES:
        app.include_router(module.router)
    return app


async def _strict(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    response.headers.update(HEADERS)
    if request.url.path.startswith("/api/") and "cache-control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
