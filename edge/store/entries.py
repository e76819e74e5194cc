"""Entries 出入库登记: who was let in, with whom, why, when in and when out. What papers say stays in the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.door import Asked
from edge.domain.ids import new_id
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection, Row
from edge.store.database import NODE, Change, Database


@dataclass(frozen=True, slots=True)
class Entry:
    """``person_id`` "": a visitor, with ``name``. ``came_ms`` None: let in, and the door was not opened."""

    id: str
    state: str
    person_id: str
    name: str
    organisation: str
    papers: str
    approved_by: str
    escort_id: str
    reason: str
    let_in_ms: int
    came_ms: int | None
    left_ms: int | None
    left_how: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is not in the directory; ``papers``: kind, number, issuing body."""

    name: str
    organisation: str
    papers: str
    approved_by: str


def inside(database: Database) -> list[Entry]:
    """Who went in and has not gone out, as far as anybody knows: a hint, never proof that nobody is there."""
    with database.read() as db:
        return [_entry(row) for row in db.execute("SELECT * FROM entry WHERE state = 'inside' ORDER BY came_ms, id")]


def recent(database: Database, limit: int, before_ms: int | None = None) -> list[Entry]:
    """Newest first."""
    with database.read() as db:
        rows = db.execute(
            "SELECT * FROM entry WHERE let_in_ms < ? ORDER BY let_in_ms DESC, id DESC LIMIT ?",
            (before_ms if before_ms is not None else 1 << 62, limit),
        ).fetchall()
    return [_entry(row) for row in rows]


def let_in(change: Change, group: Sequence[Asked], reason: str) -> None:
    """The lock is released for ``group``; event ``door.released``."""
    able = [one.person_id for one in group if one.may_enter]
    ids = []
    for one in group:
        ids.append(new_id(change.utc_ms))
        escort = "" if one.may_enter else able[-1]
        change.db.execute(
            "INSERT INTO entry (id, state, person_id, escort_id, reason, let_in_ms) VALUES (?, 'let_in', ?, ?, ?, ?)",
            (ids[-1], one.person_id, escort, reason, change.utc_ms),
        )
    body = {"entries": ids, "people": [one.person_id for one in group], "reason": reason}
    change.event("door.released", subject=ids[0], actor=able[-1], body=body)


def came(change: Change) -> list[str]:
    """Whoever was let in has opened the door and is inside. An earlier entry of theirs ends without a time."""
    rows = change.db.execute("SELECT id, person_id FROM entry WHERE state = 'let_in' ORDER BY id").fetchall()
    for row in rows:
        change.db.execute(
            "UPDATE entry SET state = 'unseen' WHERE state = 'inside' AND person_id = ?", (row["person_id"],)
        )
        change.db.execute("UPDATE entry SET state = 'inside', came_ms = ? WHERE id = ?", (change.utc_ms, row["id"]))
    return [row["id"] for row in rows]


def unused(change: Change) -> None:
    """Let in, and the door was not opened; event ``door.unused``."""
    rows = change.db.execute("SELECT id FROM entry WHERE state = 'let_in' ORDER BY id").fetchall()
    if rows:
        change.db.execute("UPDATE entry SET state = 'unused' WHERE state = 'let_in'")
        body = {"entries": [row["id"] for row in rows]}
        change.event("door.unused", subject=rows[0]["id"], actor=NODE, body=body)


def visited(change: Change, visitor: Visitor, escort_id: str, reason: str) -> str:
    """A visitor is inside, beside ``escort_id``; event ``entry.visitor``, which names nobody but the escort."""
    entry_id = new_id(change.utc_ms)
    change.db.execute(
        "INSERT INTO entry (id, state, name, organisation, papers, approved_by, escort_id, reason, let_in_ms, came_ms)"
        " VALUES (?, 'inside', ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry_id,
            visitor.name,
            visitor.organisation,
            visitor.papers,
            visitor.approved_by,
            escort_id,
            reason,
            change.utc_ms,
            change.utc_ms,
        ),
    )
    change.event("entry.visitor", subject=entry_id, actor=escort_id, body={"entry": entry_id, "reason": reason})
    return entry_id


def left(change: Change, entry_id: str, how: str, at_ms: int, actor: str) -> None:
    """Event ``entry.left``. ``how``: ``door`` or ``said``. Raises RuleRefused ``not_inside``, InputRefused."""
    row = change.db.execute("SELECT state FROM entry WHERE id = ?", (entry_id,)).fetchone()
    if row is None:
        raise InputRefused("entry_unknown", "look_again", entry=entry_id)
    if row["state"] != "inside":
        raise RuleRefused("not_inside", "look_again")
    change.db.execute("UPDATE entry SET state = 'left', left_ms = ?, left_how = ? WHERE id = ?", (at_ms, how, entry_id))
    change.event("entry.left", subject=entry_id, actor=actor, body={"entry": entry_id, "how": how, "at_ms": at_ms})


def alone_inside(db: Connection) -> str | None:
    """The one entry that is inside; None where there are several, or none."""
    rows = db.execute("SELECT id FROM entry WHERE state = 'inside' LIMIT 2").fetchall()
    return rows[0]["id"] if len(rows) == 1 else None


def _entry(row: Row) -> Entry:
    return Entry(*(row[name] for name in Entry.__slots__))
