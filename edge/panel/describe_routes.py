"""Describing, sealing, correcting: the forms' fields, records whole, registers and their numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from edge.domain import access, description
from edge.domain.archive_numbers import CASE_SERIES, CATEGORIES
from edge.domain.description import Level
from edge.domain.series import Series
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.workflows import correct, describe, seal
from edge.workflows.archive import Archive, archive_in

router = APIRouter(prefix="/api/v1")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRecord(_Body):
    """``box``: label, number or id. ``volume``: id. ``case``: its number."""

    series_id: str
    values: dict[str, str]
    box: str = ""
    volume: str = ""
    case: str = ""


class NewBox(_Body):
    fonds_no: str
    box_no: str
    thickness_mm: int = 50
    type: str = "archive"


class NewSeries(_Body):
    fonds_no: str
    name: str
    arrangement: Literal["item", "volume", "case"]
    number_rule: Literal["2015", "2022", "1994", "case"]
    category: str
    classes: str = ""
    catalogue_no: str = ""
    retention: str = ""
    loanable: Literal["yes", "view", "scan"] = "yes"
    with_org: bool = False


class Adopted(_Body):
    """A series that lists brought, by what its numbers say."""

    fonds_no: str
    category: str
    classes: str = ""
    catalogue_no: str = ""
    name: str = ""


class NewFonds(_Body):
    fonds_no: str
    values: dict[str, str]


class NewPaper(_Body):
    """``values``: title, date, responsible, pages, remark."""

    kind: str
    values: dict[str, str]


class Changed(_Body):
    values: dict[str, str]
    reason: str = ""


class Reason(_Body):
    reason: str = ""


class Twin(_Body):
    drop: str
    take: list[str] = []
    reason: str = ""


class Printed(_Body):
    box_ids: list[str]


class InOrder(_Body):
    order: list[str]


class InBox(_Body):
    box: str
    reason: str = ""


def archive_of(request: Request) -> Archive:
    room = panel_of(request).room
    return archive_in(room.database, room.layout)


@router.get("/series")
def all_series(request: Request, person: SignedIn) -> dict[str, Any]:
    """Every series with what stands in its registers, year by year, newest first."""
    access.require(person.roles, "describe")
    archive = archive_of(request)
    return {
        "series": [{**asdict(one), "registers": _standing(archive, one)} for one in archive.numbering.all_series()],
        "fonds": [asdict(one) for one in archive.catalogue.fonds()],
        "found": [
            {**asdict(one), "years": sorted({run.year for run in one.runs if run.year})}
            for one in archive.numbering.found()
        ],
        "categories": [*sorted(CATEGORIES), *(code for code, _ in archive.site.categories())],
        "case_prefixes": CASE_SERIES,
        "reprint": archive.spines.to_reprint(),
    }


@router.post("/series/adopt", dependencies=[OurPage])
def adopt(body: Adopted, request: Request, person: SignedIn) -> dict[str, Any]:
    """Go on with a series that lists brought."""
    return asdict(describe.adopt(archive_of(request), person, **body.model_dump()))


@router.post("/records/fonds", dependencies=[OurPage], status_code=204)
def new_fonds(body: NewFonds, request: Request, person: SignedIn) -> None:
    describe.fonds(archive_of(request), person, body.fonds_no, body.values)


@router.get("/fonds/{fonds_no}/papers")
def fonds_papers(fonds_no: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """The fonds file 全宗卷."""
    access.require(person.roles, "describe")
    papers = archive_of(request).fonds_file.papers(fonds_no)
    return {"kinds": list(describe.PAPER_KINDS), "papers": [asdict(one) for one in papers]}


@router.post("/fonds/{fonds_no}/papers", dependencies=[OurPage])
def file_paper(fonds_no: str, body: NewPaper, request: Request, person: SignedIn) -> dict[str, Any]:
    return asdict(describe.fonds_paper(archive_of(request), person, fonds_no, body.kind, body.values))


@router.post("/series", dependencies=[OurPage])
def new_series(body: NewSeries, request: Request, person: SignedIn) -> dict[str, Any]:
    of_cases = body.arrangement == "case"
    parts = {"item": "year retention", "volume": "year", "case": ""}[body.arrangement]
    parts += " org" if body.with_org and not of_cases else ""
    new = Series(
        id="",
        parent=None,
        project_no="",
        parts="" if body.number_rule == "1994" else parts,
        item_width=4,
        file_width=4 if of_cases else 3,
        **body.model_dump(exclude={"with_org"}),
    )
    return asdict(describe.series(archive_of(request), person, new))


@router.get("/fields/{level}")
def fields(level: Level, request: Request, person: SignedIn) -> dict[str, Any]:
    """What a form of this level asks, and the choices that this site has."""
    access.require(person.roles, "search")
    site = archive_of(request).site
    return {
        "fields": [asdict(field) for field in description.FIELDS[level]],
        "secret_mark": [{"code": one.code, "name": one.name} for one in site.secret_levels()],
        "retention": [{"code": one.code, "years": one.years} for one in site.retention_classes()],
    }


@router.post("/records/item", dependencies=[OurPage])
def new_item(body: NewRecord, request: Request, person: SignedIn) -> dict[str, Any]:
    held = {"box": body.box, "volume": body.volume, "case": body.case}
    return asdict(describe.item(archive_of(request), person, body.series_id, body.values, **held))


@router.post("/records/volume", dependencies=[OurPage])
def new_volume(body: NewRecord, request: Request, person: SignedIn) -> dict[str, Any]:
    return asdict(describe.volume(archive_of(request), person, body.series_id, body.values, box=body.box))


@router.post("/records/box", dependencies=[OurPage])
def new_box(body: NewBox, request: Request, person: SignedIn) -> dict[str, Any]:
    told = body.model_dump(exclude={"type"})
    return asdict(describe.new_box(archive_of(request), person, **told, box_type=body.type))


@router.get("/records/{level}/{subject}")
def record(level: Level, subject: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """One record with every field and all that was ever corrected of it."""
    archive = archive_of(request)
    found = describe.whole(archive, person, level, subject)
    names = {one.id: one.name for one in panel_of(request).room.people.all()}
    kept = correct.history(archive, person, level, subject)
    return {
        **asdict(found),
        "kept_until": describe.kept_until(archive, found),
        "corrections": [{**asdict(one), "person_name": names.get(one.actor, one.actor)} for one in kept],
    }


@router.post("/records/{level}/{subject}/correct", dependencies=[OurPage])
def correct_record(level: Level, subject: str, body: Changed, request: Request, person: SignedIn) -> dict[str, Any]:
    archive = archive_of(request)
    fields = correct.correct(archive, person, level, subject, body.values, body.reason)
    return {"fields": fields, "warnings": correct.mixed(archive, level, subject, fields)}


@router.post("/records/{level}/{subject}/void", dependencies=[OurPage], status_code=204)
def void_record(
    level: Literal["item", "volume", "box"], subject: str, body: Reason, request: Request, person: SignedIn
) -> None:
    correct.void(archive_of(request), person, level, subject, body.reason)


@router.get("/records/item/{subject}/alike")
def alike(subject: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Items that may be the same paper; merging is for a person to say."""
    return {"items": correct.alike(archive_of(request), person, subject)}


