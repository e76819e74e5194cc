"""What the site keeps for itself: secret levels, retention, codes, what may be lent, headings, who works where."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from edge.domain import access, register_columns
from edge.domain.approvals import RULES
from edge.domain.archive_numbers import CASE_SERIES, CATEGORIES
from edge.domain.records import SECRECY, SecretLevel
from edge.domain.retention import CountsFrom, RetentionClass
from edge.domain.series import Loanable
from edge.panel.describe_routes import archive_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import approve, site

router = APIRouter(prefix="/api/v1/site")

_Code = Annotated[str, Field(min_length=1, max_length=20)]
_Name = Annotated[str, Field(max_length=40)]
Clearance = Literal["confidential", "secret", "top_secret"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Level(_Body):
    code: _Code
    name: _Name
    clearance: Clearance
    active: bool = True


class Retention(_Body):
    """``years`` None: for ever."""

    code: _Code
    years: Annotated[int, Field(ge=1, le=200)] | None
    counts_from: CountsFrom
    then_do: Literal["keep", "appraise", "destroy", "transfer"]
    basis: Annotated[str, Field(max_length=200)] = ""
    active: bool = True


class Category(_Body):
    code: _Code
    name: _Name


class Leaves(_Body):
    series_id: str
    loanable: Loanable


class Heading(_Body):
    """``words`` "": the usual ones. ``share``: of the width, in parts."""

    column: str
    words: str = ""
    share: Annotated[int, Field(ge=1, le=register_columns.MOST_SHARE)]


class Headings(_Body):
    """``usual``: a named set instead of ``columns``."""

    columns: list[Heading] = []
    usual: Literal["", "usual", "2000"] = ""


class Approval(_Body):
    rule: Literal["nobody", "readers", "everybody"]


class Named(_Body):
    person_ids: list[str]


@router.get("")
def tables(request: Request, person: SignedIn) -> dict[str, Any]:
    access.require(person.roles, "site_tables")
    archive, people = archive_of(request), panel_of(request).room.people
    own = archive.site.categories()
    return {
        "secret_levels": [asdict(one) for one in archive.site.secret_levels(every=True)],
        "clearances": SECRECY[2:],
        "retentions": [asdict(one) for one in archive.site.retention_classes(every=True)],
        "own_categories": [{"code": code, "name": name} for code, name in own],
        "categories": sorted(CATEGORIES),
        "case_prefixes": CASE_SERIES,
        "series": [asdict(one) for one in archive.numbering.all_series()],
        "fonds": [
            {**asdict(one), "person_ids": archive.site.people_of_fonds(one.fonds_no)}
            for one in archive.catalogue.fonds()
        ],
        "people": [
            {"id": one.id, "name": one.name}
            for one in people.all()
            if one.active and "describe" in access.rights(one.roles)
        ],
        "approval": approve.rule(archive),
        "approvals": RULES,
        "kinds": {kind: list(columns) for kind, columns in register_columns.COLUMNS.items()},
    }


@router.post("/secret-level", dependencies=[OurPage], status_code=204)
def secret_level(body: Level, request: Request, person: SignedIn) -> None:
    site.secret_level(archive_of(request), person, SecretLevel(**body.model_dump()))


@router.post("/retention", dependencies=[OurPage], status_code=204)
def retention(body: Retention, request: Request, person: SignedIn) -> None:
    site.retention_class(archive_of(request), person, RetentionClass(**body.model_dump()))


@router.post("/category", dependencies=[OurPage])
def category(body: Category, request: Request, person: SignedIn) -> dict[str, int]:
    """``read_again``: numbers that can be read now."""
    return {"read_again": site.category(archive_of(request), person, body.code, body.name)}


@router.post("/loanable", dependencies=[OurPage], status_code=204)
def loanable(body: Leaves, request: Request, person: SignedIn) -> None:
    site.loanable(archive_of(request), person, body.series_id, body.loanable)


@router.post("/approval", dependencies=[OurPage], status_code=204)
def approval(body: Approval, request: Request, person: SignedIn) -> None:
    approve.set_rule(archive_of(request), person, body.rule)


@router.get("/headings/{fonds_no}/{kind}")
def headings(fonds_no: str, kind: str, request: Request, person: SignedIn) -> dict[str, Any]:
    access.require(person.roles, "site_tables")
    register_columns.require_kind(kind)
    return {"headings": [asdict(one) for one in archive_of(request).site.headings(fonds_no, kind)]}


@router.post("/headings/{fonds_no}/{kind}", dependencies=[OurPage])
def set_headings(fonds_no: str, kind: str, body: Headings, request: Request, person: SignedIn) -> dict[str, Any]:
    columns = [f"{one.column}={one.words}:{one.share}" for one in body.columns]
    written: list[str] = [body.usual] if body.usual else columns
    return {"headings": [asdict(one) for one in site.headings(archive_of(request), person, fonds_no, kind, written)]}


@router.post("/fonds/{fonds_no}/people", dependencies=[OurPage], status_code=204)
def let_in(fonds_no: str, body: Named, request: Request, person: SignedIn) -> None:
    site.let_into_fonds(archive_of(request), person, fonds_no, body.person_ids)
