"""Stocktakes as rows; every change is an event ``stocktake.<what>``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from edge.domain.ids import new_id
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection
from edge.store.database import Change, Database

Kind = Literal["rolling", "full", "sample"]
How = Literal["scanned", "pictures", "looked"]


@dataclass(frozen=True, slots=True)
class Bay:
    """``state``: waiting, counting (nothing in it moves) or counted. ``at_slot``: the scanner's last slot.

    ``picture``: look of all its slots side by side, "" = none.
    """

    bay: str
    state: str
    person_id: str
    began_ms: int | None
    counted_ms: int | None
    at_slot: str
    picture: str


@dataclass(frozen=True, slots=True)
class Sampled:
    box_id: str
    person_id: str
    counted_ms: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """``state``: open → approved (index corrected) or left (as it is); misplaced also in_hand → righted; accounted.

    ``counted``: pages; ``catalogued``: as the index had them then.
    """

    id: str
    stocktake_id: str
    kind: str
    slot: str
    box_id: str | None
    item_id: str | None
    belongs: str
    counted: int | None
    catalogued: int | None
    state: str
    decided_by: str
    decided_ms: int | None


@dataclass(frozen=True, slots=True)
class Stocktake:
    id: str
    kind: Kind
    begun_by: str
    begun_ms: int
    closed_ms: int | None
    bays: tuple[Bay, ...]
    boxes: tuple[Sampled, ...]
    signatures: tuple[tuple[str, int], ...]

    @property
    def counted(self) -> bool:
        return all(bay.state == "counted" for bay in self.bays) and all(box.counted_ms for box in self.boxes)

    @property
    def counters(self) -> set[str]:
        return {bay.person_id for bay in self.bays} | {box.person_id for box in self.boxes}


def begin(change: Change, kind: Kind, person_id: str, bays: Sequence[str] = (), box_ids: Sequence[str] = ()) -> str:
    """Event ``stocktake.begun``; the new stocktake's id."""
    stocktake_id = new_id(change.utc_ms)
    change.db.execute("INSERT INTO stocktake VALUES (?, ?, ?, ?, NULL)", (stocktake_id, kind, person_id, change.utc_ms))
    for bay in bays:
        change.db.execute(
            "INSERT INTO stocktake_bay (stocktake_id, bay, state) VALUES (?, ?, 'waiting')", (stocktake_id, bay)
        )
    for box_id in box_ids:
        change.db.execute("INSERT INTO stocktake_box (stocktake_id, box_id) VALUES (?, ?)", (stocktake_id, box_id))
    body = {"stocktake": stocktake_id, "kind": kind, "bays": list(bays), "boxes": list(box_ids)}
    change.event("stocktake.begun", subject=stocktake_id, actor=person_id, body=body)
    return stocktake_id


def get(database: Database, stocktake_id: str) -> Stocktake:
    """Raises InputRefused ``stocktake_unknown``."""
    with database.read() as db:
        return read(db, stocktake_id)


def read(db: Connection, stocktake_id: str) -> Stocktake:
    row = db.execute("SELECT * FROM stocktake WHERE id = ?", (stocktake_id,)).fetchone()
    if row is None:
        raise InputRefused("stocktake_unknown", "look_again", stocktake=stocktake_id)
    bays = db.execute(
        "SELECT b.* FROM stocktake_bay AS b WHERE stocktake_id = ?1 ORDER BY"
        " (SELECT min(sort) FROM slot WHERE code >= b.bay || '-' AND code < b.bay || '.')",
        (stocktake_id,),
    ).fetchall()
    boxes = db.execute("SELECT * FROM stocktake_box WHERE stocktake_id = ? ORDER BY box_id", (stocktake_id,)).fetchall()
    signed = db.execute(
        "SELECT * FROM stocktake_signature WHERE stocktake_id = ? ORDER BY signed_ms", (stocktake_id,)
    ).fetchall()
    return Stocktake(
        row["id"],
        row["kind"],
        row["begun_by"],
        row["begun_ms"],
        row["closed_ms"],
        tuple(Bay(*(bay[name] for name in Bay.__dataclass_fields__)) for bay in bays),
        tuple(Sampled(*(box[name] for name in Sampled.__dataclass_fields__)) for box in boxes),
        tuple((one["person_id"], one["signed_ms"]) for one in signed),
    )


