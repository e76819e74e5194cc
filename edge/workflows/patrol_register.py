"""The register of patrols 巡查登记: as lines with names, on paper, and as a sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain.people import Person
from edge.errors import InputRefused
from edge.paper.document import Printed
from edge.paper.register import Cells, Column, Part, register
from edge.store import patrol_findings, patrols
from edge.store.patrol_findings import Finding
from edge.words import say
from edge.workflows import room_register
from edge.workflows.rights import needs
from edge.workflows.room import Room

MOST = 300  # rounds of one print, the newest; the sheet has all
SHEETS = ("patrols", "patrol_findings")
SHARES = {"begun": 14, "ended": 14, "kind": 13, "by": 11, "points": 8, "found": 45, "signed": 11}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with the names of people; ``what``, ``aisle``, ``place``, ``name``: its point."""

    id: str
    kind: str
    words: str
    look: str
    found_ms: int
    found_by: str
    owner: str
    until: str
    overdue: bool
    closed_ms: int | None
    closed_by: str
    done: str
    what: str
    aisle: int | None
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class RoundLine:
    id: str
    kind: str
    state: str
    begun_ms: int
    begun_by: str
    ended_ms: int | None
    ended_by: str
    reason: str
    points: int
    answered: int
    findings: tuple[FindingLine, ...]


def lines(room: Room, limit: int, before_ms: int | None = None) -> list[RoundLine]:
    """Newest first."""
    names = _names(room)
    return [
        RoundLine(
            id=one.id,
            kind=one.kind,
            state=one.state,
            begun_ms=one.begun_ms,
            begun_by=names.get(one.begun_by, one.begun_by),
            ended_ms=one.ended_ms,
            ended_by=names.get(one.ended_by, one.ended_by),
            reason=one.reason,
            points=one.points,
            answered=one.answered,
            findings=tuple(
                _line(room, found, names)
                for found in (patrol_findings.of_round(room.database, one.id) if one.found else ())
            ),
        )
        for one in patrols.recent(room.database, limit, before_ms)
    ]


def standing(room: Room) -> list[FindingLine]:
    """Open findings, the most pressing first."""
    return [_line(room, one, _names(room)) for one in patrol_findings.standing(room.database)]


def closed(room: Room, limit: int) -> list[FindingLine]:
    return [_line(room, one, _names(room)) for one in patrol_findings.closed(room.database, limit)]


@needs("read_patrols")
def on_paper(room: Room, person: Person, language: str) -> bytes:
    """A PDF. Event ``print.made``."""
    shown = lines(room, MOST)
    return room_register.paper(room, person, "patrols", drawn(room, shown, language), len(shown))


@needs("read_patrols")
def as_sheet(room: Room, person: Person, table: str, language: str) -> bytes:
    """All rounds, or all findings, as CSV. Event ``export.made``. InputRefused for another table."""
    if table not in SHEETS:
        raise InputRefused("patrol_sheet_unknown", "use_the_panel", table=table[:40], known=", ".join(SHEETS))
    return room_register.sheet(room, person, table, language)


def drawn(room: Room, shown: list[RoundLine], language: str) -> Printed:
    columns = [Column(say(language, f"panel.patrol.head_{name}"), share) for name, share in SHARES.items()]
    at = _clock(room)
    period = f"{at(shown[-1].begun_ms)} – {at(shown[0].begun_ms)}" if shown else say(language, "panel.patrol.none")
    title = f"{say(language, 'panel.patrol.register')} {room.name}"
    parts = [Part(period, [_cells(room, one, language) for one in shown])]
    return register(title, columns, parts, language, room.clock.utc_ms())


def point_in_words(what: str, aisle: int | None, place: str, name: str, language: str) -> str:
    said = name or say(language, f"panel.patrol.what.{what}")
    return " ".join(part for part in (said, "" if aisle is None else str(aisle), place) if part)


def _cells(room: Room, line: RoundLine, language: str) -> Cells:
    at = _clock(room)
    ended = at(line.ended_ms) if line.ended_ms else say(language, "panel.patrol.round_open")
    if line.state == "given_up":
        ended = f"{ended} {say(language, 'panel.patrol.round_given_up', reason=line.reason)}"
    found = "; ".join(_finding_in_words(room, one, language) for one in line.findings)
    return (
        at(line.begun_ms),
        ended,
        say(language, f"panel.patrol.kind.{line.kind}"),
        line.begun_by,
        f"{line.answered}/{line.points}",
        found or (say(language, "panel.patrol.in_order") if line.state == "signed" else ""),
        line.ended_by if line.state == "signed" else "",
    )


def _finding_in_words(room: Room, one: FindingLine, language: str) -> str:
    where = point_in_words(one.what, one.aisle, one.place, one.name, language)
    said = " ".join(part for part in (say(language, f"panel.patrol.found.{one.kind}"), one.words) if part)
    if one.closed_ms is not None:
        became = say(
            language, "panel.patrol.closed_by", name=one.closed_by, time=_clock(room)(one.closed_ms), done=one.done
        )
    elif one.owner:
        became = say(language, "panel.patrol.owner", name=one.owner, until=one.until)
    else:
        became = say(language, "panel.patrol.nobody")
    return f"{where}: {said} → {became}"


def _line(room: Room, one: Finding, names: dict[str, str]) -> FindingLine:
    today = datetime.fromtimestamp(room.clock.utc_ms() / 1000, ZoneInfo(room.zone)).date().isoformat()
    return FindingLine(
        id=one.id,
        kind=one.kind,
        words=one.words,
        look=one.look,
        found_ms=one.found_ms,
        found_by=names.get(one.found_by, one.found_by),
        owner=names.get(one.owner, one.owner),
        until=one.until,
        overdue=one.overdue(today),
        closed_ms=one.closed_ms,
        closed_by=names.get(one.closed_by, one.closed_by),
        done=one.done,
        what=one.what,
        aisle=one.aisle,
        place=one.place,
        name=one.name,
    )


def _names(room: Room) -> dict[str, str]:
    return {one.id: one.name for one in room.people.all()}


def _clock(room: Room) -> Callable[[int], str]:
    zone = ZoneInfo(room.zone)
    return lambda ms: datetime.fromtimestamp(ms / 1000, zone).strftime("%Y-%m-%d %H:%M")
