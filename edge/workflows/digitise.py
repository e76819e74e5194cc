"""A page becomes part of its item: seen, judged, hooked, searched.

    under the camera, or in a file → squared, measured, read (vision process) → original and page kept, encrypted
        → good enough? (domain/page_gate.py) else held, with what to do about it
        → whose is it? named by the person, by its file name, or by the number printed on it; else it waits
        → hooked: its text is found by search, its doubtful lines wait for a person (workflows/correct_text.py)

The original is never changed and never thrown away; a page that is digitised again replaces the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath

from edge.domain import access, archive_numbers, page_gate, printed
from edge.domain.page_gate import Complaint, Wanted
from edge.domain.page_records import Page, as_read, carried_over, confidence_of, text_of
from edge.domain.page_seen import FileFacts, PageSeen
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused, RuleRefused
from edge.store.database import Change
from edge.store.pages import Judged
from edge.workflows import arrival, read_record
from edge.workflows.rights import needs
from edge.workflows.room import Room

ENGINE = "PP-OCRv6"
WANTED = Wanted()
DESPITE_AT_LEAST = 4  # characters of a reason


@dataclass(slots=True)
class Taken:
    """``pages`` as they are afterwards: hooked, loose or held. ``again``: this very content was there already."""

    file_id: str
    pages: list[Page] = field(default_factory=list)
    again: bool = False


@needs("digitise")
def take_page(
    room: Room, person: Person, item_id: str = "", page_no: int | None = None, wanted: Wanted = WANTED
) -> Page:
    """What lies under the document camera. Raises DeviceFault where it cannot be seen."""
    item = read_record.item(room, person, item_id) if item_id else None
    seen, frame = room.page_reader.page(room.page_camera)
    facts = FileFacts("JPEG")
    taken = _keep(room, person, frame, "camera", "", facts, [seen], item, page_no, wanted)
    return taken.pages[0]


@needs("digitise")
def take_file(
    room: Room,
    person: Person,
    name: str,
    data: bytes,
    item_id: str = "",
    wanted: Wanted = WANTED,
    despite: str = "",
    handed_sha256: str = "",
) -> Taken:
    """Each page of a scanned file. ``despite``: why pages with complaints are kept all the same; ``handed_sha256``:
    the digest that came with it.

    Raises InputRefused ``picture_*`` or ``pdf_*``: nothing of the file is kept then.
    """
    item = read_record.item(room, person, item_id) if item_id else _item_called(room, person, name)
    seen: list[PageSeen] = []
    facts = room.page_reader.pages(name, data, seen.append)
    taken = _keep(room, person, data, "file", name, facts, seen, item, None, wanted, handed_sha256)
    if despite:
        for page in [one for one in taken.pages if one.state == "held"]:
            accept(room, person, page.id, despite)
        taken.pages = room.pages.of_file(taken.file_id)
    return taken


@needs("digitise")
def hook(
    room: Room, person: Person, page_id: str, item_id: str, page_no: int | None = None, replacing: bool = False
) -> Page:
    """The page is this item's from now on, as its next page or as page ``page_no``.

    RuleRefused ``page_held`` (complaints first), ``page_there`` (say that it replaces the one there) or
    ``corrections_at_stake`` (a person put lines right there that are not on the new one).
    """
    page, item = room.pages.get(page_id), read_record.item(room, person, item_id)
    if page.state == "held":
        raise RuleRefused("page_held", "take_again_or_accept")
    room.database.write(lambda change: _hook(room, change, person, page, item, page_no, replacing))
    return room.pages.get(page_id)


@needs("digitise")
def accept(room: Room, person: Person, page_id: str, why: str) -> Page:
    """Keep a held page in spite of its complaints: torn and faded originals give no better picture."""
    page, reason = room.pages.get(page_id), " ".join(why.split())
    if len(reason) < DESPITE_AT_LEAST:
        raise InputRefused("reason_missing", "say_why")
    if page.state != "held":
        raise RuleRefused("page_not_held", "look_again")

    def keep(change: Change) -> None:
        room.pages.set_state(change, page.id, "loose", despite=reason)
        body = {"page": page.id, "complaints": [one.code for one in page.complaints], "why": reason}
        change.event("page.accepted", subject=page.id, actor=person.id, body=body)
        items = [room.catalogue.item(one) for one in page.proposed]
        if len(items) == 1 and items[0] is not None:
            _hook(room, change, person, replace(page, state="loose"), items[0], None, False)

    room.database.write(keep)
    return room.pages.get(page_id)


@needs("digitise")
def drop(room: Room, person: Person, page_id: str) -> None:
    """A page that waits is taken from the list: it is taken again, or was none. Its original stays kept."""
    page = room.pages.get(page_id)
    if page.state not in ("held", "loose"):
        raise RuleRefused("page_not_waiting", "look_again")

    def put_aside(change: Change) -> None:
        room.pages.set_state(change, page.id, "dropped")
        change.event("page.dropped", subject=page.id, actor=person.id, body={"page": page.id})

    room.database.write(put_aside)


@needs("digitise")
def waiting(room: Room, person: Person) -> list[Page]:
    """Pages that need a person, but for those that name an item above the person's clearance."""
    return [page for page in room.pages.waiting() if _may_see_all(room, person, page.proposed)]


