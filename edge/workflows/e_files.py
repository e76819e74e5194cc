"""Sound, video and OFD beside the paper they belong to: kept as they came, checked, played or taken by right.

Every opening is in the trace before anything is played. What is shown carries who, when and why over it; a file that is
taken out is the original, with the same in its event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edge.domain import access, file_names, ofd
from edge.domain.e_files import Recognised
from edge.domain.ofd import Layer
from edge.domain.page_records import ScanFile
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused
from edge.store import e_files
from edge.store.database import Change
from edge.store.e_files import EFile
from edge.workflows import arrival, read_record, view_pages
from edge.workflows.rights import needs
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class Shown:
    """``name``: by the rule, when it is taken out; ``report``: of the four checks."""

    of: EFile
    file: ScanFile
    name: str
    report: dict[str, Any] | None


@needs("digitise")
def take(
    room: Room, person: Person, item: Item, name: str, data: bytes, of: Recognised, handed_sha256: str = ""
) -> EFile:
    """Keep it as this item's next. The same content a second time is the one that is there already.

    InputRefused ``e_file_cut_short``: it says that it is longer.
    """
    if of.whole is False:
        raise InputRefused("e_file_cut_short", "copy_again", file=name)
    sha256 = room.scans.keep(data, room.clock.utc_ms())
    known = e_files.with_content(room.database, item.id, sha256)
    if known is not None:
        return known
    level = access.event_level(item.secret_level)

    def write(change: Change) -> EFile:
        file_id = room.pages.add_file(
            change, sha256=sha256, source="file", name=name, facts=of.facts, size=len(data), pages=0, actor=person.id
        )
        made = e_files.add(change, file_id, item.id, of)
        body = {"file": file_id, "sha256": sha256, "bytes": len(data), "format": of.format, "number": made.number}
        change.event("e_file.received", subject=item.id, actor=person.id, body=body, level=level)
        arrival.check(room, change, person, file_id, handed_sha256, level, item, of.whole)
        return made

    return room.database.write(write)


@needs("view_pages")
def of_item(room: Room, person: Person, item_id: str) -> list[Shown]:
    item = read_record.item(room, person, item_id)
    return [
        Shown(one, room.pages.file(one.file_id), _name(item, one), room.pages.report(one.file_id))
        for one in e_files.of_item(room.database, item.id)
    ]


@needs("view_pages")
def play(room: Room, person: Person, e_file_id: str, purpose: str, start: int, length: int) -> tuple[EFile, bytes, int]:
    """A part of it for the player, and the size of the whole. The first part of a look is an opening, and an event."""
    one, item = _known(room, person, e_file_id)
    view_pages.require_purpose(purpose)
    file = room.pages.file(one.file_id)
    look = (person.id, one.id, purpose)
    if start == 0 or room.openings.begins(look, room.clock.monotonic_ms()):
        _record(room, person, one, item, "e_file.opened", purpose)
    room.openings.went_on(look, room.clock.monotonic_ms())
    return one, room.scans.part(file.sha256, start, length), file.bytes


@needs("view_pages")
def text_layer(room: Room, person: Person, e_file_id: str, purpose: str) -> Layer:
    """What an OFD carries as text; an opening, and an event. InputRefused ``ofd_unreadable`` or as ``play``."""
    one, item = _known(room, person, e_file_id)
    view_pages.require_purpose(purpose)
    file = room.pages.file(one.file_id)
    try:
        layer = ofd.layer_of(room.scans.read(file.sha256))
    except ofd.Unreadable as error:
        raise InputRefused("ofd_unreadable", "take_original", file=file.name) from error
    _record(room, person, one, item, "e_file.opened", purpose)
    return layer


@needs("take_pages")
def take_out(room: Room, person: Person, e_file_id: str, purpose: str) -> tuple[str, EFile, bytes]:
    """Its name by the rule, and the original."""
    one, item = _known(room, person, e_file_id)
    view_pages.require_purpose(purpose)
    content = room.scans.read(room.pages.file(one.file_id).sha256)
    _record(room, person, one, item, "e_file.downloaded", purpose)
    return _name(item, one), one, content


def _known(room: Room, person: Person, e_file_id: str) -> tuple[EFile, Item]:
    one = e_files.get(room.database, e_file_id)
    item = room.catalogue.item(one.item_id)
    if item is None or not may_see(access.clearance(person.roles), item.secret_level):
        raise InputRefused("record_unknown", "search_again")
    return one, item


def _name(item: Item, one: EFile) -> str:
    return file_names.e_file_name(item, one.number, one.suffix)


def _record(room: Room, person: Person, one: EFile, item: Item, action: str, purpose: str) -> None:
    body = {"e_file": one.id, "item": item.id, "number": one.number, "purpose": purpose}
    level = access.event_level(item.secret_level)
    room.database.write(lambda change: change.event(action, subject=item.id, actor=person.id, body=body, level=level))
