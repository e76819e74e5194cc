"""Numbers that came in before the site named their category or case prefix: read again by the codes it has now."""

from __future__ import annotations

from edge.domain import archive_numbers
from edge.store import catalogue_rows as rows
from edge.store import site_tables
from edge.store.database import Change

_LAST = "\U0010ffff"


def read_again(change: Change, code: str, actor: str) -> int:
    """Items and volumes whose number holds ``code`` and was in no rule so far; how many are now in one.

    What would meet a number that is taken stays as it is.
    """
    db = change.db
    codes = site_tables.codes(db)
    changed = 0
    for table in ("item", "volume"):
        found = db.execute(
            f"SELECT no, ref_code FROM {table} WHERE ref_key >= '~' AND ref_key < ? AND instr(upper(ref_code), ?)",
            ("~" + _LAST, code),
        ).fetchall()
        for row in found:
            read = archive_numbers.parse(row["ref_code"], *codes)
            if read.rule == "foreign":
                continue
            done = db.execute(f"UPDATE OR IGNORE {table} SET ref_key = ? WHERE no = ?", (read.key, row["no"])).rowcount
            changed += done
            if done and table == "item":
                db.execute(
                    "UPDATE item SET year = coalesce(year, ?), retention = CASE retention WHEN '' THEN ? ELSE retention"
                    " END WHERE no = ?",
                    (read.year, read.retention, row["no"]),
                )
                rows.reindex_item(db, row["no"])
    if changed:
        change.event("numbers.read_again", subject=code, actor=actor, body={"code": code, "count": changed})
    return changed
