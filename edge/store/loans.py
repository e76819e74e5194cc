"""Loans as rows; each change of state is one event ``loan.<state>``."""

from __future__ import annotations

from typing import Any

from edge.domain.ids import new_id
from edge.domain.loans import OPEN, QUEUED, Loan, LoanKind, LoanState, require_free, require_step
from edge.errors import InputRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database


class Loans:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, loan_id: str) -> Loan:
        """Raises InputRefused ``loan_unknown``."""
        with self._database.read() as db:
            return _get(db, loan_id)

    def get_in(self, change: Change, loan_id: str) -> Loan:
        """As the running transaction sees it. Raises InputRefused ``loan_unknown``."""
        return _get(change.db, loan_id)

    def queue(self) -> list[Loan]:
        """Loans that wait for the block or the counter, longest waiting first."""
        return self._in_states(QUEUED)

    def open(self) -> list[Loan]:
        return self._in_states(OPEN)

    def ids_of_box(self, box_id: str, limit: int) -> list[str]:
        """Of all requests for it or for something in it, also those that have ended; newest first."""
        with self._database.read() as db:
            wanted = "SELECT id FROM loan WHERE box_id = ? ORDER BY asked_ms DESC LIMIT ?"
            return [row["id"] for row in db.execute(wanted, (box_id, limit))]

    def open_of_box(self, box_id: str) -> list[Loan]:
        """Open loans of the box itself and of anything in it."""
        with self._database.read() as db:
            return _of_box(db, box_id)

    def recent(self, limit: int) -> list[Loan]:
        with self._database.read() as db:
            rows = db.execute("SELECT * FROM loan ORDER BY changed_ms DESC, id LIMIT ?", (limit,)).fetchall()
        return [_loan(row) for row in rows]

    def ask(
        self,
        change: Change,
        *,
        kind: LoanKind,
        item_id: str | None,
        volume_id: str | None,
        box_id: str,
        slot: str,
        person_id: str,
        level: str,
        state: LoanState = "approved",
    ) -> Loan:
        """A loan, approved or still ``asked``. RuleRefused where the thing or its box is promised; judged inside the
        transaction.
        """
        require_free(_of_box(change.db, box_id), kind, item_id or volume_id or box_id, box_id)
        loan_id = new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO loan"
            " (id, kind, item_id, volume_id, box_id, slot, person_id, state, level, asked_ms, changed_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (loan_id, kind, item_id, volume_id, box_id, slot, person_id, state, level, change.utc_ms, change.utc_ms),
        )
        loan = _get(change.db, loan_id)
        _tell(change, loan, person_id)
        return loan

    def set_state(
        self, change: Change, loan_id: str, state: LoanState, actor: str, *, due: str | None = None, reason: str = ""
    ) -> Loan:
        """Raises RuleRefused ``loan_state`` where ``state`` may not follow; judged inside the transaction."""
        loan = _get(change.db, loan_id)
        require_step(loan, state)
        change.db.execute(
            "UPDATE loan SET state = ?, due = ?, reason = ?, changed_ms = ? WHERE id = ?",
            (state, loan.due if due is None else due, reason, change.utc_ms, loan_id),
        )
        loan = _get(change.db, loan_id)
        _tell(change, loan, actor)
        return loan

    def _in_states(self, states: tuple[LoanState, ...]) -> list[Loan]:
        marks = ", ".join("?" * len(states))
        with self._database.read() as db:
            rows = db.execute(f"SELECT * FROM loan WHERE state IN ({marks}) ORDER BY asked_ms, id", states).fetchall()
        return [_loan(row) for row in rows]


def _tell(change: Change, loan: Loan, actor: str) -> None:
    box = change.db.execute("SELECT box_no FROM box WHERE id = ?", (loan.box_id,)).fetchone()
    body: dict[str, Any] = {
        "loan": loan.id,
        "kind": loan.kind,
        "item": loan.item_id or loan.volume_id or "",
        "box": loan.box_id,
        "box_no": box["box_no"],
        "slot": loan.slot,
        "due": loan.due,
        "state": loan.state,
    }
    if loan.reason:
        body["reason"] = loan.reason
    change.event(f"loan.{loan.state}", subject=loan.id, actor=actor, body=body, level=loan.level)


def _of_box(db: Connection, box_id: str) -> list[Loan]:
    marks = ", ".join("?" * len(OPEN))
    rows = db.execute(
        f"SELECT * FROM loan WHERE box_id = ? AND state IN ({marks}) ORDER BY asked_ms, id", (box_id, *OPEN)
    ).fetchall()
    return [_loan(row) for row in rows]


def _get(db: Connection, loan_id: str) -> Loan:
    row = db.execute("SELECT * FROM loan WHERE id = ?", (loan_id,)).fetchone()
    if row is None:
        raise InputRefused("loan_unknown", "look_again", loan=loan_id)
    return _loan(row)


def _loan(row: Row) -> Loan:
    return Loan(
        id=row["id"],
        kind=row["kind"],
        item_id=row["item_id"],
        volume_id=row["volume_id"],
        box_id=row["box_id"],
        slot=row["slot"],
        person_id=row["person_id"],
        state=row["state"],
        due=row["due"],
        level=row["level"],
        asked_ms=row["asked_ms"],
        changed_ms=row["changed_ms"],
        reason=row["reason"],
    )
