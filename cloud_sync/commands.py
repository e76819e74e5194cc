"""What a person at the centre asks of a node: the node decides and answers. No kind of command can start motion."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync.contract import SIGNED, Command, CommandKind
from cloud_sync.store.database import Database
from cloud_sync.store.fleet import connection_state, takes
from edge.domain.approvals import require_sayable
from edge.domain.ids import new_id
from edge.domain.people import require_revocation
from edge.errors import RuleRefused

EXPIRES_MS = 60_000


class Commands:
    def __init__(
        self,
        database: Database,
        send: Callable[[Command], None],
        now_ms: Callable[[], int],
        signing_key: Ed25519PrivateKey,
    ) -> None:
        self._database, self._send, self._now_ms, self._signing_key = database, send, now_ms, signing_key

    def acknowledge_alarm(self, node: str, alarm: str, author: str) -> str:
        """Ask ``node``; the command's id. Raises RuleRefused when no such alarm waits, LinkFault when unsendable."""

        def waits(db: sqlite3.Connection, _now_ms: int) -> None:
            row = db.execute("SELECT acked FROM alarm WHERE node = ? AND alarm = ?", (node, alarm)).fetchone()
            if row is None or row["acked"]:
                raise RuleRefused("alarm_not_waiting", "look_again_at_room")

        return self._ask(node, "acknowledge_alarm", alarm, author, waits)

    def decide_loan(self, node: str, loan: str, author: str, approved: bool, why: str = "", opinion: str = "") -> str:
        """Ask ``node`` to approve or deny; the command's id. RuleRefused where that cannot be asked now:
        ``room_silent``, ``room_too_old``, ``loan_not_waiting``, ``asked_already_centre`` (on its way to the room).
        """
        kind: CommandKind = "approve_loan" if approved else "deny_loan"
        said = opinion.strip()
        require_sayable(approved, why, said)

        def waits(db: sqlite3.Connection, now_ms: int) -> None:
            _require_heard(db, node, kind, now_ms)
            row = db.execute("SELECT state FROM loan WHERE node = ? AND loan = ?", (node, loan)).fetchone()
            if row is None or row["state"] != "asked":
                raise RuleRefused("loan_not_waiting", "look_again_at_requests")
            _require_nothing_under_way(db, node, loan, now_ms)

        return self._ask(node, kind, loan, author, waits, reason="" if approved else why, text=said)

    def revoke(
        self, node: str, kind: Literal["revoke_card", "revoke_person"], about: str, author: str, why: str
    ) -> str:
        """Ask ``node`` to take a card or a person's rights away; the command's id. Refused as ``decide_loan`` is."""
        require_revocation(why)

        def possible(db: sqlite3.Connection, now_ms: int) -> None:
            _require_heard(db, node, kind, now_ms)
            family = "card.added" if kind == "revoke_card" else "person.added"
            known = db.execute(
                "SELECT 1 FROM event WHERE action = ? AND node = ? AND subject = ?", (family, node, about)
            ).fetchone()
            if known is None:
                raise RuleRefused("not_of_this_room", "look_again_at_people")
            _require_nothing_under_way(db, node, about, now_ms, after_yes=True)

        return self._ask(node, kind, about, author, possible, reason=why)

    def _ask(
        self,
        node: str,
        kind: CommandKind,
        subject: str,
        author: str,
        require: Callable[[sqlite3.Connection, int], None],
        reason: str = "",
        text: str = "",
    ) -> str:
        """Judged, kept and sent in one transaction: two people at once ask once, and what is not sent is not kept."""
        now_ms = self._now_ms()

        def keep(db: sqlite3.Connection) -> str:
            require(db, now_ms)
            command = Command(
                id=new_id(now_ms),
                node=node,
                kind=kind,
                author=author,
                subject=subject,
                expires_ms=now_ms + EXPIRES_MS,
                reason=reason,
                text=text,
            )
            if SIGNED & set(takes(db, node)):
                signature = self._signing_key.sign(command.signed_bytes()).hex()
                command = command.model_copy(update={"signature": signature})
            db.execute(
                "INSERT INTO command (id, node, kind, subject, author, asked_ms, expires_ms, reason, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (command.id, node, kind, subject, author, now_ms, command.expires_ms, reason, text),
            )
            self._send(command)
            return command.id

        return self._database.write(keep)


def _require_heard(db: sqlite3.Connection, node: str, kind: str, now_ms: int) -> None:
    """A room that cannot hear is not asked: the question would expire on its way, or be answered out of date."""
    beat = db.execute("SELECT * FROM heartbeat WHERE node = ?", (node,)).fetchone()
    if connection_state(beat, now_ms) != "online":
        raise RuleRefused("room_silent", "wait_for_room")
    if kind not in takes(db, node):
        raise RuleRefused("room_too_old", "update_room")


def _require_nothing_under_way(
    db: sqlite3.Connection, node: str, subject: str, now_ms: int, *, after_yes: bool = False
) -> None:
    """Not again while an earlier question about the same thing may still be answered; nor, unless ``after_yes`` (the
    room may have given back since), after its yes.
    """
    row = db.execute(
        "SELECT 1 FROM command WHERE node = ? AND subject = ?"
        " AND ((ok = 1 AND NOT ?) OR (ok IS NULL AND expires_ms >= ?))",
        (node, subject, after_yes, now_ms),
    ).fetchone()
    if row is not None:
        raise RuleRefused("asked_already_centre", "wait_for_answer")