@needs("digitise")
def preview(room: Room, person: Person, page_id: str) -> bytes:
    """JPEG of a page that waits. InputRefused ``page_unknown``: the same words where it is not for these eyes."""
    page = room.pages.get(page_id)
    if page.state not in ("held", "loose") or not _may_see_all(room, person, page.proposed):
        raise InputRefused("page_unknown", "look_again", page=page_id[:36])
    return room.scans.read(page.image)


def item_numbered(room: Room, person: Person, ref_code: str) -> Item:
    """By archive number as somebody types it. InputRefused ``record_unknown``."""
    item = room.catalogue.item_by_ref(ref_code)
    if item is None or not may_see(access.clearance(person.roles), item.secret_level):
        raise InputRefused("record_unknown", "search_again")
    return item


def missing_pages(room: Room, item: Item) -> list[int]:
    """Numbers of pages that are not digitised yet, as far as the catalogue or the highest page says."""
    return page_gate.missing((page.page_no or 0 for page in room.pages.of_item(item.id)), item.pages)


def _keep(
    room: Room,
    person: Person,
    original: bytes,
    source: str,
    name: str,
    facts: FileFacts,
    seen: list[PageSeen],
    item: Item | None,
    page_no: int | None,
    wanted: Wanted,
    handed_sha256: str = "",
) -> Taken:
    utc_ms = room.clock.utc_ms()
    sha256 = room.scans.keep(original, utc_ms)
    before = room.pages.file_with(sha256)
    if before is not None:
        return Taken(before.id, room.pages.of_file(before.id), again=True)
    judged = _judged(room, person, seen, item, wanted, utc_ms, bool(facts.alarming))

    def write(change: Change) -> Taken:
        file_id = room.pages.add_file(
            change,
            sha256=sha256,
            source=source,
            name=name,
            facts=facts,
            size=len(original),
            pages=len(seen),
            actor=person.id,
        )
        level = access.event_level(item.secret_level) if item else "secret"
        body = {"file": file_id, "sha256": sha256, "bytes": len(original), "pages": len(seen), "source": source}
        change.event("scan.received", subject=file_id, actor=person.id, body=body, level="internal")
        taken = Taken(file_id)
        for one in judged:
            page_id = room.pages.add(change, file_id, one, person.id)
            said = {
                "page": page_id,
                "image": one.image,
                "dpi": one.dpi,
                "measures": one.seen.measures.as_body(),
                "complaints": [complaint.code for complaint in one.complaints],
                "lines": len(one.lines),
                "unsure": sum(line.state == "unsure" for line in one.lines),
            }
            change.event("page.seen", subject=page_id, actor=person.id, body=said, level=level)
            taken.pages.append(room.pages.get_in(change, page_id))
        for page in taken.pages:
            owner = item or (room.catalogue.item(page.proposed[0]) if len(page.proposed) == 1 else None)
            if owner is not None and page.state == "loose":
                _hook(room, change, person, page, owner, page_no, page_no is not None)
        arrival.check(room, change, person, file_id, handed_sha256, level)
        return taken

    taken = room.database.write(write)
    taken.pages = [room.pages.get(page.id) for page in taken.pages]
    return taken


