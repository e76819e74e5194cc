"""Patrols 巡查 as rows: one open round at most, each answer and its readings. Findings: ``patrol_findings.py``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edge.domain.ids import new_id
from edge.domain.patrol import Evidence, Point
from edge.domain.patrol_due import Kind, answers_for
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database


@dataclass(frozen=True, slots=True)
class Answer:
    """``verdict`` "": nobody has said yet. ``readings``: place, measurand, quality, and value where it is good."""

    point: Point
    verdict: str
    answered_ms: int | None
    answered_by: str
    readings: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Round:
    """``state``: open, signed, given_up. ``answered``, ``found``: points with an answer, findings."""

    id: str
    kind: Kind
    state: str
    begun_ms: int
    begun_by: str
    ended_ms: int | None
    ended_by: str
    reason: str
    points: int
    answered: int
    found: int


_ROUND = (
    "SELECT p.*, (SELECT count(*) FROM patrol_answer a WHERE a.patrol_id = p.id) AS points,"
    " (SELECT count(*) FROM patrol_answer a WHERE a.patrol_id = p.id AND a.verdict != '') AS answered,"
    " (SELECT count(*) FROM patrol_finding f WHERE f.patrol_id = p.id) AS found FROM patrol p"
)


def open_round(database: Database) -> Round | None:
    with database.read() as db:
        row = db.execute(f"{_ROUND} WHERE p.state = 'open'").fetchone()
    return None if row is None else _round(row)


def get(database: Database, patrol_id: str) -> Round:
    """Raises InputRefused ``patrol_unknown``."""
    with database.read() as db:
        return _get(db, patrol_id)


def recent(database: Database, limit: int, before_ms: int | None = None) -> list[Round]:
    """Newest first."""
    with database.read() as db:
        rows = db.execute(
            f"{_ROUND} WHERE p.begun_ms < ? ORDER BY p.begun_ms DESC, p.id DESC LIMIT ?",
            (before_ms if before_ms is not None else 1 << 62, limit),
        ).fetchall()
    return [_round(row) for row in rows]


def answers(database: Database, patrol_id: str) -> list[Answer]:
    """In the order of walking."""
    with database.read() as db:
        rows = db.execute("SELECT * FROM patrol_answer WHERE patrol_id = ? ORDER BY no", (patrol_id,)).fetchall()
    return [_answer(row) for row in rows]


def walked_ms(database: Database, kind: Kind) -> int | None:
    """When the newest signed round that answers for ``kind`` was begun."""
    kinds = answers_for(kind)
    with database.read() as db:
        row = db.execute(
            f"SELECT max(begun_ms) FROM patrol WHERE state = 'signed' AND kind IN ({','.join('?' * len(kinds))})",
            kinds,
        ).fetchone()
    return None if row[0] is None else int(row[0])


def begin(change: Change, kind: Kind, points: Sequence[Point], person_id: str) -> str:
    """Event ``patrol.begun``. RuleRefused ``patrol_open`` where one goes on."""
    if change.db.execute("SELECT 1 FROM patrol WHERE state = 'open'").fetchone():
        raise RuleRefused("patrol_open", "go_on_with_patrol")
    patrol_id = new_id(change.utc_ms)
    change.db.execute(
        "INSERT INTO patrol (id, kind, state, begun_ms, begun_by) VALUES (?, ?, 'open', ?, ?)",
        (patrol_id, kind, change.utc_ms, person_id),
    )
    change.db.executemany(
        "INSERT INTO patrol_answer (patrol_id, no, point_id, what, aisle, place, name) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(patrol_id, no, one.id, one.what, one.aisle, one.place, one.name) for no, one in enumerate(points, 1)],
    )
    body = {"patrol": patrol_id, "kind": kind, "points": len(points)}
    change.event("patrol.begun", subject=patrol_id, actor=person_id, body=body)
    return patrol_id


def in_order(change: Change, patrol_id: str, point_id: str, told: Sequence[Evidence], person_id: str) -> None:
    """Event ``patrol.answered``. RuleRefused ``point_has_finding``: what was found is not taken back by a word."""
    answer = open_point(change, patrol_id, point_id)
    if answer.verdict == "finding":
        raise RuleRefused("point_has_finding", "close_finding_instead")
    keep_answer(change, patrol_id, answer.point, "in_order", told, person_id)


def keep_answer(
    change: Change, patrol_id: str, point: Point, verdict: str, told: Sequence[Evidence], person_id: str
) -> None:
    readings = [one.as_body() for one in told]
    change.db.execute(
        "UPDATE patrol_answer SET verdict = ?, answered_ms = ?, answered_by = ?, readings = ?"
        " WHERE patrol_id = ? AND point_id = ?",
        (verdict, change.utc_ms, person_id, json.dumps(readings), patrol_id, point.id),
    )
    body = {"patrol": patrol_id, "point": point.id, **of_point(point), "verdict": verdict, "readings": readings}
    change.event("patrol.answered", subject=patrol_id, actor=person_id, body=body)


def sign(change: Change, patrol_id: str, person_id: str) -> None:
    """Event ``patrol.signed``. RuleRefused ``patrol_incomplete``, ``patrol_not_walked``, ``patrol_not_open``."""
    one = _open(change.db, patrol_id)
    if one.answered < one.points:
        raise RuleRefused("patrol_incomplete", "answer_every_point", count=one.points - one.answered)
    walked = change.db.execute(
        "SELECT 1 FROM patrol_answer WHERE patrol_id = ? AND answered_by = ? LIMIT 1", (patrol_id, person_id)
    ).fetchone()
    if not walked:
        raise RuleRefused("patrol_not_walked", "let_walker_sign")
    _end(change, one, "signed", person_id, "")


def give_up(change: Change, patrol_id: str, reason: str, person_id: str) -> None:
    """Event ``patrol.given_up``: it stays in the register and answers for nothing."""
    _end(change, _open(change.db, patrol_id), "given_up", person_id, reason)


def open_point(change: Change, patrol_id: str, point_id: str) -> Answer:
    """Of a round that goes on. Raises InputRefused ``patrol_point_unknown``; RuleRefused ``patrol_not_open``."""
    _open(change.db, patrol_id)
    row = change.db.execute(
        "SELECT * FROM patrol_answer WHERE patrol_id = ? AND point_id = ?", (patrol_id, point_id)
    ).fetchone()
    if row is None:
        raise InputRefused("patrol_point_unknown", "look_again")
    return _answer(row)


def of_point(point: Point) -> dict[str, Any]:
    """What a point is, in an event; the site's own name for it stands in the list's."""
    told: dict[str, Any] = {"what": point.what}
    if point.aisle is not None:
        told["aisle"] = point.aisle
    return {**told, "place": point.place} if point.place else told


def note(change: Change, of: str, subject: str, words: str, person_id: str) -> None:
    """Event ``patrol.noted``: what a person wrote has one of its own, for a body with words stays in the room whole."""
    if words:
        change.event("patrol.noted", subject=subject, actor=person_id, body={of: subject, "text": words})


def _end(change: Change, one: Round, state: str, person_id: str, reason: str) -> None:
    change.db.execute(
        "UPDATE patrol SET state = ?, ended_ms = ?, ended_by = ?, reason = ? WHERE id = ?",
        (state, change.utc_ms, person_id, reason, one.id),
    )
    body = {"patrol": one.id, "kind": one.kind, "points": one.points, "found": one.found}
    change.event(f"patrol.{state}", subject=one.id, actor=person_id, body=body)
    note(change, "patrol", one.id, reason, person_id)


def _open(db: Connection, patrol_id: str) -> Round:
    one = _get(db, patrol_id)
    if one.state != "open":
        raise RuleRefused("patrol_not_open", "look_again")
    return one


def _get(db: Connection, patrol_id: str) -> Round:
    row = db.execute(f"{_ROUND} WHERE p.id = ?", (patrol_id,)).fetchone()
    if row is None:
        raise InputRefused("patrol_unknown", "look_again", patrol=patrol_id[:36])
    return _round(row)


def _round(row: Row) -> Round:
    return Round(*(row[name] for name in Round.__slots__))


def _answer(row: Row) -> Answer:
    point = Point(row["point_id"], row["what"], row["aisle"], row["place"], row["name"], ())
    readings = tuple(json.loads(row["readings"]))
    return Answer(point, row["verdict"], row["answered_ms"], row["answered_by"], readings)
