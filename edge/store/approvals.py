"""The site's rule for approvals, and each decision with the opinion that was given."""

from __future__ import annotations

import json

from edge.domain.approvals import ApprovalRule, Decision, require_rule
from edge.store.database import Change, Database

SETTING = "loan_approval"


def rule(database: Database) -> ApprovalRule:
    """A room in which nobody chose a rule goes on without approvals."""
    with database.read() as db:
        row = db.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    return "nobody" if row is None else require_rule(json.loads(row["value"]))


def set_rule(change: Change, new: ApprovalRule, actor: str) -> None:
    """Event ``approval.rule_set``."""
    change.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING, json.dumps(new)))
    change.event("approval.rule_set", subject=SETTING, actor=actor, body={"asks": new})


def keep(change: Change, loan_id: str, level: str, *, approved: bool, actor: str, opinion: str) -> None:
    """The decision beside its loan; an opinion is an event of its own, whose text never leaves the room."""
    change.db.execute(
        "INSERT INTO loan_decision VALUES (?, ?, ?, ?, ?)", (loan_id, int(approved), actor, opinion, change.utc_ms)
    )
    if opinion:
        change.event("loan.opinion", subject=loan_id, actor=actor, body={"loan": loan_id, "text": opinion}, level=level)


def decision(database: Database, loan_id: str) -> Decision | None:
    with database.read() as db:
        row = db.execute("SELECT * FROM loan_decision WHERE loan_id = ?", (loan_id,)).fetchone()
    if row is None:
        return None
    return Decision(row["loan_id"], bool(row["approved"]), row["actor"], row["opinion"], row["utc_ms"])
