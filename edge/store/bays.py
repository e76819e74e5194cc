"""Bays 节 as the index has them: their slots, what stands or belongs there, and why what is away is away."""

from __future__ import annotations

from collections.abc import Iterable

from edge.domain.bays import Away, Known
from edge.errors import InputRefused
from edge.store import box_places
from edge.store.connection import Connection, Row
from edge.store.database import Database

_COLUMNS = "id, label, box_no, fonds_no, home_slot, slot, state"


def slots_of(database: Database, bay: str) -> dict[str, str]:
    """Slot label → slot code of a bay such as ``B1-A-03-R-02``, in shelving order. Raises InputRefused."""
    with database.read() as db:
        rows = db.execute(
            "SELECT code, label FROM slot WHERE substr(code, 1, length(?1) + 1) = ?1 || '-' ORDER BY sort", (bay,)
        ).fetchall()
    found = {row["label"]: row["code"] for row in rows}
    if not found or any(len(code.removeprefix(bay).split("-")) != 3 for code in found.values()):
        raise InputRefused("bay_unknown", "give_bay", bay=bay)
    return found


def bays(database: Database) -> list[str]:
    """Every bay of the room in shelving order."""
    with database.read() as db:
        rows = db.execute("SELECT code FROM slot ORDER BY sort").fetchall()
    return list(dict.fromkeys(row["code"].rsplit("-", 2)[0] for row in rows))


def of_slot_labels(database: Database, labels: Iterable[str]) -> list[str]:
    """The bay of each label that is a slot's of this room."""
    with database.read() as db:
        rows = [db.execute("SELECT code FROM slot WHERE label = ?", (label,)).fetchone() for label in labels]
    return [row["code"].rsplit("-", 2)[0] for row in rows if row]


def at_slots(database: Database, codes: Iterable[str]) -> dict[str, Known]:
    """Slot → the box that stands there by the index, else the one whose empty home it is."""
    found: dict[str, Known] = {}
    with database.read() as db:
        for code in codes:
            row = db.execute(
                f"SELECT {_COLUMNS} FROM shown_box WHERE slot = ?1 OR home_slot = ?1 ORDER BY slot = ?1 DESC LIMIT 1",
                (code,),
            ).fetchone()
            if row:
                found[code] = _known(db, row)
    return found


def by_labels(database: Database, labels: Iterable[str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    with database.read() as db:
        for label in labels:
            row = db.execute(f"SELECT {_COLUMNS} FROM shown_box WHERE label = ?", (label,)).fetchone()
            if row:
                found[label] = _known(db, row)
    return found


def counted_missing(database: Database, box_ids: Iterable[str]) -> set[str]:
    with database.read() as db:
        return {box_id for box_id in box_ids if box_places.counted_missing(db, box_id)}


def _known(db: Connection, row: Row) -> Known:
    away: Away | str = ""
    if row["slot"] is None:
        lent = db.execute(
            "SELECT 1 FROM loan WHERE box_id = ? AND kind = 'box' AND state = 'handed_over'", (row["id"],)
        ).fetchone()
        away = "on_loan" if lent else "" if box_places.counted_missing(db, row["id"]) else "in_transit"
    return Known(
        row["id"], row["label"], row["box_no"], row["fonds_no"], row["home_slot"] or "", row["slot"] or "",
        away,  # type: ignore[arg-type]  # one of its three words, above
    )  # fmt: skip


def standing(database: Database) -> list[str]:
    """Ids of the boxes that stand on the shelves."""
    with database.read() as db:
        return [row["id"] for row in db.execute("SELECT id FROM shown_box WHERE slot IS NOT NULL ORDER BY no")]
