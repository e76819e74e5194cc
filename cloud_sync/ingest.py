"""What arrives from the nodes → the store. Reads top to bottom: check, place in the chain, commit, acknowledge.

A message that cannot be accepted is quarantined with its reason and the next one goes on. An acknowledgement says what
the centre holds durably, so it is made only after the commit, and it also goes back when something is missing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync import contract, keys
from cloud_sync.store import evidence, projections
from cloud_sync.store.database import Database
from cloud_sync.store.evidence import Held
from cloud_sync.unpacking import Unacceptable, parse, unpack
from edge.domain.trace import GENESIS, Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """``ack``: publish it, retained. ``quarantined``: the reason, or ''. ``added``: new events committed."""

    ack: contract.Ack | None
    added: int = 0
    quarantined: str = ""


class Ingest:
    def __init__(self, database: Database, signing_key: Ed25519PrivateKey, now_ms: Callable[[], int]) -> None:
        self._database, self._signing_key, self._now_ms = database, signing_key, now_ms

    def events(self, node: str, payload: bytes) -> Outcome:
        """One message of ``up/events``."""
        try:
            batch, events = unpack(node, payload)
            added = self._database.write(lambda db: self._place(db, node, batch, events))
        except Unacceptable as error:
            # No acknowledgement: the node tries again ever more slowly, instead of at once and for ever.
            self._quarantine(node, contract.UP_EVENTS, error, payload)
            return Outcome(None, quarantined=error.why)
        ack = self.ack(node)
        if ack is not None and added is None:
            ack = ack.model_copy(update={"gap": True})
        return Outcome(ack, added or 0)

    def checkpoint(self, node: str, payload: bytes) -> Outcome:
        """One message of ``up/checkpoint``: kept only if the node's enrolled key signed it and it fits the chain."""
        try:
            checkpoint = parse(contract.Checkpoint, node, payload)
            self._database.write(lambda db: self._keep_checkpoint(db, checkpoint))
        except Unacceptable as error:
            self._quarantine(node, contract.UP_CHECKPOINT, error, payload)
            return Outcome(None, quarantined=error.why)
        return Outcome(None)

    def telemetry(self, node: str, payload: bytes) -> Outcome:
        """Newest values only; an older message never overwrites a newer value."""
        try:
            telemetry = parse(contract.Telemetry, node, payload)
            rows = [
                (node, r.place, r.measurand, r.value, r.quality, telemetry.utc_ms - r.age_ms)
                for r in telemetry.readings
            ]
            self._database.write(
                lambda db: db.executemany(
                    "INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (node, place, measurand) DO UPDATE SET"
                    " value = excluded.value, quality = excluded.quality, measured_ms = excluded.measured_ms"
                    " WHERE excluded.measured_ms >= measured_ms",
                    rows,
                ),
                durable=False,
            )
        except Unacceptable as error:
            self._quarantine(node, contract.UP_TELEMETRY, error, payload)
            return Outcome(None, quarantined=error.why)
        return Outcome(None)

    def state(self, node: str, payload: bytes, *, retained: bool) -> Outcome:
        """Birth, heartbeat, clean stop or will. A retained one is old news and never makes a node look alive.

        A will of another session than the newest birth is the end of a connection that was already replaced.
        """
        try:
            state = parse(contract.State, node, payload)
            born = self._database.write(lambda db: self._keep_state(db, state, retained), durable=False)
        except Unacceptable as error:
            self._quarantine(node, contract.STATE, error, payload)
            return Outcome(None, quarantined=error.why)
        return Outcome(self.ack(node) if born else None)

    def answer(self, node: str, payload: bytes) -> Outcome:
        """A node's answer to a command; a second answer to the same one changes nothing."""
        try:
            answer = parse(contract.Answer, node, payload)
            self._database.write(
                lambda db: db.execute(
                    "UPDATE command SET answered_ms = ?, ok = ?, code = ? WHERE id = ? AND node = ? AND ok IS NULL",
                    (self._now_ms(), int(answer.ok), answer.code, answer.id, node),
                )
            )
        except Unacceptable as error:
            self._quarantine(node, contract.UP_ANSWER, error, payload)
            return Outcome(None, quarantined=error.why)
        return Outcome(None)

    def ack(self, node: str) -> contract.Ack | None:
        """What the centre holds of ``node``, signed; epoch '' and seq 0 = nothing at all. None: not enrolled."""
        with self._database.read() as db:
            if not _enrolled(db, node):
                return None
            holds = evidence.newest(db, node) or Held("", 0, GENESIS)
        ack = contract.Ack(node=node, epoch=holds.epoch, seq=holds.seq, head=holds.head, signature="")
        return ack.model_copy(update={"signature": self._signing_key.sign(ack.signed_bytes()).hex()})

    def acks(self) -> list[contract.Ack]:
        """For every enrolled node: published at start, so that a centre restored from an older copy asks again."""
        with self._database.read() as db:
            nodes = [row["node"] for row in db.execute("SELECT node FROM node")]
        return [ack for node in nodes if (ack := self.ack(node)) is not None]

    def set_aside(self, node: str, leaf: str, payload: bytes) -> None:
        """Quarantine a message over which we ourselves stumbled: it stays visible, and the rest goes on."""
        self._quarantine(node, leaf, Unacceptable("internal"), payload)

    def _place(self, db: sqlite3.Connection, node: str, batch: contract.EventBatch, events: list[Event]) -> int | None:
        """Put ``events`` behind what is held; how many were new. None: something before them is missing."""
        if not _enrolled(db, node):
            raise Unacceptable("not_enrolled", epoch=batch.epoch, seq=batch.first_seq)
        holds = evidence.held(db, node, batch.epoch)
        if holds is None:
            if batch.first_seq > 1:
                return None
            branch = self._branch(db, node, events[0])
            if branch is None:
                return None
            evidence.open_epoch(db, node, batch.epoch, branch, self._now_ms())
            holds = Held(batch.epoch, 0, GENESIS)
        if batch.first_seq > holds.seq + 1:
            return None
        _refuse_fork(db, node, batch, events, holds)
        fresh = [event for event in events if event.seq > holds.seq]
        if not fresh:
            return 0
        evidence.append(db, fresh, self._now_ms())
        if fresh[0].seq == 1:
            projections.rebuild(db, node)  # a new epoch may undo events beyond its branching point
        else:
            for event in fresh:
                projections.apply(db, node, event.action, event.fields()["utc_ms"], event.body, event.actor)
        return len(fresh)

    def _branch(self, db: sqlite3.Connection, node: str, first: Event) -> Held | None:
        """Where a new epoch says that it branches off. None: the centre lacks the end of the previous one still."""
        known = evidence.newest(db, node)
        if known is None:
            return Held("", 0, GENESIS)
        said = json.loads(first.body) if first.body is not None else {}
        previous = Held(said.get("previous_epoch", ""), said.get("previous_seq", 0), said.get("previous_head", ""))
        holds = evidence.held(db, node, previous.epoch)
        if holds is None or first.action != "epoch.started":
            raise Unacceptable("epoch_unlinked", epoch=first.epoch, seq=1)
        if previous.seq > holds.seq:
            return None
        if evidence.hash_at(db, node, previous.epoch, previous.seq) != previous.head:
            raise Unacceptable("fork", epoch=previous.epoch, seq=previous.seq)
        return previous

    def _keep_checkpoint(self, db: sqlite3.Connection, checkpoint: contract.Checkpoint) -> None:
        node, epoch, seq = checkpoint.node, checkpoint.epoch, checkpoint.seq
        row = db.execute("SELECT public_key FROM node WHERE node = ?", (node,)).fetchone()
        if row is None:
            raise Unacceptable("not_enrolled", epoch=epoch, seq=seq)
        if not row["public_key"]:
            raise Unacceptable("no_node_key", epoch=epoch, seq=seq)
        if not keys.verifies(row["public_key"], checkpoint.signature, checkpoint.signed_bytes()):
            raise Unacceptable("signature", epoch=epoch, seq=seq)
        known = evidence.hash_at(db, node, epoch, seq)
        if known is not None and known != checkpoint.head:
            raise Unacceptable("fork", epoch=epoch, seq=seq)
        db.execute(
            "INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?)",
            (node, epoch, seq, checkpoint.head, checkpoint.utc_ms, checkpoint.signature, self._now_ms()),
        )

    def _keep_state(self, db: sqlite3.Connection, state: contract.State, retained: bool) -> bool:
        """Whether it is the birth of a session that the centre did not know."""
        if not _enrolled(db, state.node):
            raise Unacceptable("not_enrolled")
        known = db.execute("SELECT session, received_ms FROM heartbeat WHERE node = ?", (state.node,)).fetchone()
        if known is not None and (retained or (state.state == "lost" and state.session != known["session"])):
            return False
        if state.state == "lost" and known is not None:
            db.execute("UPDATE heartbeat SET state = 'lost' WHERE node = ?", (state.node,))
            return False
        values: tuple[Any, ...] = (state.node, state.session, state.state, state.epoch, state.seq, state.utc_ms)
        received_ms = 0 if retained else self._now_ms()
        faults = json.dumps(state.faults)
        db.execute(
            "INSERT OR REPLACE INTO heartbeat VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, received_ms, state.name, state.version, faults),
        )
        born = known is None or known["session"] != state.session
        if born:
            db.execute("INSERT OR REPLACE INTO capability VALUES (?, ?)", (state.node, json.dumps(state.commands)))
        return born

    def _quarantine(self, node: str, leaf: str, error: Unacceptable, payload: bytes) -> None:
        self._database.write(
            lambda db: evidence.quarantine(
                db, node, leaf, error.why, payload, self._now_ms(), epoch=error.epoch, seq=error.seq
            )
        )


def _enrolled(db: sqlite3.Connection, node: str) -> bool:
    return db.execute("SELECT 1 FROM node WHERE node = ?", (node,)).fetchone() is not None


def _refuse_fork(
    db: sqlite3.Connection, node: str, batch: contract.EventBatch, events: list[Event], holds: Held
) -> None:
    """Raises Unacceptable ``fork`` where the batch tells another history than the one held."""
    if evidence.hash_at(db, node, batch.epoch, batch.first_seq - 1) != batch.prev_head:
        raise Unacceptable("fork", epoch=batch.epoch, seq=max(batch.first_seq - 1, 1))
    for event in events:
        if event.seq <= holds.seq and evidence.hash_at(db, node, batch.epoch, event.seq) != event.hash:
            raise Unacceptable("fork", epoch=batch.epoch, seq=event.seq)
