"""Monthly proofs as rows, and the age of the last one by two clocks: the wall's and the node's own running time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from edge.domain.ids import new_id
from edge.domain.monthly_proof import Item, Standing, Terms, standing
from edge.errors import RuleRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

Outcome = Literal["good", "failed", "given_up"]


@dataclass(frozen=True, slots=True)
class Proof:
    """``answers``: item → UTC ms of each of its answers. ``outcome`` None: it goes on."""

    id: str
    area: str
    serial: int
    technician: str
    began_ms: int
    ended_ms: int | None
    outcome: Outcome | None
    answers: Mapping[str, tuple[int, ...]]

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(times) for name, times in self.answers.items()}


class Proofs:
    def __init__(self, database: Database, area: str, terms: Terms) -> None:
        self._database, self._area, self.terms = database, area, terms
        self._counted: tuple[int, int, int] | None = None  # proved_ms, age_ms then, monotonic ms then

    def open(self) -> Proof | None:
        return self._one("ended_ms IS NULL")

    def newest(self) -> Proof | None:
        """The newest that came to a verdict."""
        return self._one("outcome IN ('good', 'failed')")

    def all(self, limit: int = 24) -> list[Proof]:
        """Newest first."""
        with self._database.read() as db:
            return read_proofs(db, self._area, limit)

    def begin(self, change: Change, serial: int, technician: str) -> Proof:
        """Event ``block.proof_begun``. RuleRefused ``proof_open``: one at a time."""
        if self._row(change.db, "ended_ms IS NULL"):
            raise RuleRefused("proof_open", "finish_proof")
        proof_id = new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO block_proof (id, area, serial, technician, began_ms) VALUES (?, ?, ?, ?, ?)",
            (proof_id, self._area, serial, technician, change.utc_ms),
        )
        body = {"block": self._area, "proof": proof_id, "serial": serial}
        change.event("block.proof_begun", subject=self._area, actor=technician, body=body)
        return self._open_in(change)

    def answer(self, change: Change, item: Item) -> None:
        """The boards have just answered for it."""
        proof = self._open_in(change)
        answers = {**proof.answers, item.name: (*proof.answers.get(item.name, ()), change.utc_ms)}
        change.db.execute("UPDATE block_proof SET answers = ? WHERE id = ?", (json.dumps(answers), proof.id))

    def end(self, change: Change, outcome: Outcome, actor: str, missing: list[str]) -> Proof:
        """Events ``block.proof_good``, ``block.proof_failed``, ``block.proof_given_up`` with every answer."""
        proof = self._open_in(change)
        change.db.execute(
            "UPDATE block_proof SET ended_ms = ?, outcome = ? WHERE id = ?", (change.utc_ms, outcome, proof.id)
        )
        body = {
            "block": self._area,
            "proof": proof.id,
            "serial": proof.serial,
            "answers": {name: list(times) for name, times in proof.answers.items()},
            "missing": missing,
        }
        change.event(f"block.proof_{outcome}", subject=self._area, actor=actor, body=body)
        return replace(proof, ended_ms=change.utc_ms, outcome=outcome)

    # --- how long ago ---
    def standing(self, commissioned_ms: int, serial: int) -> Standing:
        """``commissioned_ms``: since when the block's file, number ``serial``, stands proved: the first proof."""
        newest, good = self.newest(), self._one("outcome = 'good'")
        proved_ms = max(commissioned_ms, good.ended_ms if good and good.ended_ms else 0)
        failed = newest is not None and newest.outcome == "failed" and newest.serial == serial
        return standing(self._age_ms(proved_ms), self.terms, failed=failed)

    def keep_age(self) -> None:
        """Now and then, so that a restart does not lose what was counted."""
        if self._counted is None:
            return
        values = (self._area, self._counted[0], self._age_ms(self._counted[0]))
        self._database.write(
            lambda change: change.db.execute("INSERT OR REPLACE INTO block_proof_age VALUES (?, ?, ?)", values),
            telemetry=True,
        )

    def _age_ms(self, proved_ms: int) -> int:
        clock = self._database.clock
        by_wall = clock.utc_ms() - proved_ms
        if self._counted is None or self._counted[0] != proved_ms:
            with self._database.read() as db:
                row = db.execute("SELECT * FROM block_proof_age WHERE area = ?", (self._area,)).fetchone()
            kept = row["age_ms"] if row and row["proved_ms"] == proved_ms else max(0, by_wall)
            self._counted = (proved_ms, kept, clock.monotonic_ms())
        return max(by_wall, self._counted[1] + clock.monotonic_ms() - self._counted[2])

    def _one(self, where: str) -> Proof | None:
        with self._database.read() as db:
            row = self._row(db, where)
        return None if row is None else _proof(row)

    def _row(self, db: Connection, where: str) -> Row | None:
        found = db.execute(
            f"SELECT * FROM block_proof WHERE area = ? AND {where} ORDER BY rowid DESC LIMIT 1", (self._area,)
        )
        row: Row | None = found.fetchone()
        return row

    def _open_in(self, change: Change) -> Proof:
        row = self._row(change.db, "ended_ms IS NULL")
        if row is None:
            raise RuleRefused("proof_not_open", "begin_proof")
        return _proof(row)


def read_proofs(db: Connection, area: str, limit: int = 24) -> list[Proof]:
    """Newest first."""
    rows = db.execute("SELECT * FROM block_proof WHERE area = ? ORDER BY rowid DESC LIMIT ?", (area, limit)).fetchall()
    return [_proof(row) for row in rows]


def _proof(row: Row) -> Proof:
    answers = {name: tuple(times) for name, times in json.loads(row["answers"]).items()}
    return Proof(**{**dict(row), "answers": answers})
