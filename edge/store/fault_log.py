"""Since when each latched fault of a carriage board stands, as this node saw it; the inspection that a tilt leaves
behind, and the doubt that lasts until every position was found anew. Every change is an event.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from edge.domain.ids import new_id
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store.connection import Connection
from edge.store.database import NODE, Change, Database

Fault = tuple[int, str]  # column, name in registers.FAULTS

SHAKEN = "tilt"
_UNFOUND = "FROM block_inspection WHERE area = ? AND found_ms IS NULL"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Owed since ``owed_ms``; ``columns``: whose tilt switches acted."""

    id: str
    owed_ms: int
    columns: tuple[int, ...]


class FaultLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, area: str) -> dict[Fault, int]:
        """Each with UTC ms since when."""
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM block_fault WHERE area = ?", (area,)).fetchall()
        return {(row["column_no"], row["fault"]): row["since_ms"] for row in rows}

    def changed(self, change: Change, area: str, latched: Iterable[Fault], gone: Iterable[Fault]) -> None:
        """Event ``faults.changed``."""
        for column, fault in gone:
            change.db.execute(
                "DELETE FROM block_fault WHERE area = ? AND column_no = ? AND fault = ?", (area, column, fault)
            )
        for column, fault in latched:
            change.db.execute("INSERT INTO block_fault VALUES (?, ?, ?, ?)", (area, column, fault, change.utc_ms))
        body = {"block": area, "latched": _by_name(latched), "gone": _by_name(gone)}
        change.event("faults.changed", subject=area, actor=NODE, body=body)
        self._owe(change, area, [column for column, fault in sorted(latched) if fault == SHAKEN])

    def inspection(self, area: str) -> Inspection | None:
        """The one that is owed."""
        with self._database.read() as db:
            return _owed(db, area)

    def in_doubt(self, area: str) -> bool:
        """Whether a tilt was seen since every position was found: no position is believed, whoever restarted since."""
        with self._database.read() as db:
            return bool(db.execute(f"SELECT 1 {_UNFOUND}", (area,)).fetchone())

    def found(self, change: Change, area: str) -> None:
        """Every position was found since the inspection was signed. Event ``positions.found`` if any was in doubt."""
        rows = change.db.execute(f"SELECT id {_UNFOUND} AND made_ms IS NOT NULL", (area,)).fetchall()
        for row in rows:
            change.db.execute("UPDATE block_inspection SET found_ms = ? WHERE id = ?", (change.utc_ms, row["id"]))
            change.event("positions.found", subject=area, actor=NODE, body={"inspection": row["id"], "block": area})

    def inspected(self, change: Change, area: str, person: Person) -> None:
        """Event ``inspection.made``. RuleRefused where none is owed, or the switch still acts."""
        owed = _owed(change.db, area)
        if owed is None:
            raise RuleRefused("no_inspection_owed", "nothing_to_do")
        if change.db.execute("SELECT 1 FROM block_fault WHERE area = ? AND fault = ?", (area, SHAKEN)).fetchone():
            raise RuleRefused("still_tilted", "reset_tilt_first")
        values = (person.id, change.utc_ms, owed.id)
        change.db.execute("UPDATE block_inspection SET person_id = ?, made_ms = ? WHERE id = ?", values)
        body = {"inspection": owed.id, "block": area, "columns": list(owed.columns)}
        change.event("inspection.made", subject=area, actor=person.id, body=body)

    def _owe(self, change: Change, area: str, columns: list[int]) -> None:
        """Event ``inspection.owed``; one that is owed already takes the columns up."""
        if not columns:
            return
        owed = _owed(change.db, area)
        every = sorted({*columns, *(owed.columns if owed else ())})
        inspection = owed.id if owed else new_id(change.utc_ms)
        if owed:
            change.db.execute("UPDATE block_inspection SET columns = ? WHERE id = ?", (json.dumps(every), inspection))
        else:
            change.db.execute(
                "INSERT INTO block_inspection (id, area, columns, owed_ms) VALUES (?, ?, ?, ?)",
                (inspection, area, json.dumps(every), change.utc_ms),
            )
        body = {"inspection": inspection, "block": area, "columns": every}
        change.event("inspection.owed", subject=area, actor=NODE, body=body)


def _owed(db: Connection, area: str) -> Inspection | None:
    row = db.execute("SELECT * FROM block_inspection WHERE area = ? AND made_ms IS NULL", (area,)).fetchone()
    return Inspection(row["id"], row["owed_ms"], tuple(json.loads(row["columns"]))) if row else None


def _by_name(faults: Iterable[Fault]) -> dict[str, list[int]]:
    """Fault → its columns."""
    found: dict[str, list[int]] = {}
    for column, fault in sorted(faults):
        found.setdefault(fault, []).append(column)
    return found
