"""Events of a period as registers and reports read them: what happened, where, whose, and what of it left the room."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cloud_sync.store.database import Database


@dataclass(frozen=True, slots=True)
class Happening:
    """``body`` {}: its content stays in the room (``withheld``)."""

    node: str
    action: str
    subject: str
    actor: str
    utc_ms: int
    body: dict[str, Any]
    withheld: bool


class Happenings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rooms(self) -> dict[str, str]:
        """Node → the room's name."""
        query = (
            "SELECT node.node, coalesce(nullif(heartbeat.name, ''), nullif(node.name, ''), node.node) AS name"
            " FROM node LEFT JOIN heartbeat USING (node) ORDER BY node.node"
        )
        with self._database.read() as db:
            return {row["node"]: row["name"] for row in db.execute(query)}

    def of(self, node: str, families: tuple[str, ...], from_ms: int, until_ms: int) -> list[Happening]:
        """In the room's own order. ``families``: what stands before the dot of an action. ``node`` '': all rooms."""
        with self._database.read() as db:
            return list(_read(db, node, families, from_ms, until_ms))

    def loans(self, node: str) -> list[sqlite3.Row]:
        with self._database.read() as db:
            return db.execute("SELECT * FROM loan WHERE node = ? OR ? = ''", (node, node)).fetchall()


def _read(
    db: sqlite3.Connection, node: str, families: tuple[str, ...], from_ms: int, until_ms: int
) -> Iterator[Happening]:
    ranges = " OR ".join("(action >= ? AND action < ?)" for _family in families)
    bounds = [bound for family in families for bound in (f"{family}.", f"{family}/")]
    rows = db.execute(
        f"SELECT node, action, subject, actor, utc_ms, body FROM event WHERE ({ranges})"
        " AND (node = ? OR ? = '') AND utc_ms >= ? AND utc_ms < ? ORDER BY id",
        (*bounds, node, node, from_ms, until_ms),
    )
    for row in rows:
        body = json.loads(row["body"]) if row["body"] is not None else {}
        yield Happening(
            row["node"],
            row["action"],
            row["subject"],
            row["actor"],
            row["utc_ms"],
            body if isinstance(body, dict) else {},
            row["body"] is None,
        )
