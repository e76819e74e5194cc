"""Where the shelves of a block without motors stand, as somebody said last."""

from __future__ import annotations

import json
from collections.abc import Sequence

from edge.store.database import Change, Database

SETTING = "crank_pose."


def read(database: Database, area: str) -> tuple[int, ...] | None:
    """Left edges of all columns, mm; None: nobody has said yet."""
    with database.read() as db:
        row = db.execute("SELECT value FROM setting WHERE name = ?", (SETTING + area,)).fetchone()
    return tuple(json.loads(row["value"])) if row else None


def write(change: Change, area: str, pose_mm: Sequence[int], aisle: int, person_id: str) -> None:
    """Event ``block.cranked``."""
    change.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING + area, json.dumps(list(pose_mm))))
    body = {"block": area, "aisle": aisle, "pose_mm": list(pose_mm)}
    change.event("block.cranked", subject=area, actor=person_id, body=body)
