"""A register or report of the rooms as a table of text in the reader's language: what page, sheet and print show."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from cloud_sync.registers import climate
from cloud_sync.registers.figures import Figures, figures
from cloud_sync.registers.lives import Life, lives, over_ms
from cloud_sync.registers.period import Period
from cloud_sync.store.happenings import Happening, Happenings
from edge.domain.approvals import CENTRE
from edge.errors import InputRefused
from edge.words import catalogue, say

WORDS = Path(__file__).parent.parent / "words"

# Register → the families of events that it is made of.
LIVES = {"loans": ("loan",), "alarms": ("alarm",), "moves": ("move",)}
EVENTS = {
    "entries": ("door", "entry"),
    "boxes": ("box",),
    "stocktake": ("stocktake",),
    "patrol": ("patrol",),
    "people": ("person", "card", "directory", "session", "command"),
}
REPORT = "report"
CLIMATE = "climate"
NAMES = (REPORT, CLIMATE, *LIVES, *EVENTS)

COLUMNS = {
    "loans": ("room", "box", "kind", "slot", "asker", "asked", "decided", "lent", "due", "back", "state"),
    "alarms": ("room", "rule", "place", "severity", "raised", "acknowledged", "who", "minutes", "over"),
    "moves": ("room", "aisle", "why", "who", "asked", "started", "ended", "end"),
}
OF_EVENTS = ("room", "when", "what", "where", "said", "who")
SHARES = {"room": 14, "what": 16, "said": 24, "where": 14, "asker": 8, "who": 10, "kind": 6, "box": 8, "state": 10}
USUAL_SHARE = 12

Cells = tuple[str, ...]
_WHERE = ("box_no", "slot", "bay", "place", "aisle")
_CODES = {
    "reason": ("reason", "revocation", "panel.approval.why", "panel.entries.reason"),
    "role": ("role",),
    "code": ("remote",),
    "kind": ("panel.patrol.kind", "panel.patrol.found", "console.room"),
}
_SAID = ("how", "cause", "why", "kind", "points", "found", "misplaced", "missing", "unknown", "unread", "right")
_KNOWN = (*_SAID, "reason", "role", "code")


@dataclass(frozen=True, slots=True)
class Table:
    """``withheld``: lines whose content stays in their room and of which only the time is here."""

    name: str
    columns: tuple[str, ...]
    headings: Cells
    rows: list[Cells]
    withheld: int


def table(happenings: Happenings, name: str, node: str, period: Period, language: str, now_ms: int) -> Table:
    """``node`` '': all rooms. InputRefused ``register_unknown``, ``no_such_room``."""
    rooms = rooms_asked(happenings, node)
    if name not in NAMES:
        raise InputRefused("register_unknown", "choose_register", known=", ".join(NAMES))
    words = _Words(language, period, rooms)
    if name == REPORT:
        return _report(happenings, list(rooms), period, words, now_ms)
    if name == CLIMATE:
        places = climate.places(happenings, node, period)
        told = climate.lines(places, rooms, list(rooms), period, now_ms, words.climate)
        return Table(CLIMATE, climate.COLUMNS, words.heads(climate.COLUMNS), told, 0)
    if name in LIVES:
        seen = happenings.of(node, LIVES[name], 0, period.until_ms)
        found = [life for life in lives(seen) if max(life.at_ms.values()) >= period.from_ms]
        draw = {"loans": _loan, "alarms": _alarm, "moves": _move}[name]
        told = [draw(life, words) for life in found]
        return Table(name, COLUMNS[name], words.heads(COLUMNS[name]), told, sum(life.withheld for life in found))
    events = happenings.of(node, EVENTS[name], period.from_ms, period.until_ms)
    lines = [_event(one, words) for one in events]
    return Table(name, OF_EVENTS, words.heads(OF_EVENTS), lines, sum(one.withheld for one in events))


def rooms_asked(happenings: Happenings, node: str) -> dict[str, str]:
    """Node → the room's name: this one, or all where ``node`` is ''. InputRefused ``no_such_room``."""
    rooms = happenings.rooms()
    if not node:
        return rooms
    if node not in rooms:
        raise InputRefused("no_such_room", "choose_room", node=node)
    return {node: rooms[node]}


def headings(columns: tuple[str, ...], language: str) -> Cells:
    return tuple(say(language, f"register.column.{name}", WORDS) for name in columns)


