"""What routes and pages may reach, and who is asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from cloud_sync.api.guard import COOKIE, READING
from cloud_sync.commands import Commands
from cloud_sync.config import Central
from cloud_sync.link import Link
from cloud_sync.store.approvals import Approvals
from cloud_sync.store.console_rights import ConsoleRights
from cloud_sync.store.deeds import Deeds
from cloud_sync.store.directory import PeopleOfTheCentre
from cloud_sync.store.fleet import Fleet
from cloud_sync.store.happenings import Happenings
from cloud_sync.store.people import People
from cloud_sync.store.people_of_rooms import PeopleOfRooms
from edge.errors import RuleRefused


class NotLoggedIn(RuleRefused):
    http_status = 401


class NotAllowed(RuleRefused):
    http_status = 403


@dataclass(frozen=True, slots=True)
class Context:
    fleet: Fleet
    people: People
    console_rights: ConsoleRights
    commands: Commands
    approvals: Approvals
    happenings: Happenings
    people_of_rooms: PeopleOfRooms
    directory: PeopleOfTheCentre
    deeds: Deeds
    link: Link
    central: Central
    now_ms: Callable[[], int]
    closing: asyncio.Event  # set when the server stops: ends the open snapshot streams


def context(request: Request) -> Context:
    return cast(Context, request.app.state.context)


def person(request: Request) -> str:
    """The name of whoever is logged in. Raises NotLoggedIn. A stream alone does not keep a session alive."""
    here = context(request)
    active = request.url.path != "/events" or request.method not in READING
    found = here.people.who(request.cookies.get(COOKIE, ""), here.now_ms(), touch=active)
    if found is None:
        raise NotLoggedIn("not_logged_in", "log_in")
    return found


Here = Annotated[Context, Depends(context)]
Who = Annotated[str, Depends(person)]


def require(here: Context, name: str, right: str) -> None:
    """Raises NotAllowed unless ``right`` was given to ``name``."""
    if right not in here.console_rights.of(name):
        raise NotAllowed("console_not_allowed", "ask_user_administrator")


def _holding(right: str) -> Callable[[Context, str], str]:
    def holder(here: Here, name: Who) -> str:
        require(here, name, right)
        return name

    return holder


# Who is asking, where what is asked for takes a right.
MayAcknowledge = Annotated[str, Depends(_holding("acknowledge"))]
MayApprove = Annotated[str, Depends(_holding("approve"))]
MayTakeRegisters = Annotated[str, Depends(_holding("registers"))]
MayManagePeople = Annotated[str, Depends(_holding("people"))]
MayManageUsers = Annotated[str, Depends(_holding("users"))]
