"""People trapped: reported without a login, ended by somebody who signs for it; and this site's own words for help."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from edge.domain.ids import new_id
from edge.errors import RuleRefused
from edge.store.database import Change, Database

SETTING = "entrapment.help"


@dataclass(frozen=True, slots=True)
class Entrapment:
    id: str
    reported_by: str
    reported_ms: int


class Entrapments:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> Entrapment | None:
        with self._database.read() as db:
            row = db.execute("SELECT * FROM entrapment WHERE ended_ms IS NULL").fetchone()
        return None if row is None else Entrapment(row["id"], row["reported_by"], row["reported_ms"])

    def report(self, change: Change, area: str, panel_id: str) -> None:
        """Event ``entrapment.reported``; pressed again, it stays one report and one more event."""
        row = change.db.execute("SELECT id FROM entrapment WHERE ended_ms IS NULL").fetchone()
        entrapment_id = new_id(change.utc_ms) if row is None else row["id"]
        if row is None:
            change.db.execute(
                "INSERT INTO entrapment (id, reported_by, reported_ms) VALUES (?, ?, ?)",
                (entrapment_id, panel_id, change.utc_ms),
            )
        body = {"entrapment": entrapment_id, "block": area, "again": int(row is not None)}
        change.event("entrapment.reported", subject=entrapment_id, actor=panel_id, body=body, level="open")

    def end(self, change: Change, area: str, person_id: str) -> None:
        """Everybody is out; event ``entrapment.ended``. Raises RuleRefused where nothing was reported."""
        row = change.db.execute("SELECT id FROM entrapment WHERE ended_ms IS NULL").fetchone()
        if row is None:
            raise RuleRefused("nobody_reported_trapped", "look_again")
        change.db.execute(
            "UPDATE entrapment SET ended_ms = ?, ended_by = ? WHERE id = ?", (change.utc_ms, person_id, row["id"])
        )
        body = {"entrapment": row["id"], "block": area}
        change.event("entrapment.ended", subject=row["id"], actor=person_id, body=body, level="open")

    def help(self) -> dict[str, str]:
        """What this site wrote: where the crank is, whom to call. Missing names: the product's own words."""
        with self._database.read() as db:
            row = db.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
        return {} if row is None else dict(json.loads(row["value"]))

    def set_help(self, change: Change, texts: Mapping[str, str], person_id: str) -> None:
        """Event ``entrapment.help_changed``."""
        value = json.dumps(dict(texts), ensure_ascii=False, sort_keys=True)
        change.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING, value))
        change.event("entrapment.help_changed", subject=SETTING, actor=person_id, body={"names": sorted(texts)})
