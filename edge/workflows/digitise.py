"""A page becomes part of its item: seen, judged, hooked, searched.

    under the camera, or in a file → squared, measured, read (vision process) → original and page kept, encrypted
        → good enough? (domain/page_gate.py) else held, with what to do about it
        → whose is it? named by the person, by its file name, or by the number printed on it; else it waits
        → hooked: its text is found by search, its doubtful lines wait for a person (workflows/correct_text.py)

The original is never changed and never thrown away; a page that is digitised again replaces the one before.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from edge.domain import access, archive_numbers, file_names, page_gate
from edge.domain.e_files import recognise
from edge.domain.page_gate import Wanted
from edge.domain.page_records import Page
from edge.domain.page_seen import FileFacts, PageSeen
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused, RuleRefused
from edge.store.database import Change
from edge.workflows import e_files, read_record
from edge.workflows.keep_pages import Incoming, Taken, accept_page, hook_page, keep
from edge.workflows.rights import needs
from edge.workflows.room import Room

WANTED = Wanted()
DESPITE_AT_LEAST = 4  # characters of a reason


@needs("digitise")
def live(room: Room, _person: Person) -> bytes:
    """A small JPEG, kept nowhere: so that the page lies straight and whole before it is taken. Raises DeviceFault."""
    return room.page_reader.live(room.page_camera)


@needs("digitise")
def take_page(
    room: Room, person: Person, item_id: str = "", page_no: int | None = None, wanted: Wanted = WANTED
) -> Page:
    """What lies under the document camera. Raises DeviceFault where it cannot be seen."""
    item = read_record.item(room, person, item_id) if item_id else None
    seen, frame = room.page_reader.page(room.page_camera)
    came = Incoming(frame, "camera", "", FileFacts("JPEG"), [seen])
    taken = keep(room, person, came, wanted, item=item, page_no=page_no)
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

    Sound, video and OFD are kept beside the pages. Raises InputRefused ``picture_*``, ``pdf_*`` or ``e_file_*``:
    nothing of the file is kept then.
    """
    item = read_record.item(room, person, item_id) if item_id else _item_called(room, person, name)
    if (recognised := recognise(data)) is not None:
        if item is None:
            raise InputRefused("e_file_whose", "name_its_item", file=name)
        made = e_files.take(room, person, item, name, data, recognised, handed_sha256)
        name = file_names.e_file_name(item, made.number, made.suffix)
        return Taken(made.file_id, e_file=name, item_id=item.id)
    seen: list[PageSeen] = []
    facts = room.page_reader.pages(name, data, seen.append)
    taken = keep(room, person, Incoming(data, "file", name, facts, seen, handed_sha256), wanted, item=item)
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
    room.database.write(lambda change: hook_page(room, change, person, page, item, page_no, replacing))
    return room.pages.get(page_id)


@needs("digitise")
def accept(room: Room, person: Person, page_id: str, why: str) -> Page:
    """Keep a held page in spite of its complaints: torn and faded originals give no better picture."""
    page, reason = room.pages.get(page_id), " ".join(why.split())
    if len(reason) < DESPITE_AT_LEAST:
        raise InputRefused("reason_missing", "say_why")
    if page.state != "held":
        raise RuleRefused("page_not_held", "look_again")

    def keep_all_the_same(change: Change) -> None:
        accept_page(room, change, person, page, reason)
        items = [room.catalogue.item(one) for one in page.proposed]
        if len(items) == 1 and items[0] is not None:
            hook_page(room, change, person, replace(page, state="loose"), items[0], None, False)

    room.database.write(keep_all_the_same)
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
    """By archive number as somebody types it, or by its label. InputRefused ``record_unknown``."""
    labelled = ref_code.strip().upper().startswith("SR1:")
    item = room.catalogue.item_by_label(ref_code) if labelled else room.catalogue.item_by_ref(ref_code)
    if item is None or not may_see(access.clearance(person.roles), item.secret_level):
        raise InputRefused("record_unknown", "search_again")
    return item


def missing_pages(room: Room, item: Item, counted: int = 0) -> list[int]:
    """Numbers of pages that are not digitised yet, as far as catalogue, who ``counted`` or the highest says."""
    there = (page.page_no or 0 for page in room.pages.of_item(item.id))
    return page_gate.missing(there, max(item.pages or 0, counted))


def _item_called(room: Room, person: Person, name: str) -> Item | None:
    """The item whose archive number the file is called by, with or without a page number behind it."""
    stem = PurePath(name).stem
    for text in (stem, stem.rpartition("_")[0], stem.rpartition("-")[0]):
        number = archive_numbers.parse(text, *room.catalogue.number_codes()) if text else None
        if number is not None and number.rule != "foreign":
            item = room.catalogue.item_by_ref(text)
            if item is not None and may_see(access.clearance(person.roles), item.secret_level):
                return item
    return None


def _may_see_all(room: Room, person: Person, items: tuple[str, ...]) -> bool:
    found = (room.catalogue.item(one) for one in items)
    return all(may_see(access.clearance(person.roles), one.secret_level) for one in found if one)
