"""Enrolled nodes, and the check of everything that is held of them."""

from __future__ import annotations

from dataclasses import dataclass

from cloud_sync import keys
from cloud_sync.contract import Checkpoint
from cloud_sync.store import projections
from cloud_sync.store.database import Database
from edge.domain.trace import GENESIS, Event, first_break

_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Bad:
    """What does not verify at ``seq``; ``why``: what ``first_break`` says, ``head``, ``signature``, ``checkpoint``."""

    node: str
    epoch: str
    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``bad`` is empty when everything verifies."""

    events: int
    checkpoints: int
    bad: list[Bad]


class Nodes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def enrol(self, node: str, name: str, public_key: str, now_ms: int) -> None:
        """Add ``node``, or give it a new name and key; what is held of it stays."""
        self._database.write(
            lambda db: db.execute(
                "INSERT INTO node VALUES (?, ?, ?, ?) ON CONFLICT (node) DO UPDATE SET name = excluded.name,"
                " public_key = coalesce(nullif(excluded.public_key, ''), public_key)",
                (node, name, public_key, now_ms),
            )
        )

    def verify(self) -> Verdict:
        """Recompute every chain and every checkpoint's signature, then build the projections anew."""
        events, checkpoints, bad = 0, 0, list[Bad]()
        with self._database.read() as db:
            epochs = db.execute("SELECT * FROM epoch ORDER BY node, no").fetchall()
        for epoch in epochs:
            count, broken = self._verify_epoch(epoch["node"], epoch["epoch"], epoch["seq"], epoch["head"])
            events += count
            bad += [broken] if broken else []
        with self._database.read() as db:
            signed = db.execute("SELECT checkpoint.*, public_key FROM checkpoint JOIN node USING (node)").fetchall()
            for row in signed:
                checkpoints += 1
                checkpoint = Checkpoint(**{name: row[name] for name in Checkpoint.model_fields if name != "v"})
                held = db.execute(
                    "SELECT hash FROM event WHERE node = ? AND epoch = ? AND seq = ?",
                    (row["node"], row["epoch"], row["seq"]),
                ).fetchone()
                if not keys.verifies(row["public_key"], checkpoint.signature, checkpoint.signed_bytes()):
                    bad.append(Bad(row["node"], row["epoch"], row["seq"], "signature"))
                elif held is not None and held["hash"] != row["head"]:
                    bad.append(Bad(row["node"], row["epoch"], row["seq"], "checkpoint"))
        self._database.write(projections.rebuild_all)
        return Verdict(events, checkpoints, bad)

    def _verify_epoch(self, node: str, epoch: str, last_seq: int, head: str) -> tuple[int, Bad | None]:
        seq, prev = 0, GENESIS
        while seq < last_seq:
            with self._database.read() as db:
                rows = db.execute(
                    "SELECT * FROM event WHERE node = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
                    (node, epoch, seq, _PAGE),
                ).fetchall()
            page = [Event(**{name: row[name] for name in Event.__slots__}) for row in rows]
            broken = first_break(page, start_seq=seq + 1, prev=prev)
            if broken is not None:
                return seq, Bad(node, epoch, broken.seq, broken.why)
            if not page:
                return seq, Bad(node, epoch, seq + 1, "gap")
            seq, prev = page[-1].seq, page[-1].hash
        return seq, None if prev == head else Bad(node, epoch, seq, "head")