@router.post("/records/item/{subject}/merge", dependencies=[OurPage], status_code=204)
def merge(subject: str, body: Twin, request: Request, person: SignedIn) -> None:
    correct.merge(archive_of(request), person, subject, body.drop, body.take, body.reason)


@router.post("/records/{level}/{subject}/box", dependencies=[OurPage])
def put_in_box(
    level: Literal["item", "volume"], subject: str, body: InBox, request: Request, person: SignedIn
) -> dict[str, Any]:
    """``warnings``: what is mixed in the box now."""
    return {"warnings": correct.put_in_box(archive_of(request), person, level, subject, body.box, body.reason)}


@router.post("/labels/reprinted", dependencies=[OurPage], status_code=204)
def reprinted(body: Printed, request: Request, person: SignedIn) -> None:
    describe.reprinted(archive_of(request), person, body.box_ids)


@router.get("/registers/{register_id}")
def register(register_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """What stands in a register, in the order of its numbers; titles above the person's clearance are left out."""
    access.require(person.roles, "describe")
    archive = archive_of(request)
    of, found = archive.numbering.register(register_id)
    cleared = access.clearance(person.roles)
    lines = archive.numbering.numbered(register_id, clearance=cleared)
    return {"series": asdict(of), "register": asdict(found), "records": [asdict(one) for one in lines]}


@router.post("/registers/{register_id}/renumber", dependencies=[OurPage])
def renumber(register_id: str, body: InOrder, request: Request, person: SignedIn) -> dict[str, Any]:
    return {"changed": seal.renumber(archive_of(request), person, register_id, body.order)}


@router.post("/series/{series_id}/{year}/review", dependencies=[OurPage], status_code=204)
def review(series_id: str, year: int, request: Request, person: SignedIn) -> None:
    seal.review(archive_of(request), person, series_id, year)


@router.post("/series/{series_id}/{year}/seal", dependencies=[OurPage], status_code=204)
def seal_year(series_id: str, year: int, body: Reason, request: Request, person: SignedIn) -> None:
    seal.seal(archive_of(request), person, series_id, year, body.reason)


def _standing(archive: Archive, of: Series) -> list[dict[str, Any]]:
    shown = [
        {**asdict(one.register), "count": one.count, "last_no": one.last_no, "gaps": one.gaps, "void": one.void}
        for one in archive.numbering.standing(of.id)
    ]
    return sorted(shown, key=lambda one: (-one["year"], one["retention"], one["org"]))
