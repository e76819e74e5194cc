"""Taking a whole sealed import back, as long as nothing since depends on it. What stands in the way is counted by kind.

First the import shows nothing any more, in one change; then its rows go in batches. The file and the verdicts stay as
evidence: they were once in the catalogue, and the trace says so.
"""

from __future__ import annotations

from edge.errors import RuleRefused
from edge.store import fonds_told, volumes_told
from edge.store.connection import Connection
from edge.store.database import Change
from edge.store.imports import BATCH, Import, discard_rows
from edge.store.shape import references
from edge.words import Words

# Kind of dependant (words: import.depends.<kind>) → how many there are. :no is the import.
_DEPENDANTS = {
    "loans": "SELECT count(*) FROM loan WHERE item_id IN (SELECT id FROM item WHERE import_no = :no)"
    " OR volume_id IN (SELECT id FROM volume WHERE import_no = :no)"
    " OR box_id IN (SELECT id FROM box WHERE import_no = :no)",
    "pages": "SELECT count(*) FROM page WHERE item_id IN (SELECT id FROM item WHERE import_no = :no)",
    "texts": "SELECT count(*) FROM item_text WHERE item_no IN (SELECT no FROM item WHERE import_no = :no)",
    "items_in_boxes": "SELECT count(*) FROM item WHERE import_no IS NOT :no"
    " AND (box_id IN (SELECT id FROM box WHERE import_no = :no)"
    " OR no IN (SELECT item_no FROM item_also_in WHERE box_id IN (SELECT id FROM box WHERE import_no = :no)))",
    "items_in_volumes": "SELECT count(*) FROM item WHERE import_no IS NOT :no"
    " AND volume_id IN (SELECT id FROM volume WHERE import_no = :no)",
    "volumes_in_boxes": "SELECT count(*) FROM volume WHERE import_no IS NOT :no"
    " AND box_id IN (SELECT id FROM box WHERE import_no = :no)",
    # a box that only got its first place holds nothing up: taking the import back frees the place
    "boxes_moved": "SELECT count(DISTINCT b.id) FROM box b JOIN event e ON e.subject = b.id WHERE b.import_no = :no"
    " AND NOT (e.action = 'box.placed' AND b.slot IS b.home_slot AND (SELECT count(*) FROM event o"
    " WHERE o.subject = b.id) = 1)",
    "items_changed": "SELECT count(DISTINCT i.id) FROM item i JOIN event e ON e.subject = i.id WHERE i.import_no = :no",
    # what a later list filled of a volume counts as that list's record, until it is taken back
    "volumes_changed": "SELECT count(DISTINCT v.id) FROM volume v JOIN event e ON e.subject = v.id"
    " WHERE v.import_no = :no AND e.action <> 'volume.described'",
}


# counted above, or gone with the import
_OWN = ("item", "volume", "box", "item_also_in", "item_text", "item_description", "volume_description", "page")


def _later_records(db: Connection, imported: Import) -> int:
    """Rows of any other table that point at the import's records: whatever is added to the store counts by itself."""
    return sum(
        int(
            db.execute(
                f"SELECT count(*) FROM {table} WHERE {column} IN (SELECT {key} FROM {target} WHERE import_no = ?)",
                (imported.no,),
            ).fetchone()[0]
        )
        for target in ("item", "volume", "box")
        for table, column, key in references(db, target)
        if table not in _OWN
    )


def dependants(db: Connection, imported: Import) -> dict[str, int]:
    """What since depends on the import; {} = it can be taken back. Secret records count like others, unnamed."""
    found = {kind: int(db.execute(query, {"no": imported.no}).fetchone()[0]) for kind, query in _DEPENDANTS.items()}
    found["records"] = _later_records(db, imported)
    return {kind: count for kind, count in found.items() if count}


def begin_undo(change: Change, import_id: str, actor: str) -> Import:
    """From this event on nothing of it shows. RuleRefused ``import_unknown``, ``import_not_sealed``,
    ``import_pending``, ``import_depended_on``.
    """
    row = change.db.execute("SELECT * FROM import_file WHERE id = ?", (import_id,)).fetchone()
    if row is None:
        raise RuleRefused("import_unknown", "nothing_to_do")
    imported = Import.of(row)
    if imported.state != "sealed":
        raise RuleRefused("import_not_sealed", "nothing_to_do", file=imported.name)
    other = change.db.execute("SELECT name FROM import_file WHERE state = 'pending'").fetchone()
    if other:
        raise RuleRefused("import_pending", "finish_or_discard_import", file=other["name"])
    found = dependants(change.db, imported)
    if found:
        what = [Words(f"import.depends.{kind}", {"count": count}) for kind, count in found.items()]
        raise RuleRefused("import_depended_on", "undo_those_first", file=imported.name, what=what)
    change.db.execute(
        "UPDATE import_file SET state = 'pending', undone_utc_ms = ? WHERE no = ?", (change.utc_ms, imported.no)
    )
    fonds_told.give_back(change, imported.no, imported.id, actor)
    volumes_told.give_back(change, imported.no, imported.id, actor)
    body = {"import": imported.id, "rows": imported.rows_done, "boxes": imported.boxes}
    change.event("import.undone", subject=imported.id, actor=actor, body=body)
    return Import.of(change.db.execute("SELECT * FROM import_file WHERE no = ?", (imported.no,)).fetchone())


def undo_some(change: Change, imported: Import, actor: str) -> bool:
    """Take away at most BATCH rows of an import whose undoing has begun; True once nothing is left of it."""
    if discard_rows(change.db, imported, BATCH):
        return False
    change.db.execute(
        "UPDATE import_file SET state = 'discarded', ended_utc_ms = ? WHERE no = ?", (change.utc_ms, imported.no)
    )
    change.event("import.discarded", subject=imported.id, actor=actor, body={"import": imported.id})
    return True
