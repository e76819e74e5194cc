"""What each change left the records as, told beside the change itself and anchored in the trace.

Triggers of the writer's own connection note which records a change touched; whoever writes to the file by another way
has none of them, so what he changes no longer matches what was told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from edge.domain.tally import GONE, Key, Kind, digest
from edge.store.connection import Connection

CLOSED = "records.tallied"
FOUND_ASTRAY = "records.found_astray"
CHUNK = 500
NAMED = 50  # in one event; how many there were is always told

# Of each kind, the tables that make the record and the column of the key; the first is the record itself.
PARTS: dict[Kind, tuple[tuple[str, str], ...]] = {
    "item": (("item", "no"), ("item_description", "item_no"), ("item_also_in", "item_no")),
    "volume": (("volume", "no"), ("volume_description", "volume_no")),
    "box": (("box", "no"),),
    "fonds": (("fonds", "fonds_no"), ("fonds_description", "fonds_no")),
    "series": (("series", "id"),),
}
# Worked out from other columns and written anew by releases and rebuilds; where a box stands has its moves and loans.
WORKED_OUT = frozenset({"sounds", "ref_key", "ref_fold", "ref_order", "category", "box_key", "slot", "state"})


class Watch:
    """Notes what a connection touches, and looks before it does whether that still is what was told of it: the change
    would take what somebody else made of the record for its own.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._astray: list[tuple[Kind, Key]] = []
        db.create_function("look_before_change", 2, self._look, deterministic=False)
        db.execute("CREATE TEMP TABLE record_touched (kind, record, PRIMARY KEY (kind, record)) WITHOUT ROWID")
        for kind, parts in PARTS.items():
            for table, key in parts:
                columns = [row["name"] for row in db.execute(f"PRAGMA main.table_info({table})")]
                said = ", ".join(name for name in columns if name not in WORKED_OUT or name == "state")
                for what, whose in (("INSERT", "new"), (f"UPDATE OF {said}", "new"), ("DELETE", "old")):
                    of, named = f"('{kind}', {whose}.{key})", f"{table}_{what[:6].lower()}"
                    db.execute(
                        f"CREATE TEMP TRIGGER {named}_touches AFTER {what} ON main.{table} BEGIN"
                        f" INSERT OR IGNORE INTO record_touched VALUES {of}; END"
                    )
                    if table != parts[0][0] or what != "INSERT":
                        db.execute(
                            f"CREATE TEMP TRIGGER {named}_looks BEFORE {what} ON main.{table}"
                            f" WHEN {of} NOT IN (SELECT kind, record FROM temp.record_touched)"
                            f" BEGIN SELECT look_before_change{of}; END"
                        )

    def begin(self) -> None:
        """A change begins; what an earlier one noted and did not tell is forgotten with it."""
        self._astray.clear()

    def tell(self) -> dict[str, Any] | None:
        """Into the open tally, in the transaction of the change itself; the body of FOUND_ASTRAY where a record was
        not, before, what was told of it.
        """
        db = self._db
        if not db.execute("SELECT 1 FROM temp.record_touched LIMIT 1").fetchone():
            return None
        tally = open_tally(db)
        for kind in PARTS:
            touched = db.execute("SELECT record FROM temp.record_touched WHERE kind = ?", (kind,))
            while chunk := touched.fetchmany(CHUNK):
                tell_these(db, tally, kind, [row["record"] for row in chunk])
        db.execute("DELETE FROM temp.record_touched")
        if not self._astray:
            return None
        found = [[kind, key] for kind, key in dict.fromkeys(self._astray)]
        return {"records": len(found), "named": found[:NAMED]}

    def _look(self, kind: Kind, key: Key) -> None:
        told = told_last(self._db, kind, [key])  # a record of which nothing was told is the night's to find
        if told and as_they_are(self._db, kind, [key]) != told:
            self._astray.append((kind, key))


def tell_these(db: Connection, tally: int, kind: Kind, keys: list[Key]) -> None:
    now, before = as_they_are(db, kind, keys), told_last(db, kind, keys)
    new = [(tally, kind, key, said) for key, said in now.items() if said != before.get(key)]
    db.executemany("INSERT OR REPLACE INTO record_tally VALUES (?, ?, ?, ?)", new)


def as_they_are(db: Connection, kind: Kind, keys: list[Key]) -> dict[Key, bytes]:
    """The digest of each; GONE where there is no such record."""
    fields: dict[Key, dict[str, Any]] = {}
    for at, (table, column) in enumerate(PARTS[kind]):
        these = f"{column} IN (SELECT value FROM json_each(?))"
        rows = db.execute(f"SELECT * FROM {table} WHERE {these}", (json.dumps(keys),))
        names = [told[0] for told in rows.description]
        key_at = names.index(column)
        if at == 0:
            kept = [(name, place) for place, name in enumerate(names) if name not in WORKED_OUT]
            state_at = names.index("state") if "state" in names else None
            for row in rows:
                fields[row[key_at]] = {name: row[place] for name, place in kept}
                if state_at is not None and row[state_at] == "void":
                    fields[row[key_at]]["void"] = "yes"
        elif table == "item_also_in":
            for row in sorted(rows, key=lambda row: str(row["box_id"])):
                fields[row[key_at]].setdefault(table, []).append(row["box_id"])
        else:
            for row in rows:
                fields[row[key_at]][table] = dict(zip(names, row, strict=True))
    return {key: digest(fields[key]) if key in fields else GONE for key in keys}


def told_last(db: Connection, kind: Kind, keys: list[Key]) -> dict[Key, bytes]:
    """Of each what was told last; without those of which nothing ever was."""
    query = (
        "SELECT record, digest FROM record_tally WHERE kind = ? AND record IN (SELECT value FROM json_each(?))"
        " ORDER BY record, tally"
    )
    return {row["record"]: row["digest"] for row in db.execute(query, (kind, json.dumps(keys)))}


def open_tally(db: Connection) -> int:
    """The number of the tally that is not closed."""
    row = db.execute("SELECT subject FROM event WHERE action = ? ORDER BY id DESC LIMIT 1", (CLOSED,)).fetchone()
    return int(row["subject"].split("-")[1]) + 1 if row else 1


def rows_of(db: Connection, tally: int) -> Iterator[tuple[Kind, Key, bytes]]:
    query = "SELECT kind, record, digest FROM record_tally WHERE tally = ? ORDER BY kind, record"
    for row in db.execute(query, (tally,)):
        yield row["kind"], row["record"], row["digest"]
