"""Up to which day the climate by the hour has been told."""

from __future__ import annotations

import json
from datetime import date

from edge.store.database import Change, Database

TOLD = "climate.told"


def told(database: Database) -> date | None:
    with database.read() as db:
        row = db.execute("SELECT value FROM setting WHERE name = ?", (TOLD,)).fetchone()
    return None if row is None else date.fromisoformat(json.loads(row["value"]))


def keep_told(change: Change, day: date) -> None:
    change.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (TOLD, json.dumps(day.isoformat())))
