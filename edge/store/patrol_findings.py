"""What a patrol found, open until somebody says what was done. Nothing of it is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.ids import new_id
from edge.domain.patrol import Evidence, Point
from edge.errors import InputRefused, RuleRefused
from edge.store import patrols
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database


@dataclass(frozen=True, slots=True)
class Finding:
    """``look``: id of a kept picture, "" = none. ``owner``, ``until``: who sees to it, by which day (ISO)."""

    id: str
    patrol_id: str
    kind: str
    words: str
    look: str
    found_ms: int
    found_by: str
    owner: str
    until: str
    closed_ms: int | None
    closed_by: str
    done: str
    what: str
    aisle: int | None
    place: str
    name: str

    def overdue(self, today: str) -> bool:
        return self.closed_ms is None and bool(self.until) and self.until < today


_FINDING = (
    "SELECT f.*, a.what, a.aisle, a.place, a.name FROM patrol_finding f"
    " JOIN patrol_answer a ON a.patrol_id = f.patrol_id AND a.point_id = f.point_id"
)


def standing(database: Database) -> list[Finding]:
    """Open ones: first those whose day comes first, then the oldest."""
    with database.read() as db:
        rows = db.execute(f"{_FINDING} WHERE f.closed_ms IS NULL ORDER BY f.until = '', f.until, f.rowid").fetchall()
    return [_finding(row) for row in rows]


def closed(database: Database, limit: int) -> list[Finding]:
    """Newest first."""
    with database.read() as db:
        rows = db.execute(
            f"{_FINDING} WHERE f.closed_ms IS NOT NULL ORDER BY f.closed_ms DESC, f.id LIMIT ?", (limit,)
        ).fetchall()
    return [_finding(row) for row in rows]


def of_round(database: Database, patrol_id: str) -> list[Finding]:
    with database.read() as db:
        rows = db.execute(f"{_FINDING} WHERE f.patrol_id = ? ORDER BY f.rowid", (patrol_id,)).fetchall()
    return [_finding(row) for row in rows]


def with_look(database: Database, look: str) -> bool:
    """Whether a finding holds this picture."""
    with database.read() as db:
        return bool(look) and db.execute("SELECT 1 FROM patrol_finding WHERE look = ?", (look,)).fetchone() is not None


def find(
    change: Change, patrol_id: str, point_id: str, kind: str, words: str, look: str, told: Sequence[Evidence], by: str
) -> str:
    """Events ``patrol.answered``, ``patrol.found`` and, for its words, ``patrol.noted``."""
    point: Point = patrols.open_point(change, patrol_id, point_id).point
    finding_id = new_id(change.utc_ms)
    patrols.keep_answer(change, patrol_id, point, "finding", told, by)
    change.db.execute(
        "INSERT INTO patrol_finding (id, patrol_id, point_id, kind, words, look, found_ms, found_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (finding_id, patrol_id, point_id, kind, words, look, change.utc_ms, by),
    )
    body = {"finding": finding_id, "patrol": patrol_id, "kind": kind, **patrols.of_point(point)}
    if look:
        body["look"] = look
    change.event("patrol.found", subject=finding_id, actor=by, body=body)
    patrols.note(change, "finding", finding_id, words, by)
    return finding_id


def assign(change: Change, finding_id: str, owner: str, until: str, by: str) -> None:
    """Who sees to it, until when; event ``patrol.finding_assigned``. RuleRefused ``finding_closed``."""
    _standing(change.db, finding_id)
    change.db.execute("UPDATE patrol_finding SET owner = ?, until = ? WHERE id = ?", (owner, until, finding_id))
    body = {"finding": finding_id, "owner": owner, "until": until}
    change.event("patrol.finding_assigned", subject=finding_id, actor=by, body=body)


def close(change: Change, finding_id: str, done: str, by: str) -> None:
    """Event ``patrol.finding_closed``. RuleRefused ``finding_closed``."""
    row = _standing(change.db, finding_id)
    change.db.execute(
        "UPDATE patrol_finding SET closed_ms = ?, closed_by = ?, done = ? WHERE id = ?",
        (change.utc_ms, by, done, finding_id),
    )
    body = {"finding": finding_id, "patrol": row["patrol_id"], "kind": row["kind"]}
    change.event("patrol.finding_closed", subject=finding_id, actor=by, body=body)
    patrols.note(change, "finding", finding_id, done, by)


def _standing(db: Connection, finding_id: str) -> Row:
    row: Row | None = db.execute("SELECT * FROM patrol_finding WHERE id = ?", (finding_id,)).fetchone()
    if row is None:
        raise InputRefused("finding_unknown", "look_again", finding=finding_id[:36])
    if row["closed_ms"] is not None:
        raise RuleRefused("finding_closed", "look_again")
    return row


def _finding(row: Row) -> Finding:
    return Finding(*(row[name] for name in Finding.__slots__))
