"""The HTTP side of the centre, put together: pages, ``/api/v1``, one snapshot stream, static files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from cloud_sync.api import (
    approval_routes,
    directory_routes,
    guard,
    people_routes,
    register_page,
    register_routes,
    routes,
    stream,
    user_routes,
)
from cloud_sync.api.context import Context
from cloud_sync.commands import Commands
from cloud_sync.config import Central
from cloud_sync.console import pages
from cloud_sync.link import Link
from cloud_sync.store.approvals import Approvals
from cloud_sync.store.console_rights import ConsoleRights
from cloud_sync.store.deeds import Deeds
from cloud_sync.store.directory import PeopleOfTheCentre
from cloud_sync.store.fleet import Fleet
from cloud_sync.store.happenings import Happenings
from cloud_sync.store.people import People
from cloud_sync.store.people_of_rooms import PeopleOfRooms


def create(
    *,
    fleet: Fleet,
    people: People,
    console_rights: ConsoleRights,
    commands: Commands,
    approvals: Approvals,
    happenings: Happenings,
    people_of_rooms: PeopleOfRooms,
    directory: PeopleOfTheCentre,
    deeds: Deeds,
    link: Link,
    central: Central,
    now_ms: Callable[[], int],
) -> FastAPI:
    # FastAPI's own documentation pages load scripts from elsewhere; /openapi.json stays.
    app = FastAPI(title="Storeroom centre", docs_url=None, redoc_url=None)
    app.state.context = Context(
        fleet,
        people,
        console_rights,
        commands,
        approvals,
        happenings,
        people_of_rooms,
        directory,
        deeds,
        link,
        central,
        now_ms,
        asyncio.Event(),
    )
    guard.install(app)
    app.include_router(routes.router)
    app.include_router(approval_routes.router)
    app.include_router(people_routes.router)
    app.include_router(directory_routes.router)
    app.include_router(register_routes.router)
    app.include_router(register_page.router)
    app.include_router(user_routes.router)
    app.include_router(stream.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    return app
