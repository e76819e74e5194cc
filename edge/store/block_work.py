"""Work at the block: the maintenance key and the name of whoever holds it, the padlock; every change is an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edge.domain.ids import new_id
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store.database import NODE, Change, Database

Kind = Literal["maintenance", "lockout"]


@dataclass(frozen=True, slots=True)
class Work:
    """``person_id`` and ``held_by``, the name, are empty until somebody has signed for the key."""

    id: str
    kind: Kind
    began_ms: int
    person_id: str
    held_by: str


class BlockWork:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, area: str) -> dict[Kind, Work]:
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM block_work WHERE area = ? AND ended_ms IS NULL", (area,)).fetchall()
        found = [Work(row["id"], row["kind"], row["began_ms"], row["person_id"], row["held_by"]) for row in rows]
        return {work.kind: work for work in found}

    def began(self, change: Change, area: str, kind: Kind, columns: list[int]) -> None:
        """``columns``: whose boards see it. Event ``maintenance.began`` or ``lockout.began``."""
        work_id = new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO block_work (id, area, kind, began_ms) VALUES (?, ?, ?, ?)",
            (work_id, area, kind, change.utc_ms),
        )
        body = {"work": work_id, "block": area, "columns": columns}
        if kind == "maintenance":
            change.event("maintenance.began", subject=area, actor=NODE, body=body, level="open")
        else:
            change.event("lockout.began", subject=area, actor=NODE, body=body, level="open")

    def sign(self, change: Change, area: str, person: Person) -> None:
        """``person`` holds the key from now on; event ``maintenance.signed``. RuleRefused where no key is turned."""
        row = change.db.execute(
            "SELECT id FROM block_work WHERE area = ? AND kind = 'maintenance' AND ended_ms IS NULL", (area,)
        ).fetchone()
        if row is None:
            raise RuleRefused("key_not_turned", "turn_key_first")
        change.db.execute(
            "UPDATE block_work SET person_id = ?, held_by = ?, signed_ms = ? WHERE id = ?",
            (person.id, person.name, change.utc_ms, row["id"]),
        )
        body = {"work": row["id"], "block": area, "held_by": person.name}
        change.event("maintenance.signed", subject=area, actor=person.id, body=body)

    def ended(self, change: Change, area: str, work: Work) -> None:
        """Event ``maintenance.ended`` or ``lockout.ended``."""
        change.db.execute("UPDATE block_work SET ended_ms = ? WHERE id = ?", (change.utc_ms, work.id))
        body = {"work": work.id, "block": area, "lasted_ms": max(0, change.utc_ms - work.began_ms)}
        if work.kind == "maintenance":
            body_of_key = {**body, "held_by": work.held_by}
            change.event("maintenance.ended", subject=area, actor=work.person_id or NODE, body=body_of_key)
        else:
            change.event("lockout.ended", subject=area, actor=NODE, body=body, level="open")
