"""Describing: new items, volumes and fonds with all that the standards ask, numbered by their register."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import access, dates
from edge.domain import series as series_rules
from edge.domain.description import Level
from edge.domain.records import NewItem
from edge.domain.series import Register, Series
from edge.errors import InputRefused, RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import number_runs, number_writing, site_tables, spine_reprints, volume_rows
from edge.store.box_mixing import box_warnings
from edge.store.connection import Connection
from edge.store.database import Change, Database
from edge.store.described_record import Values, Whole, put_more, whole_in


@dataclass(frozen=True, slots=True)
class Described:
    """``number`` stands for ever where it is ``fixed``, else until its year is sealed. ``warnings``: codes."""

    id: str
    number: str
    fixed: bool
    warnings: tuple[str, ...]


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
        of = number_runs.series_in(db, series_id)
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
        of = number_runs.series_in(db, series_id)
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
        number = number_writing.give(change, of, register, "volume", volume.id, number_runs.next_no(db, of, register))
        number_runs.reopen(db, register)
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

    def _number_item(
        self, change: Change, of: Series, item_id: str, values: Values, volume_id: str | None, case_id: str | None
    ) -> tuple[str, bool]:
        """The number and whether its register was sealed already."""
        db = change.db
        if of.arrangement == "item":
            register = _register_for(change, of, values, "date")
            number = number_writing.give(change, of, register, "item", item_id, number_runs.next_no(db, of, register))
            number_runs.reopen(db, register)
            return number, register.state == "sealed"
        column, holder = ("volume_id", volume_id) if of.arrangement == "volume" else ("case_id", case_id)
        if holder is None:
            raise InputRefused("holder_missing", "choose_volume_or_case", series=of.name)
        register, no = _holder(db, of, column, holder)
        last = db.execute(f"SELECT max(seq) AS last FROM item WHERE {column} = ?", (holder,)).fetchone()["last"]
        seq = (last or 0) + 1
        number = series_rules.write(of, register, no, seq)
        number_writing.write_item_number(db, item_id, number, **{"seq": seq, column: holder})
        spine_reprints.reprint_box_of(change, "item", item_id)
        number_runs.reopen(db, register)
        return number, register.state == "sealed"


def _register_for(change: Change, of: Series, values: Values, dated_by: str) -> Register:
    year = _year(values, dated_by)
    if "year" in of.parts.split() and not year:
        raise InputRefused("field_missing", "fill_in_field", field="year")
    retention = str(values.get("retention") or of.retention)
    return number_runs.open_register(change, of, year or 0, retention, str(values.get("org") or ""))


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
    return number_runs.register_in(db, row["register_id"])[1], row["seq"]


def _year(values: Values, dated_by: str) -> int | None:
    year = values.get("year")
    return int(year) if year else dates.year_of(str(values.get(dated_by) or ""))


def _state(db: Connection, box_id: str | None) -> str:
    row = db.execute("SELECT home_slot FROM box WHERE id = ?", (box_id,)).fetchone() if box_id else None
    return "shelved" if row and row["home_slot"] else "registered"
