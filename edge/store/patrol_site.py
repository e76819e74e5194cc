"""The site's own list of points of a patrol, and when which round is due; every change is an event."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from edge.domain.ids import new_id
from edge.domain.patrol import Point
from edge.domain.patrol_due import KINDS, Holiday, Kind, Plan
from edge.store.connection import Connection, Row
from edge.store.database import NODE, Change, Database

PLAN = "patrol.plan"
SINCE = "patrol.since"  # kind → since when it is kept: before that nothing can be late


def ready(database: Database, points: Sequence[Point]) -> None:
    """Of a new site: its first list, and from now on its rounds are kept; event ``patrol.list_begun``."""
    if _setting(database, SINCE) is not None:
        return

    def begin(change: Change) -> None:
        _keep_points(change, points)
        _set(change, SINCE, dict.fromkeys(KINDS, change.utc_ms))
        change.event("patrol.list_begun", subject=PLAN, actor=NODE, body={"points": len(points)})

    database.write(begin)


def add_once(database: Database, name: str, new: Sequence[Point]) -> None:
    """``new`` behind the site's list, never a second time under ``name``; event ``patrol.points_changed``."""
    if _setting(database, name) is not None:
        return
    kept = points(database)
    there = {one.what for one in kept}
    lacking = [one for one in new if one.what not in there]

    def add(change: Change) -> None:
        if lacking:
            set_points(change, (*kept, *lacking), NODE)
        _set(change, name, {"points": len(new)})

    database.write(add, telemetry=not lacking)


def points(database: Database) -> tuple[Point, ...]:
    """In the order of walking."""
    with database.read() as db:
        return tuple(_point(row) for row in db.execute("SELECT * FROM patrol_point ORDER BY no"))


def set_points(change: Change, new: Sequence[Point], person_id: str) -> None:
    """Event ``patrol.points_changed``; rounds that were walked keep the points that they had."""
    _keep_points(change, new)
    named = ({"name": one.name} if one.name else {} for one in new)
    body = {
        "points": [
            {"what": one.what, "aisle": one.aisle or 0, "place": one.place, "rounds": list(one.rounds), **name}
            for one, name in zip(new, named, strict=True)
        ]
    }
    change.event("patrol.points_changed", subject=PLAN, actor=person_id, body=body)


def plan(database: Database) -> Plan:
    kept = _setting(database, PLAN)
    if kept is None:
        return Plan()
    holidays = tuple(Holiday(**one) for one in kept["holidays"])
    return Plan(**{**kept, "kinds": tuple(kept["kinds"]), "days": tuple(kept["days"]), "holidays": holidays})


def since_ms(database: Database) -> Mapping[Kind, int]:
    kept = _setting(database, SINCE) or {}
    return {kind: int(kept.get(kind, 0)) for kind in KINDS}


def set_plan(change: Change, new: Plan, person_id: str) -> None:
    """Event ``patrol.plan_changed``. A kind that was not kept until now counts from now on."""
    before = _read(change.db, PLAN)
    were = set(before["kinds"]) if before else set(Plan().kinds)
    since = _read(change.db, SINCE) or dict.fromkeys(KINDS, change.utc_ms)
    since.update({kind: change.utc_ms for kind in new.kinds if kind not in were})
    kept = asdict(new)
    _set(change, PLAN, kept)
    _set(change, SINCE, since)
    change.event("patrol.plan_changed", subject=PLAN, actor=person_id, body=kept)


def _keep_points(change: Change, new: Sequence[Point]) -> None:
    change.db.execute("DELETE FROM patrol_point")
    for no, one in enumerate(new, 1):
        point = one if one.id else replace(one, id=new_id(change.utc_ms))
        change.db.execute(
            "INSERT INTO patrol_point VALUES (?, ?, ?, ?, ?, ?, ?)",
            (point.id, no, point.what, point.aisle, point.place, point.name.strip(), json.dumps(point.rounds)),
        )


def _point(row: Row) -> Point:
    rounds = tuple(json.loads(row["rounds"]))
    return Point(row["id"], row["what"], row["aisle"], row["place"], row["name"], rounds)


def _setting(database: Database, name: str) -> dict[str, Any] | None:
    with database.read() as db:
        return _read(db, name)


def _read(db: Connection, name: str) -> dict[str, Any] | None:
    row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row["value"])


def _set(change: Change, name: str, value: object) -> None:
    change.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))
