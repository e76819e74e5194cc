"""Labels to reprint: boxes whose spine 盒脊 says what is no longer so, until a new one is stuck on."""

from __future__ import annotations

from typing import Any

from edge.store.database import Change, Database


class SpineReprints:
    def __init__(self, database: Database) -> None:
        self._database = database

    def to_reprint(self) -> list[dict[str, Any]]:
        """Boxes whose spine is to be printed anew, longest waiting first."""
        query = (
            "SELECT r.box_id, b.box_no, b.fonds_no, b.home_slot, r.why, r.since_ms FROM label_reprint AS r"
            " JOIN box AS b ON b.id = r.box_id ORDER BY r.since_ms, r.box_id"
        )
        with self._database.read() as db:
            return [dict(zip(row.keys(), row, strict=True)) for row in db.execute(query)]

    def reprinted(self, change: Change, box_ids: list[str], actor: str) -> None:
        """These spines were printed and stuck on."""
        change.db.executemany("DELETE FROM label_reprint WHERE box_id = ?", [(one,) for one in box_ids])
        change.event("labels.reprinted", subject="node", actor=actor, body={"boxes": box_ids})


def reprint(change: Change, box_id: str, why: str) -> None:
    """The spine of this box says what is no longer so."""
    change.db.execute(
        "INSERT INTO label_reprint (box_id, why, since_ms) VALUES (?,?,?) ON CONFLICT (box_id) DO UPDATE"
        " SET why = excluded.why",
        (box_id, why, change.utc_ms),
    )


def reprint_box_of(change: Change, table: str, subject: str) -> None:
    """The numbers in the box that it lies in are others now."""
    row = change.db.execute(f"SELECT box_id FROM {table} WHERE id = ?", (subject,)).fetchone()
    if row["box_id"]:
        reprint(change, row["box_id"], "numbers")
