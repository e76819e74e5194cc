"""Describing: new items, volumes and fonds with all that the standards ask, numbered by their register.

What search and shelves need lies in the catalogue's own tables; the rest in ``…_description``, a row a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edge.domain import access, dates
from edge.domain import series as series_rules
from edge.domain.description import FIELDS, Level, Value, empty
from edge.domain.records import SECRECY, NewItem
from edge.domain.series import Register, Series
from edge.errors import InputRefused, RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import numbering, site_tables, volume_rows
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

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
class Described:
    """``number`` stands for ever where it is ``fixed``, else until its year is sealed. ``warnings``: codes."""

    id: str
    number: str
    fixed: bool
    warnings: tuple[str, ...]


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


class Descriptions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def whole(self, level: Level, subject: str) -> Whole:
        """InputRefused ``record_unknown``."""
        with self._database.read() as db:
            return whole_in(db, level, subject)

    def add_item(
        self,
        change: Change,
        series_id: str,
        values: Values,
        *,
        actor: str,
        box_id: str | None = None,
        volume_id: str | None = None,
        case_id: str | None = None,
    ) -> Described:
        """A new item at the end of its register, its volume or its case.

        InputRefused ``volume_missing``, ``year_missing``; RuleRefused ``box_of_other_fonds``. A register that is sealed
        goes on at its end: the number is fixed at once and the item marked late.
        """
        db = change.db
        of = numbering.series_in(db, series_id)
        year = _year(values, "date")
        secret = site_tables.clearance_of(db, str(values.get("secret_mark") or ""), str(values.get("publicity") or ""))
        new = NewItem(
            fonds_no=of.fonds_no,
            title=str(values["title"]),
            year=year,
            retention=str(values.get("retention") or ""),
            secret_level=secret,
            **{name: values.get(name) or "" for name in ("responsible", "doc_no", "date", "remark")},  # type: ignore[arg-type]
            pages=values.get("pages"),  # type: ignore[arg-type]  # a number by its field
        )
        warnings = box_warnings(db, box_id, of.fonds_no, values, year) if box_id else ()
        if volume_id and not box_id:  # it lies where its volume lies
            of_volume = db.execute("SELECT box_id FROM volume WHERE id = ?", (volume_id,)).fetchone()
            box_id = of_volume["box_id"] if of_volume else None
        state = _state(db, box_id)
        boxes = (box_id,) if box_id else ()
        ready = rows.ready_item(change.utc_ms, new, boxes=boxes, volume_id=volume_id, state=state)
        rows.insert_items(db, [ready])
        item_id = ready.id
        put_more(change, "item", item_id, values, actor)  # before its number, with which its words are written
        number, sealed = self._number_item(change, of, item_id, values, volume_id, case_id)
        if sealed:
            mark = "UPDATE item_description SET late = 1 WHERE item_no = (SELECT no FROM item WHERE id = ?)"
            db.execute(mark, (item_id,))
        body = {"item": item_id, "series": of.id, "box": box_id or "", "late": int(sealed), "fields": sorted(values)}
        change.event(
            "item.described", subject=item_id, actor=actor, body=body, level=access.event_level(new.secret_level)
        )
        return Described(item_id, number, sealed or case_id is not None, warnings)

    def add_volume(
        self, change: Change, series_id: str, values: Values, *, actor: str, box_id: str | None = None
    ) -> Described:
        db = change.db
        of = numbering.series_in(db, series_id)
        if of.arrangement != "volume":
            raise InputRefused("series_not_by_volume", "choose_series", series=of.name)
        year = _year(values, "end_date")
        warnings = box_warnings(db, box_id, of.fonds_no, values, year) if box_id else ()
        volume = volume_rows.insert(
            db,
            change.utc_ms,
            fonds_no=of.fonds_no,
            ref_code="",
            ref_key=None,
            title=str(values["title"]),
            box_id=box_id,
            state=_state(db, box_id),
        )
        register = _register_for(change, of, values, "end_date")
        number = numbering.give(change, of, register, "volume", volume.id, numbering.next_no(db, of, register))
        numbering.reopen(db, register)
        put_more(change, "volume", volume.id, {**values, "year": year}, actor)
        body = {"volume": volume.id, "series": of.id, "box": box_id or "", "fields": sorted(values)}
        change.event("volume.described", subject=volume.id, actor=actor, body=body)
        return Described(volume.id, number, register.state == "sealed", warnings)

    def set_fonds(self, change: Change, fonds_no: str, values: Values, actor: str) -> None:
        """A fonds, new, or known so far by its number or by what a list said of it.

        RuleRefused ``fonds_known``: what it says already is changed by a correction alone.
        """
        if change.db.execute("SELECT 1 FROM fonds WHERE fonds_no = ?", (fonds_no,)).fetchone():
            said = whole_in(change.db, "fonds", fonds_no).values
            other = [name for name, value in values.items() if said[name] not in ("", value)]
            if other:
                raise RuleRefused("fonds_known", "correct_with_reason", fonds=fonds_no, field=other[0])
        rows.insert_fonds(change.db, fonds_no, str(values.get("name") or ""))
        if "name" in values:
            change.db.execute("UPDATE fonds SET name = ? WHERE fonds_no = ?", (values["name"], fonds_no))
        put_more(change, "fonds", fonds_no, values, actor)
        body = {"fonds": fonds_no, "fields": sorted(values)}
        change.event("fonds.described", subject=fonds_no, actor=actor, body=body)

    def to_reprint(self) -> list[dict[str, Any]]:
        """Boxes whose spine is to be printed anew, longest waiting first."""
        query = (
            "SELECT r.box_id, b.box_no, b.fonds_no, b.home_slot, r.why, r.since_ms FROM label_reprint AS r"
            " JOIN box AS b ON b.id = r.box_id ORDER BY r.since_ms, r.box_id"
        )
        with self._database.read() as db:
            return [dict(zip(row.keys(), row, strict=True)) for row in db.execute(query)]

    def reprinted(self, change: Change, box_ids: list[str], actor: str) -> None:
        """These spines were printed and stuck on."""
        change.db.executemany("DELETE FROM label_reprint WHERE box_id = ?", [(one,) for one in box_ids])
        change.event("labels.reprinted", subject="node", actor=actor, body={"boxes": box_ids})

    def _number_item(
        self, change: Change, of: Series, item_id: str, values: Values, volume_id: str | None, case_id: str | None
    ) -> tuple[str, bool]:
        """The number and whether its register was sealed already."""
        db = change.db
        if of.arrangement == "item":
            register = _register_for(change, of, values, "date")
            number = numbering.give(change, of, register, "item", item_id, numbering.next_no(db, of, register))
            numbering.reopen(db, register)
            return number, register.state == "sealed"
        column, holder = ("volume_id", volume_id) if of.arrangement == "volume" else ("case_id", case_id)
        if holder is None:
            raise InputRefused("holder_missing", "choose_volume_or_case", series=of.name)
        register, no = _holder(db, of, column, holder)
        last = db.execute(f"SELECT max(seq) AS last FROM item WHERE {column} = ?", (holder,)).fetchone()["last"]
        seq = (last or 0) + 1
        number = series_rules.write(of, register, no, seq)
        numbering.write_item_number(db, item_id, number, **{"seq": seq, column: holder})
        numbering.reprint_box_of(change, "item", item_id)
        numbering.reopen(db, register)
        return number, register.state == "sealed"


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


def _register_for(change: Change, of: Series, values: Values, dated_by: str) -> Register:
    year = _year(values, dated_by)
    if "year" in of.parts.split() and not year:
        raise InputRefused("field_missing", "fill_in_field", field="year")
    retention = str(values.get("retention") or of.retention)
    return numbering.open_register(change, of, year or 0, retention, str(values.get("org") or ""))


def _holder(db: Connection, of: Series, column: str, holder: str) -> tuple[Register, int]:
    """Register and number of the volume or case an item is put into."""
    if column == "case_id":
        row = db.execute("SELECT no, series_id FROM case_file WHERE id = ? AND state <> 'void'", (holder,)).fetchone()
        if row is None or row["series_id"] != of.id:
            raise InputRefused("holder_missing", "choose_volume_or_case", series=of.name)
        return Register("", of.id, 0, "", "", "open", 0, "", "", ""), row["no"]
    row = db.execute("SELECT register_id, seq FROM volume WHERE id = ? AND state <> 'void'", (holder,)).fetchone()
    if row is None or row["register_id"] is None:
        raise InputRefused("holder_missing", "choose_volume_or_case", series=of.name)
    return numbering.register_in(db, row["register_id"])[1], row["seq"]


def _year(values: Values, dated_by: str) -> int | None:
    year = values.get("year")
    return int(year) if year else dates.year_of(str(values.get(dated_by) or ""))


def _state(db: Connection, box_id: str | None) -> str:
    row = db.execute("SELECT home_slot FROM box WHERE id = ?", (box_id,)).fetchone() if box_id else None
    return "shelved" if row and row["home_slot"] else "registered"


def box_warnings(db: Connection, box_id: str, fonds_no: str, values: Values, year: int | None) -> tuple[str, ...]:
    """A box holds one fonds; mixing years, retentions or departments is allowed and said."""
    box = db.execute("SELECT box_no, fonds_no, state FROM box WHERE id = ?", (box_id,)).fetchone()
    if box is None or box["state"] == "void":
        raise InputRefused("box_unknown", "search_again", box=box_id)
    if box["fonds_no"] != fonds_no:
        raise RuleRefused("box_of_other_fonds", "choose_other_box", box_no=box["box_no"], fonds=box["fonds_no"])
    inside = db.execute(
        "SELECT i.year, i.retention, coalesce(d.org, '') AS org FROM item AS i"
        " LEFT JOIN item_description AS d ON d.item_no = i.no WHERE i.box_id = ?1 AND i.state <> 'void'"
        " UNION SELECT d.year, d.retention, '' FROM volume AS v JOIN volume_description AS d ON d.volume_no = v.no"
        " WHERE v.box_id = ?1 AND v.state <> 'void'",
        (box_id,),
    ).fetchall()
    new = {"year": year, "retention": values.get("retention"), "org": values.get("org")}
    return tuple(
        f"box_mixes_{name}s"
        for name, value in new.items()
        if value and any(one[name] and one[name] != value for one in inside)
    )
