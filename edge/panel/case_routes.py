"""Cases 个案 at the panel: opened in their series, their check-list, what belongs to them, and their end."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain import access
from edge.errors import InputRefused
from edge.panel.describe_routes import archive_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import cases, describe

router = APIRouter(prefix="/api/v1")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewCase(_Body):
    series_id: str
    name: str
    department: str = ""


class Ticked(_Body):
    line: int
    present: bool = True


class Ended(_Body):
    why: Literal["cooperation_ended", "project_ended", "left", "other"]
    on: str


class Linked(_Body):
    """``item``: its archive number; ``box``: its label or number. One of them."""

    item: str = ""
    box: str = ""


class CheckList(_Body):
    lines: list[str]


@router.post("/cases", dependencies=[OurPage])
def open_case(body: NewCase, request: Request, person: SignedIn) -> dict[str, Any]:
    archive = archive_of(request)
    return asdict(cases.open_case(archive, person, body.series_id, body.name, department=body.department))


@router.get("/series/{series_id}/cases")
def of_series(series_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Newest first."""
    access.require(person.roles, "describe")
    archive = archive_of(request)
    of = archive.numbering.series(series_id)
    return {"series": asdict(of), "cases": [asdict(one) for one in archive.cases.of_series(series_id)]}


@router.post("/series/{series_id}/checklist", dependencies=[OurPage], status_code=204)
def checklist(series_id: str, body: CheckList, request: Request, person: SignedIn) -> None:
    cases.set_checklist(archive_of(request), person, series_id, body.lines)


@router.get("/cases/{case_no}")
def case(case_no: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """With its check-list and all that belongs to it, wherever that lies."""
    found, wanted, holdings = cases.whole(archive_of(request), person, case_no)
    return {"case": asdict(found), "wanted": [asdict(one) for one in wanted], "holdings": holdings}


@router.post("/cases/{case_no}/tick", dependencies=[OurPage], status_code=204)
def tick(case_no: str, body: Ticked, request: Request, person: SignedIn) -> None:
    cases.tick(archive_of(request), person, case_no, body.line, present=body.present)


@router.post("/cases/{case_no}/close", dependencies=[OurPage])
def close(case_no: str, body: Ended, request: Request, person: SignedIn) -> dict[str, int]:
    """How many pieces count their retention from that day."""
    return {"pieces": cases.close(archive_of(request), person, case_no, body.why, body.on)}


@router.post("/cases/{case_no}/link", dependencies=[OurPage], status_code=204)
def link(case_no: str, body: Linked, request: Request, person: SignedIn) -> None:
    archive = archive_of(request)
    found = archive.catalogue.item_by_ref(body.item) if body.item else None
    if body.item and found is None:
        raise InputRefused("record_unknown", "search_again")
    if found is not None:
        cases.link(archive, person, case_no, "item", describe.whole(archive, person, "item", found.id).id)
    else:
        box = describe.box_named(archive, body.box, cases.fonds_of(archive, case_no))
        cases.link(archive, person, case_no, "box", box.id)
