"""Differences 盘点差异 between what was counted and the index, what became of each, and who signed the sheet."""

from __future__ import annotations

from typing import Any

from edge.domain.ids import new_id
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database
from edge.store.stocktakes import Difference

ACCOUNTED = ("on_loan", "in_transit")  # away, but the index knows where
MAY_FOLLOW = {
    "open": ("approved", "left", "in_hand"),
    "in_hand": ("righted", "open"),
    "approved": (),
    "left": (),
    "righted": (),
    "accounted": (),
}


def add(
    change: Change,
    stocktake_id: str,
    kind: str,
    slot: str,
    *,
    box_id: str | None = None,
    item_id: str | None = None,
    belongs: str = "",
    counted: int | None = None,
    catalogued: int | None = None,
) -> None:
    """No event of its own: the count that found it tells how many there are."""
    state = "accounted" if kind in ACCOUNTED else "open"
    change.db.execute(
        "INSERT INTO stocktake_difference"
        " (id, stocktake_id, kind, slot, box_id, item_id, belongs, counted, catalogued, state)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        (new_id(change.utc_ms), stocktake_id, kind, slot, box_id, item_id, belongs, counted, catalogued, state),
    )


def carried(database: Database) -> list[Difference]:
    """Misplaced boxes in somebody's hands, on their way to where they belong."""
    with database.read() as db:
        rows = db.execute("SELECT * FROM stocktake_difference WHERE state = 'in_hand'").fetchall()
    return [_difference(row) for row in rows]


def forget(change: Change, stocktake_id: str, bay: str) -> None:
    """Before a bay is counted again; decided ones stay."""
    change.db.execute(
        "DELETE FROM stocktake_difference WHERE stocktake_id = ? AND substr(slot, 1, ?) = ?"
        " AND state IN ('open', 'accounted')",
        (stocktake_id, len(bay) + 1, f"{bay}-"),
    )


def of(database: Database, stocktake_id: str) -> list[Difference]:
    with database.read() as db:
        rows = db.execute(
            "SELECT d.* FROM stocktake_difference AS d LEFT JOIN slot ON slot.code = d.slot"
            " WHERE stocktake_id = ? ORDER BY slot.sort, d.id",
            (stocktake_id,),
        ).fetchall()
    return [_difference(row) for row in rows]


def get(database: Database, difference_id: str) -> Difference:
    """Raises InputRefused ``difference_unknown``."""
    with database.read() as db:
        return _get(db, difference_id)


def set_state(change: Change, difference_id: str, state: str, person_id: str, **said: Any) -> Difference:
    """Event ``stocktake.difference_<state>``. Raises RuleRefused ``difference_state`` where it may not follow."""
    now = _get(change.db, difference_id)
    if state not in MAY_FOLLOW[now.state]:
        raise RuleRefused("difference_state", "look_again", difference_state=now.state, difference_wanted=state)
    change.db.execute(
        "UPDATE stocktake_difference SET state = ?, decided_by = ?, decided_ms = ? WHERE id = ?",
        (state, person_id, change.utc_ms, difference_id),
    )
    body = {"difference": difference_id, "kind": now.kind, "slot": now.slot, "box": now.box_id or "", **said}
    change.event(f"stocktake.difference_{state}", subject=now.stocktake_id, actor=person_id, body=body)
    return _get(change.db, difference_id)


def sign(change: Change, stocktake_id: str, person_id: str, needed: int) -> int:
    """Event ``stocktake.signed``; with the last one needed ``stocktake.closed``. How many have signed.

    RuleRefused ``signed_already``: two signatures are two people's.
    """
    if change.db.execute(
        "SELECT 1 FROM stocktake_signature WHERE stocktake_id = ? AND person_id = ?", (stocktake_id, person_id)
    ).fetchone():
        raise RuleRefused("signed_already", "ask_second_person")
    change.db.execute("INSERT INTO stocktake_signature VALUES (?, ?, ?)", (stocktake_id, person_id, change.utc_ms))
    change.event("stocktake.signed", subject=stocktake_id, actor=person_id, body={"stocktake": stocktake_id})
    row = change.db.execute(
        "SELECT count(*) AS signed FROM stocktake_signature WHERE stocktake_id = ?", (stocktake_id,)
    ).fetchone()
    signed = int(row["signed"])
    if signed >= needed:
        change.db.execute("UPDATE stocktake SET closed_ms = ? WHERE id = ?", (change.utc_ms, stocktake_id))
        change.event("stocktake.closed", subject=stocktake_id, actor=person_id, body={"stocktake": stocktake_id})
    return signed


def _get(db: Connection, difference_id: str) -> Difference:
    row = db.execute("SELECT * FROM stocktake_difference WHERE id = ?", (difference_id,)).fetchone()
    if row is None:
        raise InputRefused("difference_unknown", "look_again")
    return _difference(row)


def _difference(row: Row) -> Difference:
    return Difference(*(row[name] for name in Difference.__dataclass_fields__))
