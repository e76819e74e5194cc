"""The storeroom door: who is let in, by card at the door or at the panel; every opening and closing is written down.

Nothing here is needed to go out. Nothing remote, timed or automatic releases the lock.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.devices import Reader
from edge.domain import access, alarms, door
from edge.domain.door import Asked, How, Rules, Verdict
from edge.domain.people import Person
from edge.domain.protections import Limit
from edge.errors import InputRefused, RuleRefused
from edge.store import door_log, entries
from edge.store.database import NODE, Change
from edge.store.entries import Visitor
from edge.words import Words
from edge.workflows import identify
from edge.workflows.rights import needs
from edge.workflows.room import Room

LOOK_AGAIN_MS = 150  # a contact that bounces settles within it
JUDGE_EVERY_MS = 500
FOUND_MOST = 200  # characters
FIELD_MOST = 80


@dataclass(frozen=True, slots=True)
class DoorNow:
    """For a screen. ``how`` "" while it is closed; ``waits``: who else has to ask, "" where nobody waits."""

    open: bool
    how: str
    since_ms: int
    released: bool
    waits: str
    barred: str
    barred_since_ms: int | None
    unnamed_ms: int | None
    inside: int


class Doorkeeper:
    """``step`` ten times a second, in one background loop; ``reader``: the one at the door, where there is one."""

    def __init__(self, room: Room, reader: Reader) -> None:
        self._room, self._reader = room, reader
        self._lock = threading.Lock()
        self._asked: tuple[Asked, ...] = ()
        self._released_until_ms: int | None = None
        self._exit_ms: int | None = None
        self._turning_since_ms: int | None = None
        self._judged_ms: int | None = None
        self._alarmed = True
        self._seen = door_log.last_seen(room.database)
        if room.door.fitted:
            room.database.write(entries.unused, telemetry=True)  # let in by a node that is gone: it is locked again

    def step(self) -> None:
        room = self._room
        if not room.door.fitted:
            return
        self._bar()
        self._cards()
        with self._lock:
            now_ms = room.clock.monotonic_ms()
            if room.door.exit_pressed():
                self._exit_ms = now_ms
            self._look(now_ms)
            if self._released_until_ms is not None and now_ms > self._released_until_ms + door.OPENS_LATE_MS:
                self._released_until_ms = None
                room.database.write(entries.unused)
            self._judge(now_ms)

    def ask(self, person: Person, reason: str) -> Verdict:
        """``person`` stands at the door; ``open``: the lock is released for everybody who asked within the time.

        Raises RuleRefused ``entry_barred_…``, ``entry_hours``; InputRefused ``entry_reason_unknown``; DeviceFault.
        What is refused is the event ``door.refused``.
        """
        room = self._room
        if reason not in door.REASONS:
            raise InputRefused("entry_reason_unknown", "use_the_panel", reason=reason[:40])
        if not room.door.fitted:
            room.door.is_closed()
        rules, barred = door_log.rules(room.database), door_log.barred(room.database)
        local = datetime.fromtimestamp(room.clock.utc_ms() / 1000, ZoneInfo(room.zone))
        try:
            door.refuse(rules, barred.why if barred else "", local)
        except RuleRefused as refused:
            self._refused(person.id, refused.code)
            raise
        with self._lock:
            now_ms = room.clock.monotonic_ms()
            asking = Asked(person.id, "enter" in access.rights(person.roles), now_ms)
            self._asked = door.together((*self._asked, asking), now_ms)
            verdict = door.judge(self._asked, rules)
            if verdict == "open":
                group, self._asked = self._asked, ()

                def let_in(change: Change) -> None:
                    entries.unused(change)
                    entries.let_in(change, group, reason)

                room.database.write(let_in)
                self._released_until_ms = now_ms + room.door.unlock()
        return verdict

    def now(self) -> DoorNow | None:
        """None: this room has no door of ours."""
        room = self._room
        if not room.door.fitted:
            return None
        seen, barred = door_log.last_seen(room.database), door_log.barred(room.database)
        with self._lock:
            asked = door.together(self._asked, room.clock.monotonic_ms())
            released = self._released_until_ms is not None
        return DoorNow(
            open=seen.open if seen else not room.door.is_closed(),
            how=seen.how if seen else "",
            since_ms=seen.since_ms if seen else room.clock.utc_ms(),
            released=released,
            waits=door.judge(asked, door_log.rules(room.database)) if asked else "",
            barred=barred.why if barred else "",
            barred_since_ms=barred.since_ms if barred else None,
            unnamed_ms=seen.unnamed_ms if seen else None,
            inside=len(entries.inside(room.database)),
        )

    def _cards(self) -> None:
        for uid in self._reader.cards():
            try:
                verdict = self.ask(identify.by_card(self._room, uid), "work")
            except RuleRefused:
                self._reader.signal(False)
            else:
                self._reader.signal(verdict == "open")

    def _bar(self) -> None:
        """Rule 11: after fire or gas nobody is let in, also when the contact has closed again."""
        room = self._room
        why = door.to_leave(room.carriages.state())
        if not why:
            return
        barred = door_log.barred(room.database)
        if barred is None or (barred.why, why) == ("fire", "gas"):
            room.database.write(lambda change: door_log.bar(change, why))
            with self._lock:
                self._asked, self._released_until_ms = (), None
                room.door.lock()
            room.database.write(entries.unused, telemetry=True)

    def _look(self, now_ms: int) -> None:
        """The contact against what was written of it last."""
        room = self._room
        is_open = not room.door.is_closed()
        seen = self._seen
        if seen is not None and seen.open == is_open:
            self._turning_since_ms = None
            return
        if self._turning_since_ms is None:
            self._turning_since_ms = now_ms
        if now_ms - self._turning_since_ms < LOOK_AGAIN_MS:
            return
        self._turning_since_ms = None
        self._judged_ms = None
        boot_id = room.clock.boot_id()
        if seen is None:
            room.database.write(lambda change: door_log.first_seen(change, is_open, now_ms, boot_id))
        elif is_open:
            how = door.opened(self._released_until_ms is not None, self._exit_ms, now_ms)
            self._exit_ms = None
            self._opened(how, now_ms, boot_id)
        else:
            lasted_ms = now_ms - seen.since_mono_ms if seen.boot_id == boot_id else None
            room.database.write(lambda change: door_log.closed(change, seen.how, lasted_ms, now_ms, boot_id))
        self._seen = door_log.last_seen(room.database)

    def _opened(self, how: How, now_ms: int, boot_id: str) -> None:
        room = self._room
        forced = room.alarms.limits()["door_forced"]

        def opened(change: Change) -> None:
            door_log.opened(change, how, now_ms, boot_id)
            if how == "forced":
                room.alarms.observe(change, forced, door.PLACE, 1, now_ms, boot_id)

        room.database.write(opened)
        self._alarmed = True
        if how == "let_in":  # one release, one opening
            self._released_until_ms = None
            room.door.lock()

    def _judge(self, now_ms: int) -> None:
        """Forced, held open, too long: the door's alarms, and those once more that somebody knows of and lets be."""
        room = self._room
        if self._judged_ms is not None and now_ms - self._judged_ms < JUDGE_EVERY_MS:
            return
        self._judged_ms = now_ms
        seen = self._seen
        if seen is None or not (seen.open or self._alarmed):
            return
        boot_id = room.clock.boot_id()
        since_ms = seen.since_mono_ms if seen.boot_id == boot_id else now_ms
        held_s = (now_ms - since_ms) // 1000 if seen.open else 0
        values = {"held_s": held_s, "forced": int(seen.open and seen.how == "forced")}
        conditions = room.alarms.conditions(boot_id)
        for limit in (room.alarms.limits()[rule] for rule in door.RULES):
            value = values[limit.measurand]
            before = conditions.get((limit.rule, door.PLACE), alarms.NORMAL)
            if alarms.step(limit, before, value, now_ms)[0] != before:

                def observe(change: Change, limit: Limit = limit, value: int = value) -> None:
                    room.alarms.observe(change, limit, door.PLACE, value, now_ms, boot_id)

                room.database.write(observe, telemetry=True)
        self._alarmed = any(alarm.place == door.PLACE for alarm in room.alarms.standing())
        self._say_again()

    def _say_again(self) -> None:
        room, utc_ms = self._room, self._room.clock.utc_ms()
        for alarm in room.alarms.standing():
            known = alarm.rule in door.RULES and alarm.active and alarm.acked_ms is not None
            if known and utc_ms - (alarm.acked_ms or utc_ms) >= door.SAID_AGAIN_MS:

                def again(change: Change, alarm_id: str = alarm.id) -> None:
                    room.alarms.again(change, alarm_id)

                room.database.write(again)

    def _refused(self, person_id: str, code: str) -> None:
        self._room.database.write(
            lambda change: change.event("door.refused", subject=NODE, actor=person_id, body={"code": code})
        )


