"""The end of the chain as the writer keeps it, and how epochs and events enter and leave their tables."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass

from edge.domain.trace import GENESIS, Event, Moment
from edge.store.connection import Connection, Row


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the next event goes on. ``seq`` 0 = the epoch has no event yet."""

    epoch_no: int
    epoch: str
    seq: int
    hash: str
    moment: Moment | None
    node: str = ""


def read_tip(db: Connection) -> Tip:
    """The tip as the file has it; epoch_no 0 for a file without a trace."""
    row = db.execute(
        "SELECT epoch_no, epoch, seq, envelope FROM event JOIN epoch ON no = epoch_no ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return Tip(0, "", 0, GENESIS, None)
    said = json.loads(row["envelope"])
    moment = Moment(said["utc_ms"], said["boot"], said["mono_ms"], said["trusted"])
    return Tip(
        row["epoch_no"], row["epoch"], row["seq"], hashlib.sha256(row["envelope"]).hexdigest(), moment, said["node"]
    )


def new_epoch_id() -> str:
    """64 random bits in hex: made when a data directory is created or restored."""
    return secrets.token_hex(8)


def begin_epoch(db: Connection, epoch: str, moment: Moment) -> Tip:
    cursor = db.execute("INSERT INTO epoch (epoch, began_utc_ms) VALUES (?, ?)", (epoch, moment.utc_ms))
    return Tip(cursor.lastrowid, epoch, 0, GENESIS, moment)


def insert_event(db: Connection, epoch_no: int, event: Event, utc_ms: int) -> None:
    db.execute(
        "INSERT INTO event (epoch_no, seq, utc_ms, action, subject, actor, level, envelope, salt, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            epoch_no,
            event.seq,
            utc_ms,
            event.action,
            event.subject,
            event.actor,
            event.level,
            event.envelope,
            event.salt,
            event.body,
        ),
    )


def event_of(row: Row, node: str, epoch: str) -> Event:
    """An event from its columns; ``node`` and ``epoch`` stand elsewhere in the file."""
    told = (row["action"], row["subject"], row["actor"], row["level"], row["envelope"], row["salt"], row["body"])
    return Event(node, epoch, row["seq"], *told)
