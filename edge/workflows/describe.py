"""Describing what came in: fonds, series, volumes and items, with all fields the standards ask.

A person describes up to their own clearance, and in a fonds that is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edge.domain import access, description, retention
from edge.domain.description import Level
from edge.domain.people import Person
from edge.domain.records import Box, may_see
from edge.domain.series import Series
from edge.errors import InputRefused, RuleRefused
from edge.store import site_tables
from edge.store.described_record import Whole
from edge.store.descriptions import Described
from edge.store.fonds_file import KINDS, FondsPaper
from edge.workflows.archive import Archive
from edge.workflows.rights import needs

Typed = Mapping[str, str]
PAPER_KINDS = KINDS


@needs("describe")
def fonds(archive: Archive, person: Person, fonds_no: str, values: Typed) -> None:
    """A new fonds, or what is known of one. InputRefused of description.read, ``fonds_no_unfit``."""
    number = fonds_no.strip().upper()
    if not (1 <= len(number) <= 8 and number.isascii() and number.isalnum()):
        raise InputRefused("fonds_no_unfit", "use_capitals_and_digits", text=fonds_no[:20])
    stored = description.read("fonds", values, site=archive.site.choices())

    def write(change: Any) -> None:
        site_tables.require_fonds_right(change.db, number, person.id)
        archive.descriptions.set_fonds(change, number, stored, person.id)

    archive.database.write(write)


@needs("describe")
def series(archive: Archive, person: Person, new: Series) -> Series:
    def write(change: Any) -> Series:
        site_tables.require_fonds_right(change.db, new.fonds_no, person.id)
        return archive.numbering.add_series(change, new, person.id)

    return archive.database.write(write)


@needs("describe")
def adopt(
    archive: Archive, person: Person, fonds_no: str, category: str, classes: str, catalogue_no: str, name: str
) -> Series:
    """Go on with a series that lists brought. InputRefused ``series_not_found``."""
    wanted = (fonds_no, category, classes, catalogue_no)
    known = {(one.fonds_no, one.category, one.classes, one.catalogue_no): one for one in archive.numbering.found()}
    if wanted not in known:
        raise InputRefused("series_not_found", "choose_series", series="·".join(part for part in wanted if part))

    def write(change: Any) -> Series:
        site_tables.require_fonds_right(change.db, fonds_no, person.id)
        return archive.numbering.adopt(change, known[wanted], name.strip() or category, person.id)

    return archive.database.write(write)


@needs("describe")
def item(
    archive: Archive, person: Person, series_id: str, values: Typed, *, box: str = "", volume: str = "", case: str = ""
) -> Described:
    """``box``: its label, number or id; ``volume``: its number, label or id; ``case``: its number."""
    of = archive.numbering.series(series_id)
    told = archive.site.coded({**_standard(of), **_given(values)})
    stored = description.read("item", told, site=archive.site.choices())
    held_in = archive.cases.by_no(case).id if case else None
    box_id = box_named(archive, box, of.fonds_no).id if box else None
    volume_id = _volume_named(archive, volume, of) if volume else None

    def write(change: Any) -> Described:
        site_tables.require_fonds_right(change.db, of.fonds_no, person.id)
        mark, publicity = str(stored.get("secret_mark") or ""), str(stored.get("publicity") or "")
        if not may_see(access.clearance(person.roles), site_tables.clearance_of(change.db, mark, publicity)):
            raise RuleRefused("above_clearance", "have_it_described")
        return archive.descriptions.add_item(
            change, series_id, stored, actor=person.id, box_id=box_id, volume_id=volume_id, case_id=held_in
        )

    return archive.database.write(write)


@needs("describe")
def volume(archive: Archive, person: Person, series_id: str, values: Typed, *, box: str = "") -> Described:
    of = archive.numbering.series(series_id)
    told = archive.site.coded({**_standard(of), **_given(values)})
    stored = description.read("volume", told, site=archive.site.choices())
    box_id = box_named(archive, box, of.fonds_no).id if box else None

    def write(change: Any) -> Described:
        site_tables.require_fonds_right(change.db, of.fonds_no, person.id)
        return archive.descriptions.add_volume(change, series_id, stored, actor=person.id, box_id=box_id)

    return archive.database.write(write)


@needs("describe")
def new_box(
    archive: Archive,
    person: Person,
    fonds_no: str,
    box_no: str,
    thickness_mm: int = 50,
    title: str = "",
    box_type: str = "archive",
) -> Box:
    """InputRefused ``field_missing``, ``box_type_unknown``, ``box_too_thick``."""
    if not box_no.strip():
        raise InputRefused("field_missing", "fill_in_field", field="box")

    def write(change: Any) -> Box:
        site_tables.require_fonds_right(change.db, fonds_no, person.id)
        made = archive.catalogue.add_box(
            change, fonds_no=fonds_no, box_no=box_no, actor=person.id, title=title, thickness_mm=thickness_mm
        )
        if box_type != "archive":
            archive.shelves.set_measures(change, made.id, box_type, thickness_mm, None, person.id)
        return made

    return archive.database.write(write)


@needs("describe")
def fonds_paper(archive: Archive, person: Person, fonds_no: str, kind: str, values: Typed) -> FondsPaper:
    """``values``: title, date, responsible, pages, remark, as of an item."""
    stored = description.read("item", _given(values), site={}, whole=False)
    if not stored.get("title"):
        raise InputRefused("field_missing", "fill_in_field", field="title")
    told = {name: stored[name] for name in ("date", "responsible", "pages", "remark") if stored.get(name)}

    def write(change: Any) -> FondsPaper:
        site_tables.require_fonds_right(change.db, fonds_no, person.id)
        title = str(stored["title"])
        return archive.fonds_file.add(change, fonds_no, kind, title, actor=person.id, **told)  # type: ignore[arg-type]

    return archive.database.write(write)


@needs("search")
def whole(archive: Archive, person: Person, level: Level, subject: str) -> Whole:
    """One record with every field. InputRefused ``record_unknown``: the same words where it is not for these eyes."""
    found = archive.descriptions.whole(level, subject)
    if not may_see(access.clearance(person.roles), found.secret_level):
        raise InputRefused("record_unknown", "search_again")
    return found


def kept_until(archive: Archive, record: Whole) -> str:
    """The first day on which its retention is over, YYYY-MM-DD; "" while it is for ever or has not begun to count."""
    classes = {one.code: one for one in archive.site.retention_classes(every=True)}
    of = classes.get(str(record.values.get("retention") or ""))
    if of is None:
        return ""
    year = record.values.get("year")
    filed_on, event_on = (str(record.values.get(name) or "") for name in ("filed_on", "event_on"))
    day = retention.due(of, year=int(year) if year else None, filed_on=filed_on, event_on=event_on)
    return day.isoformat() if day else ""


@needs("describe")
def reprinted(archive: Archive, person: Person, box_ids: list[str]) -> None:
    """The spines of these boxes were printed anew and stuck on."""
    archive.database.write(lambda change: archive.spines.reprinted(change, box_ids, person.id))


def box_named(archive: Archive, text: str, fonds_no: str) -> Box:
    """By label, id or number: this fonds' box of that number, else the only one, whose fonds a refusal then names."""
    if text.strip().upper().startswith("SR1:"):
        box = archive.catalogue.box_by_label(text)
    else:
        boxes = archive.catalogue
        box = boxes.box(text.strip()) or boxes.box_of_fonds(fonds_no, text) or boxes.box_by_no(text)
    if box is None:
        raise InputRefused("box_unknown", "search_again", box=text[:40])
    return box


def _standard(of: Series) -> dict[str, str]:
    return {"retention": of.retention} if of.retention else {}


def _volume_named(archive: Archive, text: str, of: Series) -> str:
    """Id of the volume; InputRefused ``holder_missing`` where nobody knows it."""
    found = archive.catalogue.volume(text) or archive.catalogue.volume_by_ref(text, of.fonds_no)
    if found is None:
        raise InputRefused("holder_missing", "choose_volume_or_case", series=of.name)
    return found.id


def _given(values: Typed) -> dict[str, str]:
    """What was left empty is the series' own."""
    return {name: value for name, value in values.items() if value.strip()}
