"""Who may use the console, and their sessions: rows on the server, only a random token in the browser."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3

from cloud_sync import keys
from cloud_sync.store.database import Database
from cloud_sync.store.deeds import note
from edge.errors import InputRefused, RuleRefused

WRONG_ALLOWED = 5
WAIT_MS = 60_000
SHORTEST = 10  # characters of a password that a person chooses
IDLE_MS = 30 * 60_000


class People:
    def __init__(self, database: Database) -> None:
        self._database = database

    def change_password(self, name: str, old: str, new: str, now_ms: int) -> None:
        """Their own; every session of theirs ends. Refused as ``log_in`` is; InputRefused ``password_too_short``."""
        if len(new) < SHORTEST:
            raise InputRefused("password_too_short", "choose_longer_password", shortest=SHORTEST)
        self._require_password(name, old, now_ms)
        hashed = keys.person_hash(new)

        def change(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM session WHERE person = ?", (name,))
            db.execute("UPDATE person SET password = ?, wrong = 0 WHERE name = ?", (hashed, name))
            note(db, now_ms, name, "password_changed", {"user": name})

        self._database.write(change)

    def names(self) -> list[str]:
        with self._database.read() as db:
            return [row["name"] for row in db.execute("SELECT name FROM person WHERE NOT gone ORDER BY name")]

    def log_in(self, name: str, password: str, now_ms: int) -> str:
        """A new session's token. Raises InputRefused ``login_wrong``, RuleRefused ``login_wait``."""
        self._require_password(name, password, now_ms)
        token = secrets.token_urlsafe(32)

        def change(db: sqlite3.Connection) -> None:
            db.execute("UPDATE person SET wrong = 0 WHERE name = ?", (name,))
            db.execute("DELETE FROM session WHERE seen_ms < ?", (now_ms - IDLE_MS,))
            db.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (_hash(token), name, now_ms, now_ms))

        self._database.write(change)
        return token

    def _require_password(self, name: str, password: str, now_ms: int) -> None:
        with self._database.read() as db:
            row = db.execute("SELECT * FROM person WHERE name = ? AND NOT gone", (name,)).fetchone()
        if row is not None and now_ms < row["wait_until_ms"]:
            raise RuleRefused("login_wait", "wait_a_minute")
        # An unknown name costs the same time as a wrong password.
        stored = row["password"] if row is not None else keys.person_hash("nobody")
        if not keys.person_hash_matches(stored, password) or row is None:
            if row is not None:
                self._count_wrong(name, now_ms)
            raise InputRefused("login_wrong", "type_login_again")

    def who(self, token: str, now_ms: int, *, touch: bool) -> str | None:
        """Whose session it is; None when there is none or it idled away. ``touch``: a person did something."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT person, seen_ms FROM session WHERE token_hash = ? AND seen_ms >= ?",
                (_hash(token), now_ms - IDLE_MS),
            ).fetchone()
        if row is None:
            return None
        if touch and now_ms - row["seen_ms"] > 10_000:
            self._database.write(
                lambda db: db.execute("UPDATE session SET seen_ms = ? WHERE token_hash = ?", (now_ms, _hash(token))),
                durable=False,
            )
        return str(row["person"])

    def log_out(self, token: str) -> None:
        self._database.write(lambda db: db.execute("DELETE FROM session WHERE token_hash = ?", (_hash(token),)))

    def _count_wrong(self, name: str, now_ms: int) -> None:
        self._database.write(
            lambda db: db.execute(
                "UPDATE person SET wait_until_ms = CASE WHEN wrong + 1 >= ? THEN ? ELSE 0 END,"
                " wrong = CASE WHEN wrong + 1 >= ? THEN 0 ELSE wrong + 1 END WHERE name = ?",
                (WRONG_ALLOWED, now_ms + WAIT_MS, WRONG_ALLOWED, name),
            )
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
