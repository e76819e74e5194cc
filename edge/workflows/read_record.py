"""Open one record or box to read it. Reading something secret is an event of its own."""

from __future__ import annotations

from edge.domain import access
from edge.domain.people import Person
from edge.domain.records import Box, Item, Volume, may_see
from edge.errors import InputRefused
from edge.store import volume_rows
from edge.store.described_record import Whole, whole_in
from edge.workflows.rights import needs
from edge.workflows.room import Room

UNMARKED = "internal"  # up to here reading leaves no event


@needs("search")
def item(room: Room, person: Person, item_id: str) -> Item:
    """Raises InputRefused ``record_unknown``: the same words where it is not for this person's eyes."""
    found = room.catalogue.item(item_id)
    if found is None or not may_see(access.clearance(person.roles), found.secret_level):
        raise InputRefused("record_unknown", "search_again")
    if not may_see(UNMARKED, found.secret_level):
        room.database.write(
            lambda change: change.event("record.read", subject=item_id, actor=person.id, body={}, level="secret")
        )
    return found


@needs("search")
def volume(room: Room, person: Person, volume_id: str) -> Volume:
    """As ``item``: hidden whole where it, or one paper in it, is not for this person's eyes."""
    found = room.catalogue.volume(volume_id)
    with room.database.read() as db:
        clearance = access.clearance(person.roles)
        if found is None or volume_rows.secret_among(db, [volume_id], clearance):
            raise InputRefused("record_unknown", "search_again")
        secret = volume_rows.secret_among(db, [volume_id], UNMARKED)
    if secret:
        room.database.write(
            lambda change: change.event("record.read", subject=volume_id, actor=person.id, body={}, level="secret")
        )
    return found


def volume_of_item(room: Room, person: Person, of: Item) -> Volume | None:
    """The volume it lies in; None where it lies in none, or where another paper of it is not for these eyes."""
    with room.database.read() as db:
        hidden = not of.volume_id or volume_rows.secret_among(db, [of.volume_id], access.clearance(person.roles))
    return None if hidden else room.catalogue.volume(of.volume_id or "")


def described_volume(room: Room, of: Volume) -> Whole:
    """All that is said of a volume that somebody may see."""
    with room.database.read() as db:
        return whole_in(db, "volume", of.id)


@needs("search")
def box(room: Room, person: Person, box_id: str) -> tuple[Box, list[Item]]:
    """The box and what this person may know of its contents. Raises InputRefused ``record_unknown``."""
    found = room.catalogue.box(box_id)
    if found is None:
        raise InputRefused("record_unknown", "search_again")
    inside = room.catalogue.items_in_box(box_id, clearance=access.clearance(person.roles))
    secret = [one.id for one in inside if not may_see(UNMARKED, one.secret_level)]
    if secret:
        room.database.write(
            lambda change: change.event(
                "record.read", subject=box_id, actor=person.id, body={"items": secret}, level="secret"
            )
        )
    return found, inside