def recent(database: Database, limit: int = 30) -> list[Stocktake]:
    """Open ones first, then the newest."""
    with database.read() as db:
        rows = db.execute(
            "SELECT id FROM stocktake ORDER BY closed_ms IS NOT NULL, begun_ms DESC LIMIT ?", (limit,)
        ).fetchall()
        return [read(db, row["id"]) for row in rows]


def last_counted(database: Database) -> dict[str, int]:
    """Bay → when it was counted last."""
    with database.read() as db:
        rows = db.execute(
            "SELECT bay, max(counted_ms) AS at FROM stocktake_bay WHERE counted_ms IS NOT NULL GROUP BY bay"
        ).fetchall()
    return {row["bay"]: row["at"] for row in rows}


def last_sampled(database: Database) -> int | None:
    """When a sample was drawn last, in ms."""
    with database.read() as db:
        row = db.execute("SELECT max(begun_ms) AS at FROM stocktake WHERE kind = 'sample'").fetchone()
    return None if row["at"] is None else int(row["at"])


def frozen(database: Database) -> dict[str, int]:
    """Bays that are being counted, and since when in UTC ms."""
    with database.read() as db:
        rows = db.execute("SELECT bay, began_ms FROM stocktake_bay WHERE state = 'counting'").fetchall()
    return {row["bay"]: row["began_ms"] for row in rows}


def set_bay(change: Change, stocktake_id: str, bay: str, state: str, person_id: str, **said: int) -> None:
    """Event ``stocktake.bay_<state>``; back to ``waiting`` forgets what was seen."""
    if state == "counting":
        held = change.db.execute("SELECT 1 FROM stocktake_bay WHERE bay = ? AND state = 'counting'", (bay,)).fetchone()
        if held:
            raise RuleRefused("bay_frozen", "wait_for_count", bay=bay)
        change.db.execute(
            "UPDATE stocktake_bay SET state = ?, person_id = ?, began_ms = ?, counted_ms = NULL, at_slot = '',"
            " picture = ''"
            " WHERE stocktake_id = ? AND bay = ?",
            (state, person_id, change.utc_ms, stocktake_id, bay),
        )
    else:
        counted_ms = change.utc_ms if state == "counted" else None
        change.db.execute(
            "UPDATE stocktake_bay SET state = ?, counted_ms = ? WHERE stocktake_id = ? AND bay = ?",
            (state, counted_ms, stocktake_id, bay),
        )
    if state != "counted":
        for table in ("stocktake_sight", "stocktake_shot"):
            column = "slot" if table == "stocktake_sight" else "bay"
            change.db.execute(
                f"DELETE FROM {table} WHERE stocktake_id = ? AND ({column} = ? OR substr({column}, 1, ?) = ?)",
                (stocktake_id, bay, len(bay) + 1, f"{bay}-"),
            )
    body = {"stocktake": stocktake_id, "bay": bay, **said}
    change.event(f"stocktake.bay_{state}", subject=stocktake_id, actor=person_id, body=body)


def at_slot(change: Change, stocktake_id: str, bay: str, slot: str) -> None:
    """Where the hand scanner is; no event: it says nothing of what stands there."""
    change.db.execute(
        "UPDATE stocktake_bay SET at_slot = ? WHERE stocktake_id = ? AND bay = ?", (slot, stocktake_id, bay)
    )


def set_picture(change: Change, stocktake_id: str, bay: str, look_id: str) -> None:
    """No event of its own: what was seen in it has one."""
    change.db.execute(
        "UPDATE stocktake_bay SET picture = ? WHERE stocktake_id = ? AND bay = ?", (look_id, stocktake_id, bay)
    )


