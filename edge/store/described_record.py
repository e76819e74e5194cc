"""One record with all that is described of it, read whole and written field by field.

What search and shelves need lies in the catalogue's own tables; the rest in ``…_description``, a row a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edge.domain.description import FIELDS, Level, Value, empty
from edge.domain.records import SECRECY
from edge.errors import InputRefused
from edge.store import catalogue_rows as rows
from edge.store import site_tables, volume_rows
from edge.store.connection import Connection, Row
from edge.store.database import Change

TABLE = {"item": "item", "volume": "volume", "fonds": "fonds"}
SHOWN = {"item": "shown_item", "volume": "shown_volume", "fonds": "fonds"}
KEY = {"item": "id", "volume": "id", "fonds": "fonds_no"}
# fields that lie in the catalogue's own table, and their columns there
OWN: dict[Level, frozenset[str]] = {
    "item": frozenset({"title", "date", "pages", "retention", "year", "responsible", "doc_no", "remark"}),
    "volume": frozenset({"title"}),
    "fonds": frozenset({"name"}),
}
_MORE_KEY = {"item": "item_no", "volume": "volume_no", "fonds": "fonds_no"}

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Whole:
    """One record with every field of its level. ``number_state``: provisional, sealed, or written by somebody else."""

    level: Level
    id: str
    fonds_no: str
    number: str
    number_state: str
    state: str
    secret_level: str
    values: dict[str, Value]
    series_id: str
    register_id: str
    box_id: str
    merged_into: str


def whole_in(db: Connection, level: Level, subject: str) -> Whole:
    row = db.execute(f"SELECT * FROM {SHOWN[level]} WHERE {KEY[level]} = ?", (subject,)).fetchone()
    if row is None:
        raise InputRefused("record_unknown", "search_again")
    key = row["no"] if level != "fonds" else subject
    more = db.execute(f"SELECT * FROM {level}_description WHERE {_MORE_KEY[level]} = ?", (key,)).fetchone()
    values: dict[str, Value] = {}
    for field in FIELDS[level]:
        source = row if field.name in OWN[level] else more
        values[field.name] = source[field.name] if source is not None else empty(field)
    if level == "fonds":
        return Whole(level, subject, subject, subject, "written", "registered", "public", values, "", "", "", "")
    series_id, register_id, number_state = _number_state(db, row)
    return Whole(
        level=level,
        id=subject,
        fonds_no=row["fonds_no"],
        number=row["ref_code"],
        number_state=number_state,
        state=row["state"],
        secret_level=row["secret_level"] if level == "item" else volume_rows.secret_level(db, subject),
        values=values,
        series_id=series_id,
        register_id=register_id,
        box_id=row["box_id"] or "",
        merged_into=(row["merged_into"] or "") if level == "item" else "",
    )


def write_field(change: Change, level: Level, subject: str, name: str, value: Value, actor: str) -> None:
    """One field of a record, wherever it lies; of an item the secret level and the search index follow."""
    db = change.db
    if name in OWN[level]:
        db.execute(f"UPDATE {TABLE[level]} SET {name} = ? WHERE {KEY[level]} = ?", (value, subject))
    else:
        put_more(change, level, subject, {name: value}, actor)
    if level == "item":
        row = db.execute("SELECT no, secret_level FROM item WHERE id = ?", (subject,)).fetchone()
        if name == "date":
            db.execute("UPDATE item SET date_written = ? WHERE id = ?", (value, subject))
        if name in ("secret_mark", "publicity"):
            whole = whole_in(db, "item", subject).values
            secret = site_tables.clearance_of(db, str(whole["secret_mark"]), str(whole["publicity"]))
            if name == "publicity":  # says nothing of a secret that a list brought without its mark
                secret = max(secret, row["secret_level"], key=SECRECY.index)
            db.execute("UPDATE item SET secret_level = ? WHERE id = ?", (secret, subject))
        rows.reindex_item(db, row["no"])
    elif level == "volume" and name == "secret_mark":
        db.execute("UPDATE volume SET secret_level = 'public' WHERE id = ?", (subject,))  # from now on the mark says it
    elif level == "volume" and name == "title":
        volume_rows.reindex(db, db.execute("SELECT no FROM volume WHERE id = ?", (subject,)).fetchone()["no"])


def put_more(change: Change, level: Level, subject: str, values: Values, actor: str) -> None:
    db = change.db
    key: Any = subject
    if level != "fonds":
        key = db.execute(f"SELECT no FROM {TABLE[level]} WHERE id = ?", (subject,)).fetchone()["no"]
    more = {name: value for name, value in values.items() if name not in OWN[level]}
    db.execute(
        f"INSERT INTO {level}_description ({_MORE_KEY[level]}, described_by, described_ms) VALUES (?,?,?)"
        f" ON CONFLICT ({_MORE_KEY[level]}) DO NOTHING",
        (key, actor, change.utc_ms),
    )
    for name, value in more.items():
        db.execute(f"UPDATE {level}_description SET {name} = ? WHERE {_MORE_KEY[level]} = ?", (value, key))


def _number_state(db: Connection, row: Row) -> tuple[str, str, str]:
    """Series, register and whether the number is provisional, sealed or written by somebody else."""
    register_id, columns = row["register_id"], set(row.keys())
    if register_id is None and "volume_id" in columns and row["volume_id"] and row["seq"] is not None:
        register_id = db.execute("SELECT register_id FROM volume WHERE id = ?", (row["volume_id"],)).fetchone()[0]
    if register_id is None:
        of = None
        if "case_id" in columns and row["case_id"]:
            of = db.execute("SELECT series_id FROM case_file WHERE id = ?", (row["case_id"],)).fetchone()["series_id"]
        return of or "", "", "sealed" if of else "written"
    found = db.execute("SELECT series_id, state FROM register WHERE id = ?", (register_id,)).fetchone()
    return found["series_id"], register_id, "sealed" if found["state"] == "sealed" else "provisional"
