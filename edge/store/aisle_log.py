"""Since when each aisle counts as occupied, as this node saw it; every change is an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from edge.store.database import NODE, Change, Database


@dataclass(frozen=True, slots=True)
class Occupied:
    aisle: int
    why: str
    since_ms: int


class AisleLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def occupied(self, area: str) -> dict[int, Occupied]:
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM aisle_since WHERE area = ?", (area,)).fetchall()
        return {row["aisle"]: Occupied(row["aisle"], row["why"], row["since_ms"]) for row in rows}

    def changed(self, change: Change, area: str, occupied: Mapping[int, str], cleared: Iterable[int]) -> None:
        """``occupied``: aisle → why; the first reason and moment stay. Event ``aisles.changed``."""
        for aisle in cleared:
            change.db.execute("DELETE FROM aisle_since WHERE area = ? AND aisle = ?", (area, aisle))
        for aisle, why in occupied.items():
            change.db.execute(
                "INSERT OR IGNORE INTO aisle_since VALUES (?, ?, ?, ?)", (area, aisle, why, change.utc_ms)
            )
        body = {
            "block": area,
            "occupied": [{"aisle": aisle, "why": why} for aisle, why in sorted(occupied.items())],
            "cleared": sorted(cleared),
        }
        change.event("aisles.changed", subject=area, actor=NODE, body=body)
