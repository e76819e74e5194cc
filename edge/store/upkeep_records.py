"""Upkeep of the records: whether each still says what the trace left it as. All of them, every night.

A store from before tallies were kept takes its records as it finds them, once, and the trace says so.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from edge.domain.tally import GONE, Key, Kind
from edge.domain.upkeep import Finding
from edge.store import tally, tally_roots
from edge.store.connection import Connection
from edge.store.database import NODE, Change
from edge.store.upkeep_site import Site, Step

CHUNK = 500
NAMED: dict[Kind, str] = {"item": "label", "volume": "label", "box": "label", "fonds": "fonds_no", "series": "name"}
KINDS = tuple(NAMED)


def records_as_told(site: Site, position: list[Any]) -> Iterator[Step]:
    """``position``: [kind, key of the record compared last]; each step's position is under ``told``."""
    with site.database.read() as db:
        began = tally_roots.began(db)
    if not began:
        yield from _take_as_found(site)
    if not position:
        with site.looking() as db:
            corrected = _corrected_since(db)
        yield Step(0, corrected, {"told": []})
        site.database.write(tally_roots.close, telemetry=True)
        with site.looking() as db:
            astray = [Finding("tally_astray", {"tally": one}) for one in tally_roots.astray(db)]
        yield Step(0, astray, {"told": [KINDS[0], None]})
        position = [KINDS[0], None]
    for kind in KINDS[KINDS.index(position[0]) :]:
        after = position[1] if kind == position[0] else None
        while True:
            with site.looking() as db:
                db.execute("BEGIN")
                rows = _chunk(db, kind, after)
                found = [
                    Finding("record_differs" if told else "record_untold", {"table": kind, "item": name})
                    for _key, name, told in _differing(db, kind, rows)
                ]
            if not rows:
                break
            after = rows[-1]["key"]
            yield Step(len(rows), found, {"told": [kind, after]})
        with site.looking() as db:
            gone = [Finding("record_gone", {"table": kind, "no": key}) for key in _gone(db, kind)]
        yield Step(0, gone, {"told": [kind, after]})


def differing(db: Connection) -> Iterator[tuple[Kind, Key, str]]:
    """Kind, key and name of every record that is not what was told of it; the name of one that is gone is empty."""
    for kind in KINDS:
        after = None
        while rows := _chunk(db, kind, after):
            after = rows[-1]["key"]
            yield from ((kind, key, name) for key, name, _told in _differing(db, kind, rows))
        yield from ((kind, key, "") for key in _gone(db, kind))


def _corrected_since(db: Connection) -> list[Finding]:
    """What was changed outside and then by somebody here before a night saw it: no comparison shows it now."""
    seen = db.execute("SELECT findings FROM upkeep_run WHERE job = 'records' ORDER BY no DESC LIMIT 2").fetchall()
    known = {params.get("item") for row in seen for _code, params in json.loads(row["findings"])}
    began = "SELECT began_ms FROM upkeep_run WHERE job = 'records' AND ended_ms IS NOT NULL ORDER BY no DESC LIMIT 1"
    since = f"SELECT body FROM event WHERE action = ? AND utc_ms >= coalesce(({began}), 0)"
    events = db.execute(since, (tally.FOUND_ASTRAY,))
    found = []
    for kind, key in itertools.chain.from_iterable(json.loads(row["body"])["named"] for row in events):
        table, column = tally.PARTS[kind][0]
        row = db.execute(f"SELECT {NAMED[kind]} AS name FROM {table} WHERE {column} = ?", (key,)).fetchone()
        name = row["name"] if row else key
        if name not in known:
            found.append(Finding("record_was_astray", {"table": kind, "item": name}))
    return found


def _take_as_found(site: Site) -> Iterator[Step]:
    for kind in KINDS:
        after = None
        while True:
            with site.looking() as db:
                keys = [row["key"] for row in _chunk(db, kind, after)]
            if not keys:
                break
            site.database.write(partial(_tell, kind=kind, keys=keys), telemetry=True)
            after = keys[-1]
            yield Step(0, [], {"told": []})
    site.database.write(_all_told)


def _tell(change: Change, kind: Kind, keys: list[Key]) -> None:
    told = tally.told_last(change.db, kind, keys)
    tally.tell_these(change.db, tally.open_tally(change.db), kind, [key for key in keys if key not in told])


def _all_told(change: Change) -> None:
    counts: dict[str, Any] = {
        kind: change.db.execute(f"SELECT count(*) FROM {tally.PARTS[kind][0][0]}").fetchone()[0] for kind in KINDS
    }
    change.event(tally_roots.TAKEN_AS_FOUND, subject=NODE, actor=NODE, body=counts)


def _chunk(db: Connection, kind: Kind, after: Key | None) -> list[Any]:
    table, column = tally.PARTS[kind][0]
    where = f"WHERE {column} > ?" if after is not None else ""
    query = f"SELECT {column} AS key, {NAMED[kind]} AS name FROM {table} {where} ORDER BY {column} LIMIT {CHUNK}"
    rows: list[Any] = db.execute(query, () if after is None else (after,)).fetchall()
    return rows


def _differing(db: Connection, kind: Kind, rows: list[Any]) -> Iterator[tuple[Key, str, bool]]:
    """Key, name, and whether it was ever told as being there."""
    names = {row["key"]: row["name"] for row in rows}
    told = tally.told_last(db, kind, list(names))
    for key, now in tally.as_they_are(db, kind, list(names)).items():
        if told.get(key) != now:
            yield key, names[key], bool(told.get(key))


def _gone(db: Connection, kind: Kind) -> list[Key]:
    """Keys that were told last as being there."""
    table, column = tally.PARTS[kind][0]
    query = (
        f"SELECT DISTINCT record FROM record_tally WHERE kind = ? AND record NOT IN (SELECT {column} FROM {table})"
        " ORDER BY record"
    )
    lacking = [row["record"] for row in db.execute(query, (kind,))]
    return [key for key, said in tally.told_last(db, kind, lacking).items() if said != GONE]
