"""Loans, alarms, boxes and patrols as the events of a node say: a projection, never written by anything else.

A withheld body changes nothing here. An event body that an older or newer node wrote may lack a field or carry
more of them; what is missing stays as it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

TABLES = ("loan", "alarm", "box", "patrol", "finding")

_ALARM_ACTIONS = frozenset({"alarm.raised", "alarm.acknowledged", "alarm.cleared", "alarm.returned"})
_PATROL_STATES = {"patrol.begun": "open", "patrol.signed": "signed", "patrol.given_up": "given_up"}
_FINDING_ACTIONS = frozenset({"patrol.found", "patrol.finding_assigned", "patrol.finding_closed"})
_BOX_ACTIONS = frozenset({"box.placed", "box.taken", "box.unplaced"})


def apply(db: sqlite3.Connection, node: str, action: str, utc_ms: int, body: bytes | None, actor: str) -> None:
    if body is None:
        return
    said = json.loads(body)
    if not isinstance(said, dict):
        return
    if action.startswith("loan.") and "state" in said:
        _loan(db, node, utc_ms, said, actor)
    elif action in _ALARM_ACTIONS and "alarm" in said:
        _alarm(db, node, utc_ms, said)
    elif action in _BOX_ACTIONS and "box" in said:
        _box(db, node, action, utc_ms, said)
    elif action in _PATROL_STATES and "patrol" in said:
        _patrol(db, node, _PATROL_STATES[action], utc_ms, said)
    elif action in _FINDING_ACTIONS and "finding" in said:
        _finding(db, node, action == "patrol.finding_closed", utc_ms, said)


def rebuild(db: sqlite3.Connection, node: str) -> None:
    """Build this node's projection anew from its events that still hold."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table} WHERE node = ?", (node,))
    for event in effective_events(db, node):
        apply(db, node, event["action"], event["utc_ms"], event["body"], event["actor"])


def rebuild_all(db: sqlite3.Connection) -> None:
    for row in db.execute("SELECT node FROM node").fetchall():
        rebuild(db, row["node"])


def effective_events(db: sqlite3.Connection, node: str) -> Iterator[sqlite3.Row]:
    """The node's events in its own order, without what a restore undid.

    A node restored from a backup branches off its previous epoch; what the centre holds of that epoch beyond the
    branching point stays as evidence, but is no longer the state of the room.
    """
    epochs = db.execute("SELECT * FROM epoch WHERE node = ? ORDER BY no", (node,)).fetchall()
    for epoch in _line(epochs):
        yield from db.execute(
            "SELECT action, utc_ms, body, actor FROM event WHERE node = ? AND epoch = ? AND seq <= ? ORDER BY seq",
            (node, epoch[0], epoch[1]),
        ).fetchall()


def _line(epochs: list[sqlite3.Row]) -> list[tuple[str, int]]:
    """(epoch, last effective seq) from the oldest to the newest, following the links back from the newest."""
    by_name = {row["epoch"]: row for row in epochs}
    line: list[tuple[str, int]] = []
    current = epochs[-1] if epochs else None
    until = current["seq"] if current is not None else 0
    while current is not None:
        line.append((current["epoch"], until))
        until = current["previous_seq"]
        current = by_name.get(current["previous_epoch"])
    return line[::-1]


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return "" if value is None else str(value)


def _loan(db: sqlite3.Connection, node: str, utc_ms: int, said: dict[str, Any], actor: str) -> None:
    """``person`` and ``asked_ms`` are of the loan's first event, which whoever asked for it wrote."""
    db.execute(
        "INSERT INTO loan (node, loan, kind, item, box, slot, due, state, changed_ms, box_no, person, asked_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, loan) DO UPDATE SET"
        " kind = coalesce(nullif(excluded.kind, ''), kind), item = coalesce(nullif(excluded.item, ''), item),"
        " box = coalesce(nullif(excluded.box, ''), box), slot = coalesce(nullif(excluded.slot, ''), slot),"
        " due = coalesce(nullif(excluded.due, ''), due), state = excluded.state, changed_ms = excluded.changed_ms,"
        " box_no = coalesce(nullif(excluded.box_no, ''), box_no)",
        (
            node,
            *(_text(said, name) for name in ("loan", "kind", "item", "box", "slot", "due", "state")),
            utc_ms,
            _text(said, "box_no"),
            actor,
            utc_ms,
        ),
    )


def _alarm(db: sqlite3.Connection, node: str, utc_ms: int, said: dict[str, Any]) -> None:
    numbers = [value if isinstance(value := said.get(name), int) else None for name in ("value", "limit")]
    texts = [_text(said, name) for name in ("alarm", "rule", "place", "severity")]
    db.execute(
        "INSERT INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, alarm) DO UPDATE SET"
        " rule = coalesce(nullif(excluded.rule, ''), rule), place = coalesce(nullif(excluded.place, ''), place),"
        " severity = coalesce(nullif(excluded.severity, ''), severity), active = excluded.active,"
        " acked = excluded.acked, value = coalesce(excluded.value, value), bound = coalesce(excluded.bound, bound),"
        " changed_ms = excluded.changed_ms",
        (node, *texts, int(bool(said.get("active"))), int(bool(said.get("acked"))), *numbers, utc_ms),
    )


def _box(db: sqlite3.Connection, node: str, action: str, utc_ms: int, said: dict[str, Any]) -> None:
    slot = _text(said, "slot") if action == "box.placed" else ""
    db.execute(
        "INSERT INTO box VALUES (?, ?, ?, 1, ?) ON CONFLICT (node, box) DO UPDATE SET"
        " slot = excluded.slot, moves = moves + 1, changed_ms = excluded.changed_ms",
        (node, str(said["box"]), slot, utc_ms),
    )


def _patrol(db: sqlite3.Connection, node: str, state: str, utc_ms: int, said: dict[str, Any]) -> None:
    db.execute(
        "INSERT INTO patrol VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (node, patrol) DO UPDATE SET"
        " kind = coalesce(nullif(excluded.kind, ''), kind), state = excluded.state, changed_ms = excluded.changed_ms",
        (node, _text(said, "patrol"), _text(said, "kind"), state, utc_ms, utc_ms),
    )


def _finding(db: sqlite3.Connection, node: str, closed: bool, utc_ms: int, said: dict[str, Any]) -> None:
    db.execute(
        "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, finding) DO UPDATE SET"
        " kind = coalesce(nullif(excluded.kind, ''), kind), what = coalesce(nullif(excluded.what, ''), what),"
        " until = coalesce(nullif(excluded.until, ''), until), closed = excluded.closed,"
        " changed_ms = excluded.changed_ms",
        (node, *(_text(said, name) for name in ("finding", "kind", "what", "until")), int(closed), utc_ms),
    )
