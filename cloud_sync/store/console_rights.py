"""Who may do what at the console: given and taken away with a line in the centre's own trace, in one transaction."""

from __future__ import annotations

import sqlite3
from typing import Any

from cloud_sync import keys
from cloud_sync.rights import require_apart, require_known
from cloud_sync.store.database import Database
from cloud_sync.store.deeds import note
from edge.errors import InputRefused, RuleRefused

AT_THE_SERVER = "server"  # who acts from the command line: whoever holds the machine
LAST = "users"  # the right that is never left with nobody
LONGEST_NAME = 80


class ConsoleRights:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, name: str) -> frozenset[str]:
        with self._database.read() as db:
            return _of(db, name)

    def all(self) -> list[dict[str, Any]]:
        """Everybody who may sign in, by name, with their rights."""
        with self._database.read() as db:
            names = [row["name"] for row in db.execute("SELECT name FROM person WHERE NOT gone ORDER BY name")]
            return [{"name": name, "rights": sorted(_of(db, name))} for name in names]

    def add(self, name: str, rights: tuple[str, ...], password: str, by: str, now_ms: int) -> None:
        """A new person. RuleRefused ``user_exists``, ``console_rights_split``; InputRefused for a bad name or right."""
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise InputRefused("user_needs_name", "type_user_name")
        hashed = keys.person_hash(password)

        def change(db: sqlite3.Connection) -> None:
            if db.execute("SELECT 1 FROM person WHERE name = ? AND NOT gone", (name,)).fetchone():
                raise RuleRefused("user_exists", "choose_other_user", name=name)
            db.execute(
                "INSERT INTO person (name, password) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET"
                " password = excluded.password, wrong = 0, wait_until_ms = 0, gone = 0",
                (name, hashed),
            )
            note(db, now_ms, by, "user_added", {"user": name})
            _set(db, name, rights, by, now_ms)

        self._database.write(change)

    def set(self, name: str, rights: tuple[str, ...], by: str, now_ms: int) -> None:
        """Exactly ``rights`` from now on; a person whose rights change signs in anew.

        RuleRefused ``own_rights`` (nobody changes their own), ``last_user_administrator``, ``console_rights_split``.
        """

        def change(db: sqlite3.Connection) -> None:
            _require_other(db, name, by)
            _set(db, name, rights, by, now_ms)

        self._database.write(change)

    def remove(self, name: str, by: str, now_ms: int) -> None:
        """Rights, password and sessions end at once; the name stays in what they did. Refused as ``set`` is."""

        def change(db: sqlite3.Connection) -> None:
            _require_other(db, name, by)
            _set(db, name, (), by, now_ms)
            db.execute("UPDATE person SET gone = 1, password = ? WHERE name = ?", (_nobodys(), name))
            note(db, now_ms, by, "user_removed", {"user": name})

        self._database.write(change)

    def new_password(self, name: str, password: str, by: str, now_ms: int) -> None:
        """In place of one that was forgotten; ends their sessions. RuleRefused ``own_rights``."""
        hashed = keys.person_hash(password)

        def change(db: sqlite3.Connection) -> None:
            _require_other(db, name, by)
            db.execute("DELETE FROM session WHERE person = ?", (name,))
            db.execute("UPDATE person SET password = ?, wrong = 0, wait_until_ms = 0 WHERE name = ?", (hashed, name))
            note(db, now_ms, by, "password_given", {"user": name})

        self._database.write(change)


def _of(db: sqlite3.Connection, name: str) -> frozenset[str]:
    return frozenset(row["right"] for row in db.execute("SELECT right FROM person_right WHERE person = ?", (name,)))


def _require_other(db: sqlite3.Connection, name: str, by: str) -> None:
    if db.execute("SELECT 1 FROM person WHERE name = ? AND NOT gone", (name,)).fetchone() is None:
        raise InputRefused("user_unknown", "choose_user", name=name)
    if name == by:
        raise RuleRefused("own_rights", "ask_other_user_administrator")


def _set(db: sqlite3.Connection, name: str, rights: tuple[str, ...], by: str, now_ms: int) -> None:
    require_known(rights)
    require_apart(rights)
    before = _of(db, name)
    others = db.execute("SELECT 1 FROM person_right WHERE right = ? AND person != ?", (LAST, name)).fetchone()
    if LAST in before and LAST not in rights and others is None:
        raise RuleRefused("last_user_administrator", "name_other_user_administrator")
    if before == set(rights):
        return
    db.execute("DELETE FROM person_right WHERE person = ?", (name,))
    db.executemany("INSERT INTO person_right VALUES (?, ?)", [(name, right) for right in sorted(set(rights))])
    db.execute("DELETE FROM session WHERE person = ?", (name,))
    note(db, now_ms, by, "rights_changed", {"user": name, "before": sorted(before), "after": sorted(set(rights))})


def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return keys.person_hash(keys.new_password())
