"""What people did at the centre itself: who, when, what, and why. Lines are added and never changed."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from cloud_sync.store.database import Database


class Deeds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, now_ms: int, person: str, deed: str, about: dict[str, Any]) -> None:
        self._database.write(lambda db: note(db, now_ms, person, deed, about))

    def recent(self, limit: int) -> list[dict[str, Any]]:
        """Newest first."""
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM deed ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
        return [{**dict(row), "about": json.loads(row["about"])} for row in rows]


def note(db: sqlite3.Connection, now_ms: int, person: str, deed: str, about: dict[str, Any]) -> None:
    """Within the transaction of what was done."""
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    db.execute("INSERT INTO deed (at_ms, person, deed, about) VALUES (?, ?, ?, ?)", (now_ms, person, deed, text))
