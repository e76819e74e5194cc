"""Standing alarms, their history, and the limits in force. Every change of an alarm is one event in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from edge.domain import alarms, protections
from edge.domain.alarms import Alarm, Condition
from edge.domain.ids import new_id
from edge.domain.protections import Limit
from edge.errors import InputRefused
from edge.store.connection import Connection, Row
from edge.store.database import NODE, Change, Database


class Alarms:
    def __init__(self, database: Database) -> None:
        self._database = database

    def limits(self) -> dict[str, Limit]:
        """The limits in force by rule: the paper profile with what a person changed."""
        in_force = dict(protections.PAPER)
        with self._database.read() as db:
            for row in db.execute("SELECT * FROM alarm_limit"):
                in_force[row["rule"]] = replace(
                    protections.PAPER[row["rule"]],
                    bound=row["bound"],
                    deadband=row["deadband"],
                    on_delay_s=row["on_delay_s"],
                    off_delay_s=row["off_delay_s"],
                )
        return in_force

    def set_limit(self, change: Change, limit: Limit, actor: str) -> None:
        """Event ``limit.changed``."""
        numbers = {
            "bound": limit.bound,
            "deadband": limit.deadband,
            "on_delay_s": limit.on_delay_s,
            "off_delay_s": limit.off_delay_s,
        }
        change.db.execute("INSERT OR REPLACE INTO alarm_limit VALUES (?, ?, ?, ?, ?)", (limit.rule, *numbers.values()))
        change.event("limit.changed", subject=limit.rule, actor=actor, body={"rule": limit.rule, **numbers})

    def standing(self) -> list[Alarm]:
        """Alarms that are not over, newest first."""
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM alarm WHERE cleared_ms IS NULL ORDER BY raised_ms DESC, id").fetchall()
        return [_alarm(row) for row in rows]

    def get(self, alarm_id: str) -> Alarm:
        """Raises InputRefused ``alarm_unknown``."""
        with self._database.read() as db:
            return _get(db, alarm_id)

    def recent(self, limit: int) -> list[Alarm]:
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM alarm ORDER BY raised_ms DESC, id LIMIT ?", (limit,)).fetchall()
        return [_alarm(row) for row in rows]

    def emergencies(self, since_ms: int) -> list[int]:
        """When emergencies were raised since then, oldest first."""
        with self._database.read() as db:
            rows = db.execute(
                "SELECT raised_ms FROM alarm WHERE severity = 'emergency' AND raised_ms > ? ORDER BY raised_ms",
                (since_ms,),
            ).fetchall()
        return [row["raised_ms"] for row in rows]

    def conditions(self, boot_id: str) -> dict[tuple[str, str], Condition]:
        """(rule, place) → condition of all that are not normal, exactly as the last change left them.

        A delay that was running when the machine itself went down starts again: its clock is gone.
        """
        with self._database.read() as db:
            turning = {
                (row["rule"], row["place"]): row["since_mono_ms"]
                for row in db.execute("SELECT * FROM alarm_turning WHERE boot_id = ?", (boot_id,))
            }
            found = {
                (row["rule"], row["place"]): Condition(bool(row["active"]), bool(row["acked"]), bool(row["latched"]))
                for row in db.execute("SELECT * FROM alarm WHERE cleared_ms IS NULL")
            }
        for key, since_ms in turning.items():
            found[key] = replace(found.get(key, alarms.NORMAL), turning_ms=since_ms)
        return found

    def observe(
        self, change: Change, limit: Limit, place: str, value: int | None, now_ms: int, boot_id: str
    ) -> alarms.Change | None:
        """Step one rule at one place with ``value``; events ``alarm.raised``, ``alarm.returned``, ``alarm.cleared``.

        Judged on the row inside the transaction, so an acknowledgement between two looks is never overwritten.
        """
        row = _standing(change.db, limit.rule, place)
        before = _condition(change.db, row, limit.rule, place, boot_id)
        after, what = alarms.step(limit, before, value, now_ms)
        if after.turning_ms != before.turning_ms:
            _set_turning(change.db, limit.rule, place, after.turning_ms, boot_id)
        if what is not None:
            if row is None:
                alarm_id = _insert(change, limit, place)
            else:
                alarm_id = row["id"]
            if what == "raised":
                change.db.execute(
                    "UPDATE alarm SET value = ?, bound = ?, raised_ms = ? WHERE id = ?",
                    (value, limit.bound, change.utc_ms, alarm_id),
                )
            else:
                change.db.execute("UPDATE alarm SET returned_ms = ? WHERE id = ?", (change.utc_ms, alarm_id))
            _keep(change, alarm_id, after, what, NODE)
        return what

    def acknowledge(self, change: Change, alarm_id: str, actor: str) -> Alarm:
        """Event ``alarm.acknowledged``, and ``alarm.cleared`` where the cause was gone already."""
        alarm = _get(change.db, alarm_id)
        after, what = alarms.acknowledge(_of(alarm))
        change.db.execute("UPDATE alarm SET acked_ms = ?, acked_by = ? WHERE id = ?", (change.utc_ms, actor, alarm_id))
        _keep(change, alarm_id, after, "acknowledged", actor)
        if what == "cleared":
            _keep(change, alarm_id, after, "cleared", actor)
        return _get(change.db, alarm_id)

    def again(self, change: Change, alarm_id: str) -> Alarm:
        """It was acknowledged and lasts: event ``alarm.raised`` once more."""
        after, what = alarms.again(_of(_get(change.db, alarm_id)))
        change.db.execute("UPDATE alarm SET acked_ms = NULL, acked_by = '' WHERE id = ?", (alarm_id,))
        _keep(change, alarm_id, after, what, NODE)
        return _get(change.db, alarm_id)

    def reset(self, change: Change, alarm_id: str, actor: str) -> Alarm:
        """A person looked and takes a latched alarm back; event ``alarm.cleared``."""
        after, what = alarms.reset(_of(_get(change.db, alarm_id)))
        _keep(change, alarm_id, after, what, actor)
        return _get(change.db, alarm_id)


def _of(alarm: Alarm) -> Condition:
    if alarm.cleared_ms is not None:
        return alarms.NORMAL
    return Condition(alarm.active, alarm.acked, alarm.latched)


def _standing(db: Connection, rule: str, place: str) -> Row | None:
    row: Row | None = db.execute(
        "SELECT * FROM alarm WHERE rule = ? AND place = ? AND cleared_ms IS NULL", (rule, place)
    ).fetchone()
    return row


def _condition(db: Connection, row: Row | None, rule: str, place: str, boot_id: str) -> Condition:
    turning = db.execute(
        "SELECT since_mono_ms FROM alarm_turning WHERE rule = ? AND place = ? AND boot_id = ?", (rule, place, boot_id)
    ).fetchone()
    since_ms = None if turning is None else turning["since_mono_ms"]
    if row is None:
        return Condition(turning_ms=since_ms)
    return Condition(bool(row["active"]), bool(row["acked"]), bool(row["latched"]), since_ms)


def _set_turning(db: Connection, rule: str, place: str, since_ms: int | None, boot_id: str) -> None:
    if since_ms is None:
        db.execute("DELETE FROM alarm_turning WHERE rule = ? AND place = ?", (rule, place))
    else:
        db.execute("INSERT OR REPLACE INTO alarm_turning VALUES (?, ?, ?, ?)", (rule, place, since_ms, boot_id))


def _insert(change: Change, limit: Limit, place: str) -> str:
    alarm_id = new_id(change.utc_ms)
    change.db.execute(
        "INSERT INTO alarm (id, rule, place, severity, active, acked, latched, value, bound, raised_ms)"
        " VALUES (?, ?, ?, ?, 0, 1, 0, 0, 0, ?)",
        (alarm_id, limit.rule, place, limit.severity, change.utc_ms),
    )
    return alarm_id


def _keep(change: Change, alarm_id: str, after: Condition, what: alarms.Change, actor: str) -> None:
    change.db.execute(
        "UPDATE alarm SET active = ?, acked = ?, latched = ?, cleared_ms = ? WHERE id = ?",
        (after.active, after.acked, after.latched, change.utc_ms if after.over else None, alarm_id),
    )
    alarm = _get(change.db, alarm_id)
    body: dict[str, Any] = {
        "alarm": alarm.id,
        "rule": alarm.rule,
        "place": alarm.place,
        "severity": alarm.severity,
        "active": int(alarm.active),
        "acked": int(alarm.acked),
        "latched": int(alarm.latched),
        "value": alarm.value,
        "limit": alarm.limit,
    }
    change.event(f"alarm.{what}", subject=alarm.id, actor=actor, body=body)


def _get(db: Connection, alarm_id: str) -> Alarm:
    row = db.execute("SELECT * FROM alarm WHERE id = ?", (alarm_id,)).fetchone()
    if row is None:
        raise InputRefused("alarm_unknown", "look_again", alarm=alarm_id)
    return _alarm(row)


def _alarm(row: Row) -> Alarm:
    return Alarm(
        id=row["id"],
        rule=row["rule"],
        place=row["place"],
        severity=row["severity"],
        active=bool(row["active"]),
        acked=bool(row["acked"]),
        latched=bool(row["latched"]),
        value=row["value"],
        limit=row["bound"],
        raised_ms=row["raised_ms"],
        acked_ms=row["acked_ms"],
        acked_by=row["acked_by"],
        returned_ms=row["returned_ms"],
        cleared_ms=row["cleared_ms"],
    )