class _Words:
    """Times, names and codes as the reader knows them."""

    def __init__(self, language: str, period: Period, rooms: dict[str, str]) -> None:
        self._words = {**catalogue(language), **catalogue(language, folder=WORDS)}
        self._language, self._zone, self.rooms = language, period.zone, rooms

    def say(self, *msgids: str, otherwise: str = "") -> str:
        return next((self._words[msgid] for msgid in msgids if msgid in self._words), otherwise)

    def climate(self, name: str) -> str:
        return self.say(f"register.climate.{name}")

    def heads(self, columns: tuple[str, ...]) -> Cells:
        return headings(columns, self._language)

    def at(self, ms: int | None) -> str:
        if ms is None:
            return ""
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def who(self, actor: str) -> str:
        """A person of a room is known here by the tail of an id only."""
        if actor.startswith(CENTRE):
            return f"{actor.removeprefix(CENTRE)} ({self.say('register.centre')})"
        return self.say(f"register.actor.{actor}", otherwise=f"…{actor[-6:]}" if actor else "")


def _loan(life: Life, words: _Words) -> Cells:
    said, at = life.said, life.at_ms
    decided = next((action for action in ("loan.denied", "loan.approved") if action in at and "loan.asked" in at), "")
    state = max(at, key=lambda action: at[action])
    kind = str(said.get("kind", ""))
    return (
        words.rooms.get(life.node, life.node),
        str(said.get("box_no", "")) or words.say("console.withheld"),
        words.say(f"console.room.{kind}"),
        str(said.get("slot", "")),
        words.who(life.by.get("loan.asked", life.by.get("loan.approved", ""))),
        words.at(life.began_ms),
        f"{words.at(at[decided])} {words.who(life.by[decided])}" if decided else "",
        words.at(at.get("loan.handed_over")),
        str(said.get("due", "")),
        words.at(at.get("loan.returned")),
        words.say(f"loan.{said.get('state', state.removeprefix('loan.'))}"),
    )


def _alarm(life: Life, words: _Words) -> Cells:
    acked_ms = life.at_ms.get("alarm.acknowledged")
    return (
        words.rooms.get(life.node, life.node),
        words.say(f"rule.{life.said.get('rule', '')}", otherwise=str(life.said.get("rule", ""))),
        str(life.said.get("place", "")),
        words.say(f"severity.{life.said.get('severity', '')}"),
        words.at(life.began_ms),
        words.at(acked_ms),
        words.who(life.by.get("alarm.acknowledged", "")),
        "" if acked_ms is None else str(round((acked_ms - life.began_ms) / 60_000)),
        words.at(over_ms(life)),
    )


def _move(life: Life, words: _Words) -> Cells:
    first = next(iter(life.by.values()), "")
    ended = str(life.said.get("ended", ""))
    return (
        words.rooms.get(life.node, life.node),
        str(life.said.get("aisle", "")),
        words.say(f"why_value.{life.said.get('why', '')}", otherwise=str(life.said.get("why", ""))),
        words.who(first),
        words.at(life.began_ms),
        words.at(life.at_ms.get("move.started")),
        words.at(life.at_ms.get("move.ended")),
        words.say(f"end.{ended}", otherwise=ended),
    )


def _event(one: Happening, words: _Words) -> Cells:
    where = " · ".join(str(one.body[name]) for name in _WHERE if one.body.get(name) not in (None, ""))
    said = "; ".join(
        f"{words.say(f'field.{name}')} {_value(name, one.body[name], words)}"
        for name in _KNOWN
        if one.body.get(name) not in (None, "", 0) and words.say(f"field.{name}")
    )
    return (
        words.rooms.get(one.node, one.node),
        words.at(one.utc_ms),
        words.say(f"panel.event.{one.action}", otherwise=one.action),
        where,
        words.say("console.withheld") if one.withheld else said,
        words.who(one.actor),
    )


def _value(name: str, value: object, words: _Words) -> str:
    tables = (*_CODES.get(name, ()), f"{name}_value", name, "why_value", "register.value")
    return words.say(*(f"{table}.{value}" for table in tables), otherwise=str(value))


def _report(happenings: Happenings, nodes: list[str], period: Period, words: _Words, now_ms: int) -> Table:
    names = tuple(field.name for field in fields(Figures))
    told = [figures(happenings, node, period, now_ms) for node in nodes]
    rows: list[Cells] = [
        (words.rooms[node], *map(_number, astuple(one))) for node, one in zip(nodes, told, strict=True)
    ]
    if len(told) > 1:
        # The middle of middles would be no figure of anything: times to acknowledge have no sum.
        sums = [None if name == "acknowledged_min" else sum(getattr(one, name) for one in told) for name in names]
        rows.append((words.say("register.all"), *map(_number, sums)))
    columns = ("room", *names)
    return Table(REPORT, columns, words.heads(columns), rows, 0)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, int) else f"{value:.1f}"
