"""Tallies closed by an event with their root, so that what was told of the records cannot be changed either."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from edge.domain.tally import root
from edge.store.connection import Connection
from edge.store.database import NODE, Change
from edge.store.tally import CLOSED, open_tally, rows_of

TAKEN_AS_FOUND = "records.taken_as_found"
ACCEPTED = "records.accepted"
NOTHING = root([])  # of a tally whose rows are gone


def close(change: Change) -> None:
    """The open tally's root into the trace; nothing where it holds nothing. Event ``records.tallied``."""
    tally = open_tally(change.db)
    told, records = root(rows_of(change.db, tally))
    if records:
        change.event(CLOSED, subject=f"tally-{tally}", actor=NODE, body={"root": told, "records": records})


def began(db: Connection) -> bool:
    """Whether every record that was there before tallies were kept has been told."""
    return bool(db.execute("SELECT 1 FROM event WHERE action = ? LIMIT 1", (TAKEN_AS_FOUND,)).fetchone())


def astray(db: Connection) -> Iterator[int]:
    """Closed tallies that no longer say what the trace says of them, or what a person accepted since; also one that is
    gone.
    """
    closed = _bodies(db, CLOSED)
    said = {int(subject.split("-")[1]): (body["root"], body["records"]) for subject, body in closed}
    accepted: dict[int, tuple[str, int]] = {}
    for _subject, body in _bodies(db, ACCEPTED):
        accepted |= {int(tally): (one[0], one[1]) for tally, one in body["tallies"].items()}
    newest = max(said, default=0)
    stand = _as_they_stand(db)
    wrong = {tally for tally, now in said.items() if stand.get(tally, NOTHING) not in (now, accepted.get(tally))}
    wrong |= {tally for tally in stand if tally <= newest and tally not in said}
    yield from sorted(wrong)


def as_they_are(db: Connection, tallies: list[int]) -> dict[str, list[Any]]:
    """Root and count by number, as an acceptance keeps them."""
    stand = _as_they_stand(db) if tallies else {}
    return {str(tally): list(stand.get(tally, NOTHING)) for tally in tallies}


def _bodies(db: Connection, action: str) -> list[tuple[str, dict[str, Any]]]:
    rows = db.execute("SELECT subject, body FROM event WHERE action = ? ORDER BY id", (action,))
    return [(row["subject"], json.loads(row["body"])) for row in rows]


def _as_they_stand(db: Connection) -> dict[int, tuple[str, int]]:
    rows = db.execute("SELECT tally, kind, record, digest FROM record_tally ORDER BY tally, kind, record")
    by_tally = itertools.groupby(rows, key=lambda row: row["tally"])
    return {tally: root((row["kind"], row["record"], row["digest"]) for row in part) for tally, part in by_tally}
