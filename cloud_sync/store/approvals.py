"""Requests that wait for somebody's word in any room, and what became of the answers that were asked of the rooms."""

from __future__ import annotations

import sqlite3
from typing import Any

from cloud_sync.store.database import Database
from cloud_sync.store.fleet import connection_state, takes

KINDS = ("approve_loan", "deny_loan")
DECIDED_SHOWN_MS = 30 * 86_400_000
MOST = 200

_ASKED = f"""
SELECT loan.*, coalesce(nullif(heartbeat.name, ''), node.name) AS room FROM loan
JOIN node USING (node) LEFT JOIN heartbeat USING (node)
WHERE loan.state = 'asked' ORDER BY asked_ms, loan LIMIT {MOST}
"""
_DECIDED = f"""
SELECT command.*, loan.box_no, loan.kind AS thing, loan.slot, loan.state AS loan_state,
       coalesce(nullif(heartbeat.name, ''), node.name) AS room
FROM command JOIN node USING (node) LEFT JOIN heartbeat USING (node)
LEFT JOIN loan ON loan.node = command.node AND loan.loan = command.subject
WHERE command.kind IN ('approve_loan', 'deny_loan') AND command.asked_ms > ? ORDER BY command.asked_ms DESC LIMIT {MOST}
"""
# Nothing of a secret request leaves its room but that there is one.
_WITHHELD = """
SELECT e.node, coalesce(nullif(heartbeat.name, ''), node.name) AS room, count(*) AS count
FROM event e JOIN node USING (node) LEFT JOIN heartbeat USING (node)
WHERE e.body IS NULL AND e.action GLOB 'loan.*' AND e.action = 'loan.asked' AND NOT EXISTS (
    SELECT 1 FROM event later WHERE later.body IS NULL AND later.action GLOB 'loan.*'
    AND later.node = e.node AND later.subject = e.subject AND later.id > e.id AND later.action != 'loan.opinion')
GROUP BY e.node ORDER BY e.node
"""


class Approvals:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, now_ms: int) -> dict[str, Any]:
        """``waiting``: longest first, each with its room's state and the last question about it; ``withheld``: how many
        wait in a room whose content stays there; ``decided``: what was asked of the rooms lately, newest first.
        """
        with self._database.read() as db:
            decided = [{**dict(row), "became": became(row, now_ms)} for row in _decided(db, now_ms)]
            last: dict[tuple[str, str], dict[str, Any]] = {}
            for one in decided:
                last.setdefault((one["node"], one["subject"]), one)
            waiting = [
                {
                    **dict(row),
                    "room_state": _state(db, row["node"], now_ms),
                    "may_ask": KINDS[0] in takes(db, row["node"]),
                    "question": last.get((row["node"], row["loan"])),
                }
                for row in db.execute(_ASKED)
            ]
            withheld = [dict(row) for row in db.execute(_WITHHELD)]
        return {"waiting": waiting, "withheld": withheld, "decided": decided}


def became(command: sqlite3.Row, now_ms: int) -> str:
    """``sent``, ``done``, ``refused`` (its ``code`` says why) or ``expired``: no answer came in time."""
    if command["ok"] is not None:
        return "done" if command["ok"] else "refused"
    return "sent" if now_ms <= command["expires_ms"] else "expired"


def _decided(db: sqlite3.Connection, now_ms: int) -> list[sqlite3.Row]:
    return db.execute(_DECIDED, (now_ms - DECIDED_SHOWN_MS,)).fetchall()


def _state(db: sqlite3.Connection, node: str, now_ms: int) -> str:
    return connection_state(db.execute("SELECT * FROM heartbeat WHERE node = ?", (node,)).fetchone(), now_ms)
