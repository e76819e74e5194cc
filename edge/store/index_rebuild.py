"""The search index written anew beside the one in use, in small transactions, and put in its place in one.

Until then search goes on in the old one. Triggers note what changes meanwhile, so that nobody has to wait; a rebuild
that was cut off goes on where it stopped. The damaged index of a lost page is replaced like any other.
"""

from __future__ import annotations

from collections.abc import Iterator

from edge.store import reindex
from edge.store.connection import Connection
from edge.store.database import Change, Database
from edge.store.shape import written
from edge.store.space import require_room

TABLES = ("item_words", "item_sounds", "box_words", "volume_words", "volume_sounds")
KINDS = ("box", "volume", "item")
CHUNK = 200  # records a transaction
FEW = 20  # changed records that may wait for the very last transaction
_NEW = "_new"
_TRIGGERS = {
    "rebuild_item_added": ("AFTER INSERT ON item", "'item', NEW.no"),
    "rebuild_item_changed": ("AFTER UPDATE ON item", "'item', NEW.no"),
    "rebuild_item_gone": ("AFTER DELETE ON item", "'item', OLD.no"),
    "rebuild_text_added": ("AFTER INSERT ON item_text", "'item', NEW.item_no"),
    "rebuild_text_changed": ("AFTER UPDATE ON item_text", "'item', NEW.item_no"),
    "rebuild_text_gone": ("AFTER DELETE ON item_text", "'item', OLD.item_no"),
    "rebuild_scope_added": ("AFTER INSERT ON item_description", "'item', NEW.item_no"),
    "rebuild_scope_changed": ("AFTER UPDATE OF scope ON item_description", "'item', NEW.item_no"),
    "rebuild_scope_gone": ("AFTER DELETE ON item_description", "'item', OLD.item_no"),
    "rebuild_volume_added": ("AFTER INSERT ON volume", "'volume', NEW.no"),
    "rebuild_volume_changed": ("AFTER UPDATE ON volume", "'volume', NEW.no"),
    "rebuild_volume_gone": ("AFTER DELETE ON volume", "'volume', OLD.no"),
    "rebuild_box_added": ("AFTER INSERT ON box", "'box', NEW.no"),
    "rebuild_box_changed": ("AFTER UPDATE ON box", "'box', NEW.no"),
    "rebuild_box_gone": ("AFTER DELETE ON box", "'box', OLD.no"),
}


def rebuild(database: Database, actor: str) -> Iterator[tuple[int, int]]:
    """Records done and records in all, after each piece of work; the new index is in use when it ends."""
    require_room(database.path)
    database.write(lambda change: _begin(change, actor))
    while True:
        with database.read() as db:
            counts = " + ".join(f"(SELECT count(*) FROM {kind})" for kind in KINDS)
            total = db.execute(f"SELECT {counts}").fetchone()[0]
        left = database.write(_go_on, telemetry=True)
        yield total - left, total
        if not left:
            break
    while database.write(lambda change: _again(change.db, CHUNK) > FEW, telemetry=True):
        yield total, total
    database.write(lambda change: _take_over(change, actor))


def _begin(change: Change, actor: str) -> None:
    """A new one, or the one that was cut off, also by a version of the program that indexed less."""
    db = change.db
    begun = db.execute("SELECT 1 FROM index_rebuild").fetchone() is not None
    for table in TABLES:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table + _NEW,)).fetchone():
            continue
        db.execute(written(db, table).replace(table, table + _NEW, 1))
        for row in db.execute(f"SELECT k, v FROM {table}_config WHERE k <> 'version'").fetchall():
            db.execute(f"INSERT INTO {table}{_NEW} ({table}{_NEW}, rank) VALUES (?, ?)", (row["k"], row["v"]))
    for name, (when, what) in _TRIGGERS.items():
        then = f"BEGIN INSERT OR IGNORE INTO index_rebuild_again VALUES ({what}); END"
        db.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {when} {then}")
    if begun:
        change.event("index.rebuild_resumed", subject="index", actor=actor, body={})
        return
    db.execute("INSERT INTO index_rebuild (one, began_ms) VALUES (1, ?)", (change.utc_ms,))
    change.event("index.rebuild_began", subject="index", actor=actor, body={})


def _go_on(change: Change) -> int:
    """Write the words of the next records; how many are left."""
    db = change.db
    for kind in KINDS:
        after = db.execute(f"SELECT after_{kind} FROM index_rebuild").fetchone()[0]
        found = db.execute(f"SELECT no FROM {kind} WHERE no > ? ORDER BY no LIMIT {CHUNK}", (after,)).fetchall()
        for row in found:
            reindex.write(db, kind, row["no"], _NEW)
        if found:
            db.execute(f"UPDATE index_rebuild SET after_{kind} = ?", (found[-1]["no"],))
            break
    left = " + ".join(f"(SELECT count(*) FROM {kind} WHERE no > after_{kind})" for kind in KINDS)
    return int(db.execute(f"SELECT {left} FROM index_rebuild").fetchone()[0])


def _again(db: Connection, limit: int) -> int:
    """Write the words of records that changed meanwhile; how many of them are still to be done."""
    for row in db.execute("SELECT kind, no FROM index_rebuild_again LIMIT ?", (limit,)).fetchall():
        reindex.write(db, row["kind"], row["no"], _NEW)
        db.execute("DELETE FROM index_rebuild_again WHERE kind = ? AND no = ?", tuple(row))
    return int(db.execute("SELECT count(*) FROM index_rebuild_again").fetchone()[0])


def _take_over(change: Change, actor: str) -> None:
    db = change.db
    for name in _TRIGGERS:
        db.execute(f"DROP TRIGGER {name}")
    while _again(db, CHUNK):
        pass
    for table in TABLES:
        db.execute(f"DROP TABLE {table}")
        db.execute(f"ALTER TABLE {table}{_NEW} RENAME TO {table}")
    began_ms = db.execute("SELECT began_ms FROM index_rebuild").fetchone()[0]
    db.execute("DELETE FROM index_rebuild")
    items = db.execute("SELECT count(*) FROM item").fetchone()[0]
    body = {"items": items, "duration_ms": max(0, change.utc_ms - began_ms)}
    change.event("index.rebuilt", subject="index", actor=actor, body=body)
