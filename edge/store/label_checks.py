"""Label checks in the trace, found by the picture that each kept, or by the box that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edge.store.database import Database

NEWEST = 50  # checks of one box that are told


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """``loan`` "": for no request. ``level``: of the event. ``expected``, ``seen``: labels, "" where none was."""

    look: str
    actor: str
    level: str
    loan: str
    expected: str
    seen: str


def by_look(database: Database, look: str) -> list[LabelCheck]:
    """Every check that rests on this picture: one at the counter may serve several requests."""
    wanted = "action = 'label.checked' AND json_extract(CAST(body AS TEXT), '$.look') = ?"
    told = ", ".join(
        f"coalesce(json_extract(CAST(body AS TEXT), '$.{name}'), '') AS {name}" for name in ("loan", "expected", "seen")
    )
    with database.read() as db:
        rows: list[Any] = db.execute(f"SELECT actor, level, {told} FROM event WHERE {wanted}", (look,)).fetchall()
    return [LabelCheck(look, *(row[name] for name in ("actor", "level", "loan", "expected", "seen"))) for row in rows]