def _judged(
    room: Room,
    person: Person,
    seen: list[PageSeen],
    item: Item | None,
    wanted: Wanted,
    utc_ms: int,
    alarming: bool,
) -> list[Judged]:
    """Each page with its complaints and whose it may be; pages without a number follow the one before them."""
    judged: list[Judged] = []
    owners: tuple[str, ...] = (item.id,) if item else ()
    number: int | None = None
    for page in seen:
        texts = [line.text for line in page.lines]
        printed_no = page_gate.printed_number(texts)
        found = [Complaint("unsafe", {})] if alarming else []
        found += page_gate.complaints(page.measures, bool(page.lines), wanted)
        skipped = page_gate.number_skipped(number, printed_no)
        named = () if item else _items_named(room, person, texts)
        owners = owners if item else named or owners
        judged.append(
            Judged(
                seen=page,
                image=room.scans.keep(page.jpeg, utc_ms),
                dpi=page_gate.dpi_of(page.measures, wanted.paper),
                complaints=tuple([*found, skipped] if skipped else found),
                proposed=owners,
                printed_no=printed_no,
                lines=tuple(as_read(page.lines)),
            )
        )
        number = printed_no or number
    return judged


def _hook(
    room: Room, change: Change, person: Person, page: Page, item: Item, page_no: int | None, replacing: bool
) -> None:
    there = {one.page_no: one for one in room.pages.of_item_in(change, item.id)}
    number = page_no or max((one or 0 for one in there), default=0) + 1
    lines = room.pages.lines_in(change, page)
    before = there.get(number)
    if before is not None:
        if not replacing:
            raise RuleRefused("page_there", "say_replace", page=number)
        lines, gone = carried_over(room.pages.lines_in(change, before), lines)
        if gone:
            raise RuleRefused("corrections_at_stake", "correct_new_page", page=number, count=len(gone))
        room.pages.set_lines(change, page, lines)
        room.pages.set_state(change, before.id, "replaced")
    room.pages.hook(change, page.id, item.id, number)
    body = {"page": page.id, "item": item.id, "page_no": number, "before": before.id if before else ""}
    level = access.event_level(item.secret_level)
    change.event("page.hooked", subject=item.id, actor=person.id, body=body, level=level)
    text, sure = text_of(lines), confidence_of(lines)
    room.catalogue.set_text(change, item.id, number, text, ENGINE, sure, person.id)


def _item_called(room: Room, person: Person, name: str) -> Item | None:
    """The item whose archive number the file is called by, with or without a page number behind it."""
    stem = PurePath(name).stem
    for text in (stem, stem.rpartition("_")[0], stem.rpartition("-")[0]):
        number = archive_numbers.parse(text) if text else None
        if number is not None and number.rule != "foreign":
            item = room.catalogue.item_by_ref(text)
            if item is not None and may_see(access.clearance(person.roles), item.secret_level):
                return item
    return None


def _items_named(room: Room, person: Person, texts: list[str]) -> tuple[str, ...]:
    """Items whose archive number is printed on the page, as far as the person may know of them."""
    items = [
        room.catalogue.item_by_ref(number.written)
        for number in printed.named(texts, room.catalogue.number_codes()).archive_numbers
    ]
    clearance = access.clearance(person.roles)
    return tuple(dict.fromkeys(one.id for one in items if one and may_see(clearance, one.secret_level)))


def _may_see_all(room: Room, person: Person, items: tuple[str, ...]) -> bool:
    found = (room.catalogue.item(one) for one in items)
    return all(may_see(access.clearance(person.roles), one.secret_level) for one in found if one)
