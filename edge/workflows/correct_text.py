"""Lines that the networks doubt wait for a person, crop beside what was read; what the person says counts for good.

A correction is an event with the old words and the new. No later reading overwrites it (domain/page_records.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.domain import access
from edge.domain.page_records import Line, Page, confidence_of, text_of
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused, RuleRefused
from edge.store.database import Change
from edge.workflows import page_picture
from edge.workflows.keep_pages import ENGINE
from edge.workflows.rights import needs
from edge.workflows.room import Room

BY_PERSON = f"{ENGINE} + person"
TEXT_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Doubt:
    """``candidates``: what it may say, likeliest first: as it counts, as read, as people put the same reading right."""

    page: Page
    line: Line
    item: Item
    candidates: tuple[str, ...]


@needs("correct_text")
def queue(room: Room, person: Person, limit: int = 20) -> tuple[list[Doubt], int]:
    """The oldest doubtful lines that this person may see, and how many there are."""
    clearance = access.clearance(person.roles)
    found = room.pages.unsure(clearance, limit)
    doubts = [
        Doubt(
            page, line, item, tuple(dict.fromkeys([line.text, line.read_text, *room.pages.corrections(line.read_text)]))
        )
        for page, line in found
        if (item := room.catalogue.item(page.item_id or "")) is not None
    ]
    return doubts, room.pages.count_unsure(clearance)


@needs("correct_text")
def crop(room: Room, person: Person, page_id: str, line_no: int) -> bytes:
    """JPEG of one line. InputRefused ``page_unknown``: the same words where it is not for these eyes."""
    page, _item = _page_for(room, person, page_id)
    return page_picture.line_of(room.scans.read(page.image), _line(room.pages.lines(page), page, line_no).quad)


@needs("correct_text")
def correct(room: Room, person: Person, page_id: str, line_no: int, text: str) -> Line:
    """``text`` is what the line says; the same as before confirms it; "" says that nothing is written there."""
    page, item = _page_for(room, person, page_id)
    said = " ".join(text.split())
    if len(said) > TEXT_AT_MOST:
        raise InputRefused("line_too_long", "one_line_only", most=TEXT_AT_MOST)
    known = _line(room.pages.lines(page), page, line_no)
    if page.state == "hooked" and known.state in ("corrected", "confirmed") and known.text == said:
        return known  # said twice

    def put_right(change: Change) -> Line:
        now = room.pages.get_in(change, page.id)
        if now.state != "hooked":
            raise RuleRefused("page_replaced", "look_again")
        lines = room.pages.lines_in(change, now)
        before = _line(lines, now, line_no)
        after = replace(before, text=said, state="confirmed" if said == before.text else "corrected", mended="")
        lines = [after if one.line == line_no else one for one in lines]
        room.pages.set_line(change, now, after)
        body = {"page": page.id, "item": item.id, "line": line_no, "was": before.text, "now": said}
        level = access.event_level(item.secret_level)
        change.event(f"line.{after.state}", subject=page.id, actor=person.id, body=body, level=level)
        room.catalogue.set_text(
            change, item.id, now.page_no or 0, text_of(lines), BY_PERSON, confidence_of(lines), person.id
        )
        return after

    return room.database.write(put_right)


def _page_for(room: Room, person: Person, page_id: str) -> tuple[Page, Item]:
    page = room.pages.get(page_id)
    item = room.catalogue.item(page.item_id) if page.item_id else None
    if item is None or not may_see(access.clearance(person.roles), item.secret_level):
        raise InputRefused("page_unknown", "look_again", page=page_id[:36])
    return page, item


def _line(lines: list[Line], page: Page, line_no: int) -> Line:
    found = next((one for one in lines if one.line == line_no), None)
    if found is None:
        raise InputRefused("page_unknown", "look_again", page=page.id)
    return found
