"""The register of entries 出入库登记: as lines with names, on paper, and as a sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain.people import Person
from edge.paper.document import Printed
from edge.paper.register import Cells, Column, Part, register
from edge.store import entries
from edge.store.entries import Entry
from edge.words import say
from edge.workflows import room_register
from edge.workflows.rights import needs
from edge.workflows.room import Room

MOST = 500  # lines of one print, the newest; the sheet has all
SHARES = {"came": 15, "left": 18, "who": 14, "from": 16, "papers": 20, "escort": 12, "approved": 12, "reason": 12}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """``organisation``: of a visitor; the department of somebody in the directory."""

    id: str
    state: str
    name: str
    organisation: str
    papers: str
    approved_by: str
    escort: str
    reason: str
    let_in_ms: int
    came_ms: int | None
    left_ms: int | None
    left_how: str


def lines(room: Room, limit: int, before_ms: int | None = None) -> list[EntryLine]:
    """Newest first."""
    return _named(room, entries.recent(room.database, limit, before_ms))


def inside(room: Room) -> list[EntryLine]:
    return _named(room, entries.inside(room.database))


@needs("read_entries")
def on_paper(room: Room, person: Person, language: str) -> bytes:
    """A PDF. Event ``print.made``."""
    shown = lines(room, MOST)
    return room_register.paper(room, person, "entries", drawn(room, shown, language), len(shown))


@needs("read_entries")
def as_sheet(room: Room, person: Person, language: str) -> bytes:
    """All of them as CSV. Event ``export.made``."""
    return room_register.sheet(room, person, "entries", language)


def drawn(room: Room, shown: list[EntryLine], language: str) -> Printed:
    zone = ZoneInfo(room.zone)

    def at(ms: int | None) -> str:
        return "" if ms is None else datetime.fromtimestamp(ms / 1000, zone).strftime("%Y-%m-%d %H:%M")

    columns = [Column(say(language, f"panel.entries.head_{name}"), share) for name, share in SHARES.items()]
    period = f"{at(shown[-1].let_in_ms)} – {at(shown[0].let_in_ms)}" if shown else say(language, "panel.entries.none")
    title = f"{say(language, 'panel.entries.title')} {room.name}"
    return register(
        title, columns, [Part(period, [cells(one, at, language) for one in shown])], language, room.clock.utc_ms()
    )


def cells(line: EntryLine, at: Callable[[int | None], str], language: str) -> Cells:
    said = "" if line.state in ("left", "inside") and line.left_how != "said" else line.state
    note = say(language, f"panel.entries.state_{said}") if said else ""
    left = " · ".join(part for part in (at(line.left_ms), note) if part)
    return (
        at(line.came_ms if line.came_ms is not None else line.let_in_ms),
        left,
        line.name,
        line.organisation,
        line.papers,
        line.escort,
        line.approved_by,
        say(language, f"panel.entries.reason_{line.reason}"),
    )


def _named(room: Room, found: list[Entry]) -> list[EntryLine]:
    known = {one.id: one for one in room.people.all()}

    def name(person_id: str) -> str:
        return known[person_id].name if person_id in known else person_id

    return [
        EntryLine(
            id=one.id,
            state=one.state,
            name=one.name or name(one.person_id),
            organisation=one.organisation or (known[one.person_id].department if one.person_id in known else ""),
            papers=one.papers,
            approved_by=one.approved_by,
            escort=name(one.escort_id),
            reason=one.reason,
            let_in_ms=one.let_in_ms,
            came_ms=one.came_ms,
            left_ms=one.left_ms,
            left_how=one.left_how,
        )
        for one in found
    ]