@needs("enter")
def visitor(room: Room, person: Person, who: Mapping[str, str], reason: str) -> str:
    """A visitor 外来人员 comes in beside ``person``, who answers for them. Raises InputRefused ``visitor_field``.

    ``who``: the fields of ``Visitor``, all of them filled in.
    """
    for field, value in who.items():
        if not value.strip() or len(value) > FIELD_MOST:
            raise InputRefused(
                "visitor_field", "fill_in_visitor", field=Words(f"panel.door.visitor_{field}"), most=FIELD_MOST
            )
    if reason not in door.REASONS:
        raise InputRefused("entry_reason_unknown", "use_the_panel", reason=reason[:40])
    come = Visitor(**{field: value.strip() for field, value in who.items()})
    return room.database.write(lambda change: entries.visited(change, come, person.id, reason))


@needs("enter")
def went_out(room: Room, person: Person, entry_id: str) -> None:
    """``person`` says of themselves or of somebody else that they are out. Raises RuleRefused ``not_inside``."""
    room.database.write(lambda change: door_log.said_out(change, entry_id, person.id))


@needs("clear_entry")
def clear(room: Room, person: Person, found: str) -> None:
    """After fire or gas: ``found`` is the gas reading, or what was looked at. RuleRefused ``still_to_leave``."""
    found = found.strip()
    if not found or len(found) > FOUND_MOST:
        raise InputRefused("finding_missing", "write_finding", most=FOUND_MOST)
    if door.to_leave(room.carriages.state()):
        raise RuleRefused("still_to_leave", "remove_cause")
    room.database.write(lambda change: door_log.clear(change, found, person.id))


def rules(room: Room) -> Rules:
    return door_log.rules(room.database)


@needs("set_limits")
def set_rules(room: Room, person: Person, rules: Rules) -> None:
    room.database.write(lambda change: door_log.set_rules(change, rules, person.id))
