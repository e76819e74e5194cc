"""Find a record and say where its box stands."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import access, slot_codes
from edge.domain.people import Person
from edge.domain.records import Box, Hit, may_see
from edge.errors import InputRefused, RuleRefused
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
def find(room: Room, person: Person, query: str, limit: int = 50) -> list[Hit]:
    """What the person may see; seeing anything secret is an event of its own (``search.secret``)."""
    hits = room.search.find(query, clearance=access.clearance(person.roles), limit=limit)
    secret = [hit.item.id for hit in hits if hit.item and not may_see("internal", hit.item.secret_level)]
    if secret:
        room.database.write(
            lambda change: change.event(
                "search.secret", subject=person.id, actor=person.id, body={"items": secret}, level="secret"
            )
        )
    return hits


def where_is(room: Room, box_id: str) -> Place:
    """Raises RuleRefused ``box_has_no_place`` for a box that was never given a slot."""
    return place_of(room, known_box(room, box_id))


def known_box(room: Room, box_id: str) -> Box:
    """Raises InputRefused ``box_unknown``."""
    box = room.catalogue.box(box_id)
    if box is None:
        raise InputRefused("box_unknown", "search_again", box=box_id)
    return box


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
