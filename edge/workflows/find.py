"""Find a record and say where its box stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from edge.domain import access, slot_codes
from edge.domain.people import Person
from edge.domain.records import SECRECY, Box, Fonds, Hit, may_see
from edge.domain.search_query import ANY, ORDERS, STATES, Filters, Order
from edge.errors import InputRefused, RuleRefused
from edge.store import bays, site_tables, volume_rows
from edge.store.database import Database
from edge.workflows.rights import needs
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box belongs, and whether it stands there (``standing``). ``slot_light``: number of its slot's LED."""

    box: Box
    slot: str
    aisle: int
    column: int
    face: str
    section: int
    level: int
    position: int
    slot_light: int
    standing: bool


@needs("search")
def find(
    room: Room,
    person: Person,
    query: str,
    limit: int = 50,
    filters: Filters = ANY,
    order: Order = "newest",
) -> list[Hit]:
    """What the person may see; seeing anything secret is an event of its own (``search.secret``)."""
    clearance = access.clearance(person.roles)
    hits = room.search.find(query, clearance=clearance, limit=limit, filters=filters, order=order)
    note_secret(room.database, person, hits)
    return hits


def note_secret(database: Database, person: Person, hits: list[Hit]) -> None:
    """The event of what ``person`` has seen that is more than internal, where there is any."""
    secret = [hit.item.id for hit in hits if hit.item and not may_see("internal", hit.item.secret_level)]
    with database.read() as db:
        volumes = volume_rows.secret_among(db, [hit.volume.id for hit in hits if hit.volume], "internal")
    if secret or volumes:
        body = {"items": secret, **({"volumes": volumes} if volumes else {})}
        database.write(
            lambda change: change.event("search.secret", subject=person.id, actor=person.id, body=body, level="secret")
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may filter by here. ``places``: beginnings of slot codes, column by column and face by face."""

    fonds: list[Fonds]
    categories: list[str]
    retentions: list[str]
    secret_levels: list[str]
    places: list[str]
    states: list[str]
    orders: list[str]


@needs("search")
def choices(room: Room, person: Person) -> Choices:
    clearance = access.clearance(person.roles)
    with room.database.read() as db:
        categories, case_series = site_tables.codes(db)
    kept = [one.code for one in site_tables.SiteTables(room.database).retention_classes(every=True)]
    faces = dict.fromkeys(f"{slot.area}-{slot.column:02d}-{slot.face}" for slot in slot_codes.all_slots(room.layout))
    return Choices(
        fonds=room.catalogue.fonds(),
        categories=[*sorted(categories), *sorted(case_series)],
        retentions=kept,
        secret_levels=[level for level in SECRECY if may_see(clearance, level)],
        places=list(faces),
        states=list(STATES),
        orders=list(ORDERS),
    )


def known_box(room: Room, box_id: str) -> Box:
    """Raises InputRefused ``box_unknown``."""
    box = room.catalogue.box(box_id)
    if box is None:
        raise InputRefused("box_unknown", "search_again", box=box_id)
    return box


def counted_missing(room: Room, boxes: Iterable[Box]) -> set[str]:
    """Ids of those that a stocktake did not find in their slots, and nobody has seen since."""
    return bays.counted_missing(room.database, (box.id for box in boxes if box.state == "out"))


def place_of(room: Room, box: Box) -> Place:
    code = box.slot or box.home_slot
    if code is None:
        raise RuleRefused("box_has_no_place", "give_box_a_slot", box_no=box.box_no)
    slot = slot_codes.parse(code)
    return Place(
        box=box,
        slot=code,
        aisle=slot_codes.aisle_of(slot),
        column=slot.column,
        face=slot.face,
        section=slot.section,
        level=slot.level,
        position=slot.position,
        slot_light=slot_codes.slot_light(room.layout, slot),
        standing=box.slot is not None,
    )
