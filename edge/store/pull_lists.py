"""Pull lists: which requests are fetched as one. What each of them has come to is its loan's own state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.ids import new_id
from edge.domain.loans import QUEUED
from edge.errors import RuleRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

FETCHED = ("approved", "pulling")  # states of loans whose box is still to be fetched


@dataclass(frozen=True, slots=True)
class PullList:
    id: str
    area: str
    person_id: str
    loan_ids: tuple[str, ...]
    began_ms: int


class PullLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, area: str) -> PullList | None:
        """The one list that this block works through."""
        with self._database.read() as db:
            return _open(db, area)

    def begin(self, change: Change, area: str, person_id: str, loan_ids: Sequence[str]) -> PullList:
        """Event ``pull.begun``. Raises RuleRefused ``pull_list_open`` while another list is."""
        if _open(change.db, area) is not None:
            raise RuleRefused("pull_list_open", "finish_pull_list")
        list_id = new_id(change.utc_ms)
        change.db.execute("INSERT INTO pull_list VALUES (?, ?, ?, ?, NULL)", (list_id, area, person_id, change.utc_ms))
        for loan_id in loan_ids:
            change.db.execute("INSERT INTO pull_list_loan VALUES (?, ?)", (list_id, loan_id))
        body = {"list": list_id, "block": area, "loans": list(loan_ids)}
        change.event("pull.begun", subject=list_id, actor=person_id, body=body)
        return PullList(list_id, area, person_id, tuple(loan_ids), change.utc_ms)

    def close(self, change: Change, of: PullList, actor: str, why: str) -> None:
        """Event ``pull.ended``; ``why``: done, given_up or nobody_took_it. The block is free for others."""
        change.db.execute("UPDATE pull_list SET ended_ms = ? WHERE id = ?", (change.utc_ms, of.id))
        change.db.execute("DELETE FROM block_task WHERE list_id = ?", (of.id,))
        change.event("pull.ended", subject=of.id, actor=actor, body={"list": of.id, "block": of.area, "ended": why})

    def settle(self, change: Change, area: str, actor: str) -> None:
        """After a loan of the open list changed: what is fetched frees the block, what is handed over ends the list."""
        of = _open(change.db, area)
        if of is None:
            return
        left = states(change.db, of).values()
        if not any(state in FETCHED for state in left):
            change.db.execute("DELETE FROM block_task WHERE list_id = ?", (of.id,))
        if not any(state in QUEUED for state in left):
            self.close(change, of, actor, "done")


def states(db: Connection, of: PullList) -> dict[str, str]:
    """Loan id → its state."""
    rows = db.execute(
        "SELECT loan.id, loan.state FROM pull_list_loan JOIN loan ON loan.id = loan_id WHERE list_id = ?", (of.id,)
    ).fetchall()
    return {row["id"]: row["state"] for row in rows}


def _open(db: Connection, area: str) -> PullList | None:
    row: Row | None = db.execute("SELECT * FROM pull_list WHERE area = ? AND ended_ms IS NULL", (area,)).fetchone()
    if row is None:
        return None
    loans = db.execute("SELECT loan_id FROM pull_list_loan WHERE list_id = ? ORDER BY rowid", (row["id"],)).fetchall()
    return PullList(row["id"], area, row["person_id"], tuple(one["loan_id"] for one in loans), row["began_ms"])
