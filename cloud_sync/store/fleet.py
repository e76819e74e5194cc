"""What the console shows of the rooms: read-only, plain dictionaries ready for JSON."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cloud_sync.contract import OFFLINE_AFTER_S
from cloud_sync.store.database import Database

OPEN_LOANS = ("asked", "approved", "pulling", "verified", "handed_over", "returned", "confirmed")

OVERDUE = "(state = 'handed_over' AND due != '' AND due < ?)"


class Fleet:
    """``zone``: by whose day a due date has passed."""

    def __init__(self, database: Database, zone: str) -> None:
        self._database, self._zone = database, ZoneInfo(zone)

    def nodes(self) -> list[dict[str, Any]]:
        """Enrolled nodes, by id."""
        with self._database.read() as db:
            return [dict(row) for row in db.execute("SELECT * FROM node ORDER BY node")]

    def rooms(self, now_ms: int) -> list[dict[str, Any]]:
        """Every room at a glance."""
        with self._database.read() as db:
            nodes = db.execute("SELECT node, name FROM node ORDER BY node").fetchall()
            return [_room(db, node["node"], node["name"], now_ms, self._today(now_ms)) for node in nodes]

    def room(self, node: str, now_ms: int) -> dict[str, Any] | None:
        """One room: the glance and its events, loans, alarms, readings, quarantine and epochs. None: not enrolled."""
        with self._database.read() as db:
            known = db.execute("SELECT node, name FROM node WHERE node = ?", (node,)).fetchone()
            if known is None:
                return None
            return {
                **_room(db, node, known["name"], now_ms, self._today(now_ms)),
                "takes": takes(db, node),
                "events": _events(db, node, 60),
                "loans": _loans(db, node, self._today(now_ms)),
                "alarms": _alarms(db, node),
                "readings": _rows(db, "SELECT * FROM reading WHERE node = ? ORDER BY place, measurand", node),
                "quarantine": _rows(
                    db,
                    "SELECT id, leaf, why, epoch, seq, times, first_ms, last_ms FROM quarantine WHERE node = ?"
                    " ORDER BY last_ms DESC LIMIT 50",
                    node,
                ),
                "epochs": _rows(
                    db,
                    "SELECT epoch, no, seq, previous_epoch, previous_seq, received_ms FROM epoch WHERE node = ?"
                    " ORDER BY no DESC",
                    node,
                ),
                "commands": _rows(
                    db,
                    "SELECT * FROM command WHERE node = ? AND asked_ms > ? ORDER BY asked_ms DESC",
                    node,
                    now_ms - 86_400_000,
                ),
            }

    def events(self, node: str, limit: int) -> list[dict[str, Any]]:
        """Newest first, by arrival."""
        with self._database.read() as db:
            return _events(db, node, limit)

    def alarms(self, node: str) -> list[dict[str, Any]]:
        with self._database.read() as db:
            return _alarms(db, node)

    def _today(self, now_ms: int) -> str:
        return datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(self._zone).date().isoformat()


def connection_state(heartbeat: sqlite3.Row | None, now_ms: int) -> str:
    """``online``, ``stopped``, ``offline`` or ``never``: by the age of the last heartbeat, never by 'online' alone.

    A broker that dies together with its node leaves 'online' behind as a retained message for ever.
    """
    if heartbeat is None:
        return "never"
    if heartbeat["state"] == "stopped":
        return "stopped"
    if heartbeat["state"] == "lost" or now_ms - heartbeat["received_ms"] > OFFLINE_AFTER_S * 1000:
        return "offline"
    return "online"


def _room(db: sqlite3.Connection, node: str, name: str, now_ms: int, today: str) -> dict[str, Any]:
    beat = db.execute("SELECT * FROM heartbeat WHERE node = ?", (node,)).fetchone()
    held = db.execute("SELECT epoch, seq FROM epoch WHERE node = ? ORDER BY no DESC LIMIT 1", (node,)).fetchone()
    newest = db.execute(
        "SELECT utc_ms, received_ms, action FROM event WHERE node = ? ORDER BY id DESC LIMIT 1", (node,)
    ).fetchone()
    state = connection_state(beat, now_ms)
    return {
        "node": node,
        "name": (beat["name"] if beat is not None and beat["name"] else name) or node,
        "state": state,
        "heard_ms": beat["received_ms"] if beat is not None and beat["received_ms"] else None,
        "version": beat["version"] if beat is not None else "",
        "faults": json.loads(beat["faults"]) if beat is not None and state == "online" else [],
        "backlog": _backlog(beat, held) if state == "online" else None,
        "events_held": _count(db, "SELECT count(*) FROM event WHERE node = ?", node),
        "newest_ms": newest["utc_ms"] if newest is not None else None,
        "newest_action": newest["action"] if newest is not None else "",
        "alarms_open": _count(db, "SELECT count(*) FROM alarm WHERE node = ? AND (active OR NOT acked)", node),
        "alarms_unacked": _count(db, "SELECT count(*) FROM alarm WHERE node = ? AND NOT acked", node),
        "loans_open": _count(
            db,
            f"SELECT count(*) FROM loan WHERE node = ? AND state IN ({','.join('?' * len(OPEN_LOANS))})",
            node,
            *OPEN_LOANS,
        ),
        "loans_asked": _count(db, "SELECT count(*) FROM loan WHERE node = ? AND state = 'asked'", node),
        "loans_overdue": _count(db, f"SELECT count(*) FROM loan WHERE node = ? AND {OVERDUE}", node, today),
        "patrol_ms": db.execute(
            "SELECT max(changed_ms) FROM patrol WHERE node = ? AND state = 'signed'", (node,)
        ).fetchone()[0],
        "patrols_late": _count(
            db, "SELECT count(*) FROM alarm WHERE node = ? AND rule = 'patrol_late' AND active", node
        ),
        "findings_open": _count(db, "SELECT count(*) FROM finding WHERE node = ? AND NOT closed", node),
        "findings_overdue": _count(
            db, "SELECT count(*) FROM finding WHERE node = ? AND NOT closed AND until != '' AND until < ?", node, today
        ),
        "quarantined": _count(db, "SELECT count(*) FROM quarantine WHERE node = ?", node),
        "forks": _count(
            db, "SELECT count(*) FROM quarantine WHERE node = ? AND why IN ('fork', 'epoch_unlinked')", node
        ),
    }


def _backlog(beat: sqlite3.Row | None, held: sqlite3.Row | None) -> int | None:
    """Events that the node has and the centre lacks, by its newest heartbeat; None = unknown."""
    if beat is None:
        return None
    if held is None or held["epoch"] != beat["epoch"]:
        return int(beat["seq"])
    return max(0, int(beat["seq"]) - int(held["seq"]))


def _events(db: sqlite3.Connection, node: str, limit: int) -> list[dict[str, Any]]:
    rows = db.execute(
        "SELECT id, epoch, seq, utc_ms, received_ms, action, subject, actor, level, body FROM event WHERE node = ?"
        " ORDER BY id DESC LIMIT ?",
        (node, limit),
    ).fetchall()
    return [{**dict(row), "body": json.loads(row["body"]) if row["body"] is not None else None} for row in rows]


def takes(db: sqlite3.Connection, node: str) -> list[str]:
    """Command kinds that the node says it carries out."""
    row = db.execute("SELECT commands FROM capability WHERE node = ?", (node,)).fetchone()
    return list(json.loads(row["commands"])) if row is not None else []


def _loans(db: sqlite3.Connection, node: str, today: str) -> list[dict[str, Any]]:
    """Overdue first, oldest first; then what is out; then by the newest change."""
    order = f"{OVERDUE} DESC, CASE WHEN {OVERDUE} THEN due END, state = 'handed_over' DESC, changed_ms DESC"
    return _rows(db, f"SELECT * FROM loan WHERE node = ? ORDER BY {order} LIMIT 100", node, today, today)


def _alarms(db: sqlite3.Connection, node: str) -> list[dict[str, Any]]:
    return _rows(
        db, "SELECT * FROM alarm WHERE node = ? ORDER BY (active OR NOT acked) DESC, changed_ms DESC LIMIT 100", node
    )


def _rows(db: sqlite3.Connection, query: str, *values: object) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(query, values)]


def _count(db: sqlite3.Connection, query: str, *values: object) -> int:
    return int(db.execute(query, values).fetchone()[0])
