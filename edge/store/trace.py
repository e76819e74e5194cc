"""Reading the trace, its signed checkpoints, and how far the centre has confirmed it. Appending is ``Change.event``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.trace import GENESIS, Event, Head, checkpoint_bytes
from edge.store.connection import Row
from edge.store.database import Database
from edge.store.readers import Reads
from edge.store.tally_roots import close
from edge.store.tip import event_of

CHECKPOINT_EVENTS = 100
CHECKPOINT_MS = 60_000

_COLUMNS = "epoch.epoch, seq, action, subject, actor, level, envelope, salt, body"
_FROM = "FROM event JOIN epoch ON epoch.no = epoch_no"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One unbroken life of a data directory. ``last_seq`` is the newest event this file holds of it."""

    no: int
    epoch: str
    began_utc_ms: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Ed25519 over ``storeroom-checkpoint/1 <node> <epoch> <seq> <head> <utc_ms>``; ``signature`` in hex."""

    node: str
    epoch: str
    seq: int
    head: str
    utc_ms: int
    signature: str


class TraceView:
    """Reading only; needs no writer, so it also works beside a running node."""

    def __init__(self, reads: Reads, node_id: str) -> None:
        self._reads, self._node_id = reads, node_id

    def head(self) -> Head:
        """The newest event."""
        with self._reads.read() as db:
            row = db.execute(f"SELECT {_COLUMNS} {_FROM} ORDER BY event.id DESC LIMIT 1").fetchone()
        if row is None:
            return Head("", 0, GENESIS)
        event = self._event(row)
        return Head(event.epoch, event.seq, event.hash)

    def head_at(self, epoch: str, seq: int) -> Head | None:
        """The chain's end as it was at ``seq``; None where this file has no such event. Seq 0 is before the first."""
        if seq == 0:
            return Head(epoch, 0, GENESIS)
        found = self.events_after(epoch, seq - 1, 1)
        return Head(epoch, seq, found[0].hash) if found and found[0].seq == seq else None

    def epochs(self) -> list[Epoch]:
        """Oldest first."""
        with self._reads.read() as db:
            rows = db.execute(
                "SELECT no, epoch, began_utc_ms,"
                " coalesce((SELECT max(seq) FROM event WHERE epoch_no = no), 0) AS last_seq FROM epoch ORDER BY no"
            ).fetchall()
        return [Epoch(row["no"], row["epoch"], row["began_utc_ms"], row["last_seq"]) for row in rows]

    def events_after(self, epoch: str, seq: int, limit: int) -> list[Event]:
        """Events of one epoch, in order, from ``seq`` + 1 on."""
        with self._reads.read() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE epoch_no = (SELECT no FROM epoch WHERE epoch = ?)"
                " AND seq > ? ORDER BY seq LIMIT ?",
                (epoch, seq, limit),
            ).fetchall()
        return [self._event(row) for row in rows]

    def recent(self, limit: int, subject: str | None = None, action_prefix: str | None = None) -> list[Event]:
        """Newest first."""
        wanted, values = ["1"], list[Any]()
        if subject is not None:
            wanted.append("subject = ?")
            values.append(subject)
        if action_prefix is not None:
            wanted.append("action >= ? AND action < ?")
            values += [action_prefix, action_prefix + "\U0010ffff"]
        with self._reads.read() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(wanted)} ORDER BY event.id DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return [self._event(row) for row in rows]

    def acked(self) -> tuple[str, int]:
        """How far the centre holds the trace durably; (first epoch, 0) before its first word."""
        with self._reads.read() as db:
            row = db.execute("SELECT epoch, seq FROM sync_cursor").fetchone()
            if row is None:
                row = db.execute("SELECT epoch, 0 AS seq FROM epoch ORDER BY no LIMIT 1").fetchone()
        return (row["epoch"], row["seq"]) if row else ("", 0)

    def backlog(self) -> int:
        """Events the centre has not confirmed."""
        epoch, seq = self.acked()
        with self._reads.read() as db:
            row = db.execute(
                "SELECT count(*) AS n FROM event WHERE epoch_no > (SELECT no FROM epoch WHERE epoch = :epoch)"
                " OR (epoch_no = (SELECT no FROM epoch WHERE epoch = :epoch) AND seq > :seq)",
                {"epoch": epoch, "seq": seq},
            ).fetchone()
        return int(row["n"])

    def checkpoints(self) -> list[Checkpoint]:
        """Oldest first."""
        with self._reads.read() as db:
            rows = db.execute(
                "SELECT epoch.epoch, seq, head, utc_ms, signature FROM checkpoint JOIN epoch ON epoch.no = epoch_no"
                " ORDER BY epoch_no, seq"
            ).fetchall()
        node = self._node_id
        return [Checkpoint(node, r["epoch"], r["seq"], r["head"], r["utc_ms"], r["signature"]) for r in rows]

    def _event(self, row: Row) -> Event:
        return event_of(row, self._node_id, row["epoch"])


class Trace(TraceView):
    """The node's own trace: a view that also keeps the centre's word and signs."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, database.node_id)
        self._database = database

    def set_acked(self, epoch: str, seq: int) -> None:
        """Follow the centre, also backwards."""
        self._database.write(
            lambda change: change.db.execute("INSERT OR REPLACE INTO sync_cursor VALUES (1, ?, ?)", (epoch, seq)),
            telemetry=True,
        )

    def checkpoint(self, signing_key: Ed25519PrivateKey, *, now: bool = False) -> Checkpoint | None:
        """Sign the newest event if 100 events or 60 s of new ones wait, or if ``now`` and there is any; else None.

        The node calls it every few seconds and, with ``now``, before each sync and at a clean stop.
        """
        head, utc_ms = self.head(), self._database.clock.utc_ms()
        waiting, oldest_ms = self._unsigned()
        if not waiting or not (now or waiting >= CHECKPOINT_EVENTS or abs(utc_ms - oldest_ms) >= CHECKPOINT_MS):
            return None
        self._database.write(close, telemetry=True)
        head = self.head()
        node = self._database.node_id
        signature = signing_key.sign(checkpoint_bytes(node, head, utc_ms)).hex()
        self._database.write(
            lambda change: change.db.execute(
                "INSERT OR IGNORE INTO checkpoint SELECT no, ?, ?, ?, ? FROM epoch WHERE epoch = ?",
                (head.seq, head.hash, utc_ms, signature, head.epoch),
            ),
            telemetry=True,
        )
        return Checkpoint(node, head.epoch, head.seq, head.hash, utc_ms, signature)

    def _unsigned(self) -> tuple[int, int]:
        """Events since the last checkpoint, and when the oldest of them was written."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT count(*) AS n, coalesce(min(utc_ms), 0) AS oldest FROM event WHERE id > coalesce("
                "(SELECT event.id FROM checkpoint JOIN event USING (epoch_no, seq)"
                " ORDER BY event.id DESC LIMIT 1), 0)"
            ).fetchone()
        return row["n"], row["oldest"]