def see(
    change: Change, stocktake_id: str, bay: str, how: How, sights: Iterable[dict[str, Any]], person_id: str
) -> None:
    """What was seen in slots, in place of what was seen there before. Event ``stocktake.seen``."""
    told = []
    for sight in sights:
        change.db.execute(
            "INSERT OR REPLACE INTO stocktake_sight VALUES (?, ?, ?, ?, ?)",
            (stocktake_id, sight["slot"], how, json.dumps(sight, ensure_ascii=False), change.utc_ms),
        )
        told.append({"slot": sight["slot"], "state": sight["state"], "codes": list(sight["codes"])})
    body = {"stocktake": stocktake_id, "bay": bay, "how": how, "seen": told}
    change.event("stocktake.seen", subject=stocktake_id, actor=person_id, body=body)


def sights(database: Database, stocktake_id: str, bay: str) -> dict[str, tuple[How, dict[str, Any]]]:
    """Slot → how it was seen and what."""
    with database.read() as db:
        rows = db.execute(
            "SELECT slot, how, sight FROM stocktake_sight WHERE stocktake_id = ? AND substr(slot, 1, ?) = ?",
            (stocktake_id, len(bay) + 1, f"{bay}-"),
        ).fetchall()
    return {row["slot"]: (row["how"], json.loads(row["sight"])) for row in rows}


def has_picture(database: Database, look_id: str) -> bool:
    """Whether it is the picture of a bay."""
    with database.read() as db:
        row = db.execute("SELECT 1 FROM stocktake_bay WHERE picture = ?", (look_id,)).fetchone()
    return bool(look_id) and row is not None


def keep_shot(change: Change, stocktake_id: str, bay: str, looks: Sequence[tuple[str, str]], person_id: str) -> None:
    """(look, camera or file it is of). Event ``stocktake.photographed``; the frames are in the looks."""
    for look_id, camera in looks:
        change.db.execute("INSERT INTO stocktake_shot VALUES (?, ?, ?, ?)", (stocktake_id, bay, look_id, camera))
    body = {"stocktake": stocktake_id, "bay": bay, "looks": [look_id for look_id, _ in looks]}
    change.event("stocktake.photographed", subject=stocktake_id, actor=person_id, body=body)


def drop_shots(change: Change, stocktake_id: str, bay: str, refused: Sequence[tuple[str, str]], person_id: str) -> None:
    """(look, why it shows nothing of the bay): not read again; kept in the looks. Event ``stocktake.shots_refused``."""
    for look_id, _ in refused:
        change.db.execute(
            "DELETE FROM stocktake_shot WHERE stocktake_id = ? AND bay = ? AND look_id = ?",
            (stocktake_id, bay, look_id),
        )
    body = {"stocktake": stocktake_id, "bay": bay, "refused": [{"look": look, "why": why} for look, why in refused]}
    change.event("stocktake.shots_refused", subject=stocktake_id, actor=person_id, body=body)


def shots(database: Database, stocktake_id: str, bay: str) -> dict[str, str]:
    """Look → camera or file, oldest first."""
    with database.read() as db:
        rows = db.execute(
            "SELECT look_id, camera FROM stocktake_shot WHERE stocktake_id = ? AND bay = ? ORDER BY look_id",
            (stocktake_id, bay),
        ).fetchall()
    return {row["look_id"]: row["camera"] for row in rows}


def box_counted(change: Change, stocktake_id: str, box_id: str, person_id: str, **said: int) -> None:
    """Event ``stocktake.box_counted``."""
    change.db.execute(
        "UPDATE stocktake_box SET person_id = ?, counted_ms = ? WHERE stocktake_id = ? AND box_id = ?",
        (person_id, change.utc_ms, stocktake_id, box_id),
    )
    body = {"stocktake": stocktake_id, "box": box_id, **said}
    change.event("stocktake.box_counted", subject=stocktake_id, actor=person_id, body=body)
