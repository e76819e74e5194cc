"""Since when each latched fault of a carriage board stands, as this node saw it; every change is an event."""

from __future__ import annotations

from collections.abc import Iterable

from edge.store.database import NODE, Change, Database

Fault = tuple[int, str]  # column, name in registers.FAULTS


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


def _by_name(faults: Iterable[Fault]) -> dict[str, list[int]]:
    """Fault → its columns."""
    found: dict[str, list[int]] = {}
    for column, fault in sorted(faults):
        found.setdefault(fault, []).append(column)
    return found
