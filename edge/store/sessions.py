"""Sessions at the panels: server-side rows, each bound to one person and one panel, ended by idleness.

The cookie holds a token; the store holds only its hash. Idleness is measured on the clock that cannot jump, and a
reboot ends every session.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from edge.domain.ids import new_id
from edge.store.connection import Row
from edge.store.database import Change, Database

TOUCH_MS = 5_000  # a session in use is written down this often, not at every request


@dataclass(frozen=True, slots=True)
class Session:
    """``opened_ms``: UTC. ``seen_ms``: monotonic, of this boot."""

    id: str
    token_hash: str
    person_id: str
    panel_id: str
    opened_ms: int
    seen_ms: int


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, person_id: str, panel_id: str) -> tuple[str, Session]:
        """The token for the cookie, shown to nobody else, and the session. Ends the panel's session before it."""
        token = secrets.token_urlsafe(32)

        def begin(change: Change) -> Session:
            for row in change.db.execute("SELECT * FROM session WHERE panel_id = ?", (panel_id,)).fetchall():
                _end(change, _session(row), "replaced")
            moment = change.moment
            session_id = new_id(change.utc_ms)
            session = Session(session_id, _hash(token), person_id, panel_id, change.utc_ms, moment.monotonic_ms)
            change.db.execute(
                "INSERT INTO session (id, token_hash, person_id, panel_id, opened_utc_ms, seen_mono_ms, boot_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (session_id, _hash(token), person_id, panel_id, change.utc_ms, moment.monotonic_ms, moment.boot_id),
            )
            change.event("session.opened", subject=session_id, actor=person_id, body={"panel": panel_id})
            return session

        return token, self._database.write(begin)

    def find(self, token: str, idle_ms: int, *, touch: bool = True) -> Session | None:
        """The open session of this token; one idle for ``idle_ms`` or of an earlier boot is ended here.

        ``touch``: a person did something, so the idle time begins anew.
        """
        with self._database.read() as db:
            row = db.execute("SELECT * FROM session WHERE token_hash = ?", (_hash(token),)).fetchone()
        if row is None:
            return None
        session, now_ms = _session(row), self._database.clock.monotonic_ms()
        idle = row["boot_id"] != self._database.clock.boot_id() or now_ms - session.seen_ms >= idle_ms
        if idle:
            self.close(session.id, "idle")
            return None
        if touch and now_ms - session.seen_ms >= TOUCH_MS:
            self._database.write(
                lambda change: change.db.execute(
                    "UPDATE session SET seen_mono_ms = ? WHERE id = ?", (now_ms, session.id)
                ),
                telemetry=True,
            )
        return session

    def at_panel(self, panel_id: str) -> Session | None:
        with self._database.read() as db:
            row = db.execute("SELECT * FROM session WHERE panel_id = ?", (panel_id,)).fetchone()
        return _session(row) if row else None

    def close(self, session_id: str, why: str = "closed") -> None:
        """End it; one that is ended already stays so."""

        def end(change: Change) -> None:
            row = change.db.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
            if row is not None:
                _end(change, _session(row), why)

        self._database.write(end, telemetry=True)


def _end(change: Change, session: Session, why: str) -> None:
    change.db.execute("DELETE FROM session WHERE id = ?", (session.id,))
    change.event("session.closed", subject=session.id, actor=session.person_id, body={"why": why})


def _session(row: Row) -> Session:
    return Session(
        row["id"], row["token_hash"], row["person_id"], row["panel_id"], row["opened_utc_ms"], row["seen_mono_ms"]
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
