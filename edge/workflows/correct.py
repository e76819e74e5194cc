"""Correcting, merging and voiding: the old stays, with who, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from edge.domain import access, description
from edge.domain.description import Level
from edge.domain.people import Person
from edge.domain.records import may_see
from edge.errors import InputRefused
from edge.store import site_tables
from edge.store.box_mixing import MIXABLE, box_warnings
from edge.store.corrections import BoxedLevel, Correction, VoidLevel
from edge.workflows import describe
from edge.workflows.archive import Archive
from edge.workflows.rights import needs


@needs("correct")
def correct(
    archive: Archive, person: Person, level: Level, subject: str, values: Mapping[str, str], reason: str
) -> list[str]:
    """Names of the fields that changed. A record whose number is still provisional needs no reason."""
    before = describe.whole(archive, person, level, subject)
    stored = description.read(level, archive.site.coded(values), site=archive.site.choices(), whole=False)

    def write(change: Any) -> list[str]:
        site_tables.require_fonds_right(change.db, before.fonds_no, person.id)
        return archive.corrections.correct(change, level, subject, stored, reason=reason, actor=person.id)

    return archive.database.write(write, telemetry=True)  # nothing changed is no event


def mixed(archive: Archive, level: Level, subject: str, fields: Sequence[str]) -> tuple[str, ...]:
    """What its box mixes now that these fields were corrected, as codes of warnings."""
    of = archive.descriptions.whole(level, subject)
    if of is None or not of.box_id or not MIXABLE & set(fields):
        return ()
    year = of.values["year"]
    with archive.database.read() as db:
        return box_warnings(db, of.box_id, of.fonds_no, of.values, int(year) if year else None)


@needs("search")
def history(archive: Archive, person: Person, level: Level, subject: str) -> list[Correction]:
    """All that was ever changed of a record this person may see, newest first; boxes by their numbers."""
    describe.whole(archive, person, level, subject)
    return [_with_box_numbers(archive, one) for one in archive.corrections.of(subject)]


def _with_box_numbers(archive: Archive, one: Correction) -> Correction:
    if one.field != "box":
        return one
    boxes = [archive.catalogue.box(box_id) if box_id else None for box_id in (one.old, one.new)]
    old, new = (box.box_no if box else "" for box in boxes)
    return replace(one, old=old, new=new)


@needs("merge")
def merge(archive: Archive, person: Person, keep: str, drop: str, take: list[str], reason: str) -> None:
    fonds = {describe.whole(archive, person, "item", subject).fonds_no for subject in (keep, drop)}
    for name in take:
        description.field_of("item", name)

    def write(change: Any) -> None:
        for fonds_no in fonds:
            site_tables.require_fonds_right(change.db, fonds_no, person.id)
        archive.corrections.merge(change, keep, drop, take, reason=reason, actor=person.id)

    archive.database.write(write)


@needs("void")
def void(archive: Archive, person: Person, level: VoidLevel, subject: str, reason: str) -> None:
    fonds_no = "" if level == "box" else describe.whole(archive, person, level, subject).fonds_no
    if level == "box":
        box = archive.catalogue.box(subject)
        fonds_no = box.fonds_no if box else ""

    def write(change: Any) -> None:
        site_tables.require_fonds_right(change.db, fonds_no, person.id)
        archive.corrections.void(change, level, subject, reason=reason, actor=person.id)

    archive.database.write(write)


@needs("correct")
def put_in_box(
    archive: Archive, person: Person, level: BoxedLevel, subject: str, box: str, reason: str
) -> tuple[str, ...]:
    """``box``: label, number or id. What is mixed there now, as codes of warnings."""
    before = describe.whole(archive, person, level, subject)
    box_id = describe.box_named(archive, box, before.fonds_no).id

    def write(change: Any) -> tuple[str, ...]:
        site_tables.require_fonds_right(change.db, before.fonds_no, person.id)
        return archive.corrections.put_in_box(change, level, subject, box_id, reason=reason, actor=person.id)

    return archive.database.write(write)


@needs("merge")
def alike(archive: Archive, person: Person, item_id: str) -> list[dict[str, Any]]:
    """Items that may be the same one: of its fonds, with its title or document number. A person decides."""
    before = describe.whole(archive, person, "item", item_id)
    if before.state == "void":
        raise InputRefused("record_unknown", "search_again")
    found = archive.catalogue.alike(item_id)
    cleared = access.clearance(person.roles)
    return [
        {"id": one.id, "ref_code": one.ref_code, "title": one.title, "date": one.date, "box_id": one.box_id}
        for one in found
        if may_see(cleared, one.secret_level)
    ]
