"""Pages into the store: the original encrypted, each page judged, hooked to its item and searchable, in one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from edge.domain import access, mending
from edge.domain.page_gate import Wanted
from edge.domain.page_records import Line, Page, carried_over, confidence_of, helped, text_of
from edge.domain.page_seen import FileFacts, PageSeen
from edge.domain.people import Person
from edge.domain.records import Item
from edge.errors import RuleRefused
from edge.store.database import Change
from edge.store.known_words import known_words
from edge.store.pages import Judged
from edge.workflows import arrival
from edge.workflows.judge_pages import judged, printed_before, year_of
from edge.workflows.room import Room

ENGINE = "PP-OCRv6"


@dataclass(slots=True)
class Taken:
    """``pages`` as they are afterwards: hooked, loose or held. ``again``: this very content was there already.
    ``e_file``, ``item_id``: its name and whose it is, where it is sound, video or OFD and has no pages."""

    file_id: str
    pages: list[Page] = field(default_factory=list)
    again: bool = False
    e_file: str = ""
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose a file is by its name and folders, from ``first_page`` on. ``sure``: nothing speaks against it so far."""

    item: Item
    first_page: int
    sure: bool

    def hooks(self, pages: Sequence[Page]) -> bool:
        """Only where every page is good enough and none names another item."""
        return self.sure and all(page.state == "loose" and page.proposed == (self.item.id,) for page in pages)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file or a frame as it came, and what was seen on each of its pages. ``source``: camera or file."""

    original: bytes
    source: str
    name: str
    facts: FileFacts
    seen: list[PageSeen]
    handed_sha256: str = ""


def keep(
    room: Room,
    person: Person,
    came: Incoming,
    wanted: Wanted,
    *,
    item: Item | None = None,
    page_no: int | None = None,
    expected: Expected | None = None,
) -> Taken:
    """Original, pages and what is written on them into the store, hooked where it is certain whose they are.

    ``item``: whose they are; ``expected``: whose they are by their name.
    """
    utc_ms = room.clock.utc_ms()
    sha256 = room.scans.keep(came.original, utc_ms)
    same = room.pages.file_with(sha256)
    if same is not None:
        return Taken(same.id, room.pages.of_file(same.id), again=True)
    known = item or (expected.item if expected else None)
    before = printed_before(room, item) if item and page_no is None else None
    by_hand = expected is None
    seen = judged(room, person, came.facts, came.seen, known, by_hand, wanted, utc_ms, before)
    level = access.event_level(known.secret_level) if known else "secret"

    def write(change: Change) -> Taken:
        file_id = _add_file(room, change, person, came, sha256)
        taken = Taken(file_id, [_add_page(room, change, person, file_id, one, level) for one in seen])
        if expected is None:
            _hook_certain(room, change, person, taken.pages, item, page_no)
        elif expected.hooks(taken.pages):
            hook_expected(room, change, person, taken.pages, expected)
        arrival.check(room, change, person, file_id, came.handed_sha256, level)
        return taken

    taken = room.database.write(write)
    taken.pages = [room.pages.get(page.id) for page in taken.pages]
    return taken


def _add_file(room: Room, change: Change, person: Person, came: Incoming, sha256: str) -> str:
    size, pages = len(came.original), len(came.seen)
    file_id = room.pages.add_file(
        change,
        sha256=sha256,
        source=came.source,
        name=came.name,
        facts=came.facts,
        size=size,
        pages=pages,
        actor=person.id,
    )
    body = {"file": file_id, "sha256": sha256, "bytes": size, "pages": pages, "source": came.source}
    change.event("scan.received", subject=file_id, actor=person.id, body=body, level="internal")
    return file_id


def _add_page(room: Room, change: Change, person: Person, file_id: str, one: Judged, level: str) -> Page:
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
    return room.pages.get_in(change, page_id)


def hook_expected(room: Room, change: Change, person: Person, pages: Sequence[Page], expected: Expected) -> None:
    for number, page in enumerate(pages, expected.first_page):
        hook_page(room, change, person, page, expected.item, number, False)


def _hook_certain(
    room: Room, change: Change, person: Person, pages: Sequence[Page], item: Item | None, page_no: int | None
) -> None:
    """Good pages to ``item``, or to the one item that each of them names; the others stay loose."""
    for page in pages:
        owner = item or (room.catalogue.item(page.proposed[0]) if len(page.proposed) == 1 else None)
        if owner is not None and page.state == "loose":
            hook_page(room, change, person, page, owner, page_no, page_no is not None)


def hook_page(
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
        room.pages.set_state(change, before.id, "replaced")
    lines = _helped(room, change, item, lines)
    room.pages.set_lines(change, page, lines)
    room.pages.hook(change, page.id, item.id, number)
    mended = sum(bool(line.mended) for line in lines)
    body = {
        "page": page.id,
        "item": item.id,
        "page_no": number,
        "before": before.id if before else "",
        "mended": mended,
    }
    level = access.event_level(item.secret_level)
    change.event("page.hooked", subject=item.id, actor=person.id, body=body, level=level)
    text, sure = text_of(lines), confidence_of(lines)
    room.catalogue.set_text(change, item.id, number, text, ENGINE, sure, person.id)


def _helped(room: Room, change: Change, item: Item, lines: list[Line]) -> list[Line]:
    """With doubtful lines put right by what is known of the item's surroundings."""
    if all(line.state != "unsure" for line in lines):
        return lines
    near = known_words(change.db, item.id)
    table = mending.alike(mending.learned(near.corrections))
    known = mending.known(near.numbers, near.words, table, year_of(room, change.utc_ms))
    return helped(lines, known, near.own)


def accept_page(room: Room, change: Change, person: Person, page: Page, why: str) -> None:
    """Its complaints count no more."""
    room.pages.set_state(change, page.id, "loose", despite=why)
    body = {"page": page.id, "complaints": [one.code for one in page.complaints], "why": why}
    change.event("page.accepted", subject=page.id, actor=person.id, body=body)
