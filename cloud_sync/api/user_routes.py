"""Who may use the console and what for; and what was done here. The pages and their routes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cloud_sync import keys
from cloud_sync.api.context import Here, MayManageUsers, Who
from cloud_sync.console import pages
from cloud_sync.console.deed_lines import lines
from cloud_sync.rights import RIGHTS

router = APIRouter()

MOST_DEEDS = 500


class User(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=200)
    rights: tuple[str, ...] = Field((), max_length=20)


class Rights(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rights: tuple[str, ...] = Field(max_length=20)


class NewPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")
    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


@router.get("/users", include_in_schema=False)
def users_page(request: Request, here: Here) -> Response:
    return pages.elsewhere(request, here, "users") or pages.page(
        request, here, "users.html", users=here.console_rights.all(), all_rights=RIGHTS
    )


@router.get("/deeds", include_in_schema=False)
def deeds_page(request: Request, here: Here) -> Response:
    refused = pages.elsewhere(request, here, "audit")
    if refused is not None:
        return refused
    told = lines(here.deeds.recent(MOST_DEEDS), pages.language_of(request, here), here.central.zone)
    return pages.page(request, here, "deeds.html", lines=told)


@router.post("/api/v1/users", status_code=201)
def add(body: User, here: Here, who: MayManageUsers) -> dict[str, Any]:
    """The password is shown to the one who asked, once; the person chooses an own one."""
    password = keys.new_password()[:16]
    here.console_rights.add(body.name, body.rights, password, who, here.now_ms())
    return {"name": body.name.strip(), "password": password}


@router.put("/api/v1/users/{name}/rights")
def set_rights(name: str, body: Rights, here: Here, who: MayManageUsers) -> dict[str, Any]:
    here.console_rights.set(name, body.rights, who, here.now_ms())
    return {"name": name}


@router.post("/api/v1/users/{name}/password")
def give_password(name: str, here: Here, who: MayManageUsers) -> dict[str, Any]:
    password = keys.new_password()[:16]
    here.console_rights.new_password(name, password, who, here.now_ms())
    return {"name": name, "password": password}


@router.delete("/api/v1/users/{name}")
def remove(name: str, here: Here, who: MayManageUsers) -> dict[str, Any]:
    here.console_rights.remove(name, who, here.now_ms())
    return {}


@router.put("/api/v1/session/password")
def own_password(body: NewPassword, here: Here, who: Who) -> dict[str, Any]:
    """Ends every session of theirs, this one too."""
    here.people.change_password(who, body.old, body.new, here.now_ms())
    return {}
