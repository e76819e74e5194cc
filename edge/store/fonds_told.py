"""What imports say of a fonds: taken into its description at the seal, where that says nothing yet, and given back.

What a person wrote there is never overwritten: the import says so and a person corrects it (``corrections``).
"""

from __future__ import annotations

from dataclasses import replace

from edge.domain.description import FIELDS
from edge.domain.fonds_row import TOLD
from edge.domain.intake import Judged
from edge.store import catalogue_rows as rows
from edge.store.connection import Connection
from edge.store.database import Change
from edge.store.described_record import put_more

_FIELDS = tuple(field.name for field in FIELDS["fonds"] if field.name != "name")


def of(db: Connection, fonds_no: str) -> dict[str, str]:
    """Of TOLD what the fonds' own description says, without what it leaves empty."""
    query = f"SELECT {', '.join(TOLD)} FROM fonds_description WHERE fonds_no = ?"
    row = db.execute(query, (fonds_no,)).fetchone()
    return {name: row[name] for name in TOLD if row[name]} if row else {}


def said(db: Connection, row: Judged) -> Judged:
    """``row``, with a note where the fonds says something else already."""
    own = of(db, row.fonds_no) if row.of_fonds else {}
    if any(own.get(name, text) != text for name, text in row.of_fonds.items()):
        return replace(row, notes=(*row.notes, ("fonds_keeps_own", {"fonds": row.fonds_no})))
    return row


def keep(db: Connection, import_no: int, row: Judged) -> None:
    """Until the seal. Of two rows about one fonds the first counts."""
    db.executemany(
        "INSERT OR IGNORE INTO import_fonds (import_no, fonds_no, name, field, value) VALUES (?,?,?,?,?)",
        [(import_no, row.fonds_no, row.fonds_name, name, text) for name, text in row.of_fonds.items()],
    )


def take(change: Change, import_no: int, import_id: str, actor: str) -> None:
    """At the seal: the fonds says from now on what it said nothing of."""
    found = change.db.execute("SELECT * FROM import_fonds WHERE import_no = ?", (import_no,)).fetchall()
    for fonds_no, name in {row["fonds_no"]: row["name"] for row in found}.items():
        rows.insert_fonds(change.db, fonds_no, name, rows.Source(import_no, 0, ""))
        own = of(change.db, fonds_no)
        new = {row["field"]: row["value"] for row in found if row["fonds_no"] == fonds_no and row["field"] not in own}
        if not new:
            continue
        put_more(change, "fonds", fonds_no, new, actor)
        change.db.executemany(
            "UPDATE import_fonds SET taken = 1 WHERE import_no = ? AND fonds_no = ? AND field = ?",
            [(import_no, fonds_no, field) for field in new],
        )
        _tell(change, fonds_no, sorted(new), import_id, actor)


def give_back(change: Change, import_no: int, import_id: str, actor: str) -> None:
    """At the undoing: what nobody corrected since is empty again."""
    db = change.db
    found = db.execute("SELECT * FROM import_fonds WHERE import_no = ? AND taken", (import_no,)).fetchall()
    corrected = "SELECT 1 FROM correction WHERE level = 'fonds' AND subject = ? AND field = ?"
    for fonds_no in dict.fromkeys(row["fonds_no"] for row in found):
        own = of(db, fonds_no)
        back = [
            row["field"]
            for row in found
            if row["fonds_no"] == fonds_no
            and own.get(row["field"]) == row["value"]
            and not db.execute(corrected, (fonds_no, row["field"])).fetchone()
        ]
        if not back:
            continue
        put_more(change, "fonds", fonds_no, dict.fromkeys(back, ""), actor)
        nothing = " AND ".join(f"{name} = ''" for name in _FIELDS)
        db.execute(f"DELETE FROM fonds_description WHERE fonds_no = ? AND {nothing}", (fonds_no,))
        _tell(change, fonds_no, back, import_id, actor)


def _tell(change: Change, fonds_no: str, fields: list[str], import_id: str, actor: str) -> None:
    body = {"fonds": fonds_no, "fields": sorted(fields), "import": import_id}
    change.event("fonds.described", subject=fonds_no, actor=actor, body=body)
