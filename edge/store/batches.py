"""Digitisation batches, their items out and in, and their steps. Writes take the Change they happen in."""

from __future__ import annotations

from edge.domain.batches import Batch, Done, Sent
from edge.domain.ids import new_id
from edge.errors import InputRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database


class Batches:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Batch]:
        """Open ones first, newest first."""
        with self._database.read() as db:
            return [_batch(row) for row in db.execute("SELECT * FROM batch ORDER BY state DESC, opened_ms DESC, name")]

    def get(self, name: str) -> Batch:
        """By name or id. InputRefused ``batch_unknown``."""
        with self._database.read() as db:
            row = db.execute("SELECT * FROM batch WHERE name = ? OR id = ?", (name, name)).fetchone()
        if row is None:
            raise InputRefused("batch_unknown", "look_again", batch=name)
        return _batch(row)

    def sent(self, batch: Batch) -> list[Sent]:
        with self._database.read() as db:
            return _sent(db, batch)

    def sent_in(self, change: Change, batch: Batch) -> list[Sent]:
        return _sent(change.db, batch)

    def done(self, batch: Batch) -> list[Done]:
        """Oldest first."""
        with self._database.read() as db:
            return _done(db, batch)

    def done_in(self, change: Change, batch: Batch) -> list[Done]:
        return _done(change.db, batch)

    def open(self, change: Change, name: str, contractor: str, actor: str) -> Batch:
        """StoreError ``conflict`` where the name is taken."""
        batch = Batch(new_id(change.utc_ms), name, contractor, "open", change.utc_ms, actor)
        row = (batch.id, name, contractor, batch.state, batch.opened_ms, actor)
        change.db.execute(
            "INSERT INTO batch (id, name, contractor, state, opened_ms, opened_by) VALUES (?,?,?,?,?,?)", row
        )
        return batch

    def close(self, change: Change, batch: Batch, actor: str, despite: str = "") -> None:
        change.db.execute(
            "UPDATE batch SET state = 'closed', closed_ms = ?, closed_by = ?, despite = ? WHERE id = ?",
            (change.utc_ms, actor, despite, batch.id),
        )

    def leave_undigitised(self, change: Change, batch: Batch, item_id: str, pages: str) -> None:
        change.db.execute(
            "UPDATE batch_item SET undigitised = ? WHERE batch_id = ? AND item_id = ?", (pages, batch.id, item_id)
        )

    def send(self, change: Change, batch: Batch, item_id: str, pages: int, actor: str) -> None:
        """StoreError ``conflict`` for an item that is out with a batch."""
        change.db.execute(
            "INSERT INTO batch_item (batch_id, item_id, pages_out, out_ms, out_by) VALUES (?,?,?,?,?)",
            (batch.id, item_id, pages, change.utc_ms, actor),
        )

    def take_back(
        self, change: Change, batch: Batch, item_id: str, pages: int, bound: bool, note: str, actor: str
    ) -> None:
        change.db.execute(
            "UPDATE batch_item SET pages_in = ?, bound = ?, note = ?, in_ms = ?, in_by = ?"
            " WHERE batch_id = ? AND item_id = ?",
            (pages, int(bound), note, change.utc_ms, actor, batch.id, item_id),
        )

    def record(self, change: Change, batch: Batch, done: Done) -> None:
        change.db.execute(
            "INSERT INTO batch_step (batch_id, step, round, worker, checker, count, defects, note, at_ms)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                *(batch.id, done.step, done.round, done.worker, done.checker),
                *(done.count, done.defects, done.note, done.at_ms),
            ),
        )


def _batch(row: Row) -> Batch:
    return Batch(**{name: row[name] for name in Batch.__dataclass_fields__})


def _sent(db: Connection, batch: Batch) -> list[Sent]:
    rows = db.execute("SELECT * FROM batch_item WHERE batch_id = ? ORDER BY out_ms, item_id", (batch.id,))
    fields = Sent.__dataclass_fields__
    return [Sent(**{**{name: row[name] for name in fields}, "bound": bool(row["bound"])}) for row in rows]


def _done(db: Connection, batch: Batch) -> list[Done]:
    rows = db.execute("SELECT * FROM batch_step WHERE batch_id = ? ORDER BY no", (batch.id,))
    return [Done(**{name: row[name] for name in Done.__dataclass_fields__}) for row in rows]
