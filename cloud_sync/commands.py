"""What a person at the centre asks of a node: the node decides and answers. No kind of command can start motion."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from cloud_sync.contract import Command
from cloud_sync.store.database import Database
from edge.domain.ids import new_id
from edge.errors import RuleRefused

EXPIRES_MS = 60_000


class Commands:
    def __init__(self, database: Database, send: Callable[[Command], None], now_ms: Callable[[], int]) -> None:
        self._database, self._send, self._now_ms = database, send, now_ms

    def acknowledge_alarm(self, node: str, alarm: str, author: str) -> str:
        """Ask ``node``; the command's id. Raises RuleRefused when no such alarm waits, LinkFault when unsendable."""
        now_ms = self._now_ms()
        command = Command(
            id=new_id(now_ms),
            node=node,
            kind="acknowledge_alarm",
            author=author,
            subject=alarm,
            expires_ms=now_ms + EXPIRES_MS,
        )

        def keep(db: sqlite3.Connection) -> None:
            row = db.execute("SELECT acked FROM alarm WHERE node = ? AND alarm = ?", (node, alarm)).fetchone()
            if row is None or row["acked"]:
                raise RuleRefused("alarm_not_waiting", "look_again_at_room")
            db.execute(
                "INSERT INTO command (id, node, kind, subject, author, asked_ms, expires_ms)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (command.id, node, command.kind, alarm, author, now_ms, command.expires_ms),
            )
            self._send(command)

        self._database.write(keep)
        return command.id
