"""What is made of each page before it is kept: its complaints, its number, its stamp, and whose it may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain import access, page_gate, printed
from edge.domain.page_gate import Complaint, Wanted
from edge.domain.page_records import as_read
from edge.domain.page_seen import FileFacts, PageSeen
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.domain.stamp import Stamp, stamp_of
from edge.store.pages import Judged
from edge.workflows.room import Room


def printed_before(room: Room, item: Item) -> int | None:
    """The highest number printed on the item's pages, and on those held for it; but where that number itself is the
    complaint it does not count yet.
    """
    held = [page for page in room.pages.waiting() if page.proposed == (item.id,)]
    counted = [page for page in held if all(one.code != "number_skipped" for one in page.complaints)]
    return max((page.printed_no for page in room.pages.of_item(item.id) + counted if page.printed_no), default=None)


def judged(
    room: Room,
    person: Person,
    facts: FileFacts,
    seen: Sequence[PageSeen],
    item: Item | None,
    by_hand: bool,
    wanted: Wanted,
    utc_ms: int,
    number: int | None,
) -> list[Judged]:
    """Each page with its complaints and whose it may be; pages without a number follow the one before them.

    ``by_hand``: a person said whose they are, so a page that names another item is ``item``'s all the same; only a
    stamp is asked about. By the name of a file, what the page names counts more. ``number``: printed on the page
    before.
    """
    result: list[Judged] = []
    owners: tuple[str, ...] = (item.id,) if item else ()
    for page in seen:
        texts = [line.text for line in page.lines]
        printed_no = page_gate.printed_number(texts)
        stamp = stamp_of(page.stamp)
        alarming = set(facts.alarming)
        unsafe = "not_looked_into" if alarming == {"unknown"} else "unsafe"
        found = [Complaint(unsafe, {})] if alarming else []
        found += page_gate.complaints(page.measures, bool(page.lines), wanted)
        if item and by_hand:
            found += _stamped_for_another(room, person, stamp, item)
        skipped = page_gate.number_skipped(number, printed_no)
        named = _items_named(room, person, [*texts, *stamp.numbers()]) if not by_hand or not item else ()
        if item:
            owners = named if named and item.id not in named else (item.id,)
        else:
            owners = named or owners
        result.append(
            Judged(
                seen=page,
                image=room.scans.keep(page.jpeg, utc_ms),
                dpi=page_gate.dpi_of(page.measures, wanted.paper),
                complaints=tuple([*found, skipped] if skipped else found),
                proposed=owners,
                printed_no=printed_no,
                lines=tuple(as_read(page.lines, year_of(room, utc_ms))),
                stamp=stamp,
            )
        )
        number = printed_no or number
    return result


def year_of(room: Room, utc_ms: int) -> int:
    return datetime.fromtimestamp(utc_ms / 1000, ZoneInfo(room.zone)).year


def _stamped_for_another(room: Room, person: Person, stamp: Stamp, item: Item) -> list[Complaint]:
    named = _items_named(room, person, stamp.numbers())
    others = [room.catalogue.item(one) for one in named] if item.id not in named else []
    return [Complaint("stamped_for_another", {"number": one.ref_code}) for one in others[:1] if one]


def _items_named(room: Room, person: Person, texts: list[str]) -> tuple[str, ...]:
    """Items whose archive number is printed on the page, as far as the person may know of them."""
    items = [
        room.catalogue.item_by_ref(number.written)
        for number in printed.named(texts, room.catalogue.number_codes()).archive_numbers
    ]
    clearance = access.clearance(person.roles)
    return tuple(dict.fromkeys(one.id for one in items if one and may_see(clearance, one.secret_level)))
