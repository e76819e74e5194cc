"""Events, epochs, checkpoints and the quarantine: what the centre keeps for ever."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

from edge.domain.trace import GENESIS, Event


@dataclass(frozen=True, slots=True)
class Held:
    """How far the centre holds one epoch without a gap. ``seq`` 0 = nothing of it."""

    epoch: str
    seq: int
    head: str


def held(db: sqlite3.Connection, node: str, epoch: str) -> Held | None:
    row = db.execute("SELECT epoch, seq, head FROM epoch WHERE node = ? AND epoch = ?", (node, epoch)).fetchone()
    return Held(row["epoch"], row["seq"], row["head"]) if row else None


def newest(db: sqlite3.Connection, node: str) -> Held | None:
    """The node's newest epoch; None before its first event."""
    row = db.execute("SELECT epoch, seq, head FROM epoch WHERE node = ? ORDER BY no DESC LIMIT 1", (node,)).fetchone()
    return Held(row["epoch"], row["seq"], row["head"]) if row else None


def hash_at(db: sqlite3.Connection, node: str, epoch: str, seq: int) -> str | None:
    """The chain's hash after event ``seq``; None where the centre does not hold it."""
    if seq == 0:
        return GENESIS
    row = db.execute("SELECT hash FROM event WHERE node = ? AND epoch = ? AND seq = ?", (node, epoch, seq)).fetchone()
    return str(row["hash"]) if row else None


def open_epoch(db: sqlite3.Connection, node: str, epoch: str, previous: Held, now_ms: int) -> None:
    """Record a new epoch and where it branches off (``previous.epoch`` is '' for a node's first)."""
    db.execute(
        "INSERT INTO epoch SELECT ?, ?, 1 + coalesce(max(no), 0), 0, ?, ?, ?, ? FROM epoch WHERE node = ?",
        (node, epoch, GENESIS, previous.epoch, previous.seq, now_ms, node),
    )


def append(db: sqlite3.Connection, events: list[Event], now_ms: int) -> None:
    """Add consecutive, verified events of one epoch and move its head."""
    db.executemany(
        "INSERT INTO event (node, epoch, seq, hash, utc_ms, received_ms, action, subject, actor, level, envelope,"
        " salt, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(event.node, event.epoch, event.seq, event.hash, event.fields()["utc_ms"], now_ms),
                *(event.action, event.subject, event.actor, event.level, event.envelope, event.salt, event.body),
            )
            for event in events
        ],
    )
    last = events[-1]
    db.execute(
        "UPDATE epoch SET seq = ?, head = ? WHERE node = ? AND epoch = ?", (last.seq, last.hash, last.node, last.epoch)
    )


def quarantine(
    db: sqlite3.Connection,
    node: str,
    leaf: str,
    why: str,
    payload: bytes,
    now_ms: int,
    *,
    epoch: str = "",
    seq: int = 0,
) -> bool:
    """Keep a message that cannot be accepted. Whether it is the first of its kind."""
    digest = hashlib.sha256(payload).hexdigest()
    row = db.execute(
        "INSERT INTO quarantine (node, leaf, why, epoch, seq, digest, payload, times, first_ms, last_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (node, leaf, why, digest) DO UPDATE SET"
        " times = times + 1, last_ms = excluded.last_ms RETURNING times",
        (node, leaf, why, epoch, seq, digest, payload, now_ms, now_ms),
    ).fetchone()
    return int(row["times"]) == 1
