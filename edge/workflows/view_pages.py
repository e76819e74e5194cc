"""Looking at digitised pages: by right and clearance, for a purpose, marked across, and every look in the trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from edge.domain import access, file_names
from edge.domain.page_records import Page, ScanFile, text_of
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused
from edge.workflows import page_picture, read_record
from edge.workflows.rights import needs
from edge.workflows.room import Room

PURPOSES = ("work", "evidence", "research", "check")  # 工作查考 凭证 编研 核对
How = Literal["download", "print"]
SCREEN_PX = 2000  # longer side of what a screen gets


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page to look at. ``name``: what its file is called when it is taken out; ``report``: of the four checks on
    its file."""

    page: Page
    file: ScanFile
    name: str
    report: dict[str, Any] | None


@needs("view_pages")
def leaves(room: Room, person: Person, item_id: str) -> tuple[Item, list[Leaf]]:
    """Raises InputRefused ``record_unknown``: the same words where it is not for these eyes."""
    item = read_record.item(room, person, item_id)
    return item, [
        Leaf(
            page,
            room.pages.file(page.file_id),
            _name(item, page),
            room.pages.report(page.file_id),
        )
        for page in room.pages.of_item(item.id)
    ]


@needs("view_pages")
def view(room: Room, person: Person, page_id: str, purpose: str) -> bytes:
    """JPEG for a screen. The look is in the trace before anything is shown."""
    page, item = _page(room, person, page_id)
    jpeg = page_picture.marked(room.scans.read(page.image), mark(room, person, purpose), SCREEN_PX)
    _record(room, person, page, item, "page.viewed", purpose)
    room.openings.went_on((person.id, page.id, purpose), room.clock.monotonic_ms())
    return jpeg


@needs("view_pages")
def text(room: Room, person: Person, page_id: str, purpose: str) -> str:
    """What was read on it. Beside the picture it is the same look; asked for alone it is a look of its own."""
    page, item = _page(room, person, page_id)
    require_purpose(purpose)
    look, now_ms = (person.id, page.id, purpose), room.clock.monotonic_ms()
    if room.openings.begins(look, now_ms):
        _record(room, person, page, item, "page.viewed", purpose)
    room.openings.went_on(look, now_ms)
    return text_of(room.pages.lines(page))


@needs("take_pages")
def take(room: Room, person: Person, page_id: str, purpose: str, how: How) -> tuple[str, bytes]:
    """File name by the rule, and the page in full resolution with its mark, to keep or to print."""
    page, item = _page(room, person, page_id)
    jpeg = page_picture.marked(room.scans.read(page.image), mark(room, person, purpose))
    _record(room, person, page, item, "page.printed" if how == "print" else "page.downloaded", purpose)
    return _name(item, page), jpeg


def _page(room: Room, person: Person, page_id: str) -> tuple[Page, Item]:
    page = room.pages.get(page_id)
    item = room.catalogue.item(page.item_id) if page.item_id and page.state == "hooked" else None
    if item is None or not may_see(access.clearance(person.roles), item.secret_level):
        raise InputRefused("page_unknown", "look_again", page=page_id[:36])
    return page, item


def _name(item: Item, page: Page) -> str:
    return file_names.page_file_name(item, page.page_no or 0)


def require_purpose(purpose: str) -> None:
    """InputRefused ``view_purpose_unknown``."""
    if purpose not in PURPOSES:
        raise InputRefused("view_purpose_unknown", "choose_view_purpose", known=", ".join(PURPOSES))


def mark(room: Room, person: Person, purpose: str) -> str:
    """Who, when and why, as it stands across what is shown. InputRefused as require_purpose."""
    require_purpose(purpose)
    when = datetime.fromtimestamp(room.clock.utc_ms() / 1000, UTC).astimezone(ZoneInfo(room.zone))
    return f"{person.name} {person.department} {when:%Y-%m-%d %H:%M} {_PURPOSE_MARKS[purpose]}"


_PURPOSE_MARKS = {"work": "工作查考", "evidence": "凭证", "research": "编研", "check": "核对"}


def _record(room: Room, person: Person, page: Page, item: Item, action: str, purpose: str) -> None:
    body = {"page": page.id, "item": item.id, "page_no": page.page_no or 0, "purpose": purpose}
    level = access.event_level(item.secret_level)
    room.database.write(lambda change: change.event(action, subject=item.id, actor=person.id, body=body, level=level))
