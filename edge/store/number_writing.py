"""An archive number 档号 is written on an item or a volume, with all that follows from it."""

from __future__ import annotations

from edge.domain import archive_numbers
from edge.domain import series as series_rules
from edge.domain.series import Register, Series
from edge.store import catalogue_rows as rows
from edge.store import site_tables, spine_reprints, volume_rows
from edge.store.connection import Connection
from edge.store.database import Change


def give(change: Change, of: Series, register: Register, table: str, subject: str, no: int) -> str:
    """Write number ``no`` on an item or a volume, with all that follows from it; the number as written."""
    db = change.db
    written = series_rules.write(of, register, no)
    if table == "volume":
        key = archive_numbers.key_within(site_tables.number_in(db, written), of.fonds_no)
        volume_rows.number(db, subject, register_id=register.id, seq=no, ref_code=written, ref_key=key)
        inside = db.execute("SELECT id, seq FROM item WHERE volume_id = ? AND seq IS NOT NULL", (subject,)).fetchall()
        for row in inside:
            write_item_number(db, row["id"], series_rules.write(of, register, no, row["seq"]))
            spine_reprints.reprint_box_of(change, "item", row["id"])
    else:
        write_item_number(db, subject, written, register_id=register.id, seq=no)
    spine_reprints.reprint_box_of(change, table, subject)
    return written


def write_item_number(db: Connection, item_id: str, written: str, **place: str | int) -> None:
    """``place``: columns of its place in the run, in the same statement: a sealed register lets nothing be added to."""
    columns: dict[str, str | int] = {
        "ref_code": written,
        "ref_key": key_in(db, written),
        **rows.folded(written),
        **place,
    }
    settings = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE item SET {settings} WHERE id = ?", (*columns.values(), item_id))
    rows.reindex_item(db, db.execute("SELECT no FROM item WHERE id = ?", (item_id,)).fetchone()["no"])


def key_in(db: Connection, written: str) -> str:
    return series_rules.key(written, *site_tables.codes(db))
