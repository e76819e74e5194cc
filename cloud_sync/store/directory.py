"""People whom the centre enrols, and what they may do in which room. Giving takes two at the console; the room judges.

What was decided becomes a signed, versioned snapshot for each room, which lies ready until the room takes it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync.contract import DIRECTORY, Directory, DirectoryPerson
from cloud_sync.store.database import Database
from cloud_sync.store.deeds import note
from cloud_sync.store.fleet import takes
from edge.domain.ids import new_id
from edge.domain.people import require_from_centre
from edge.errors import InputRefused, RuleRefused

SITE = "centre"
LONGEST_NAME = 80
DECIDED_SHOWN = 50


class PeopleOfTheCentre:
    def __init__(
        self,
        database: Database,
        send: Callable[[str, str], None],
        now_ms: Callable[[], int],
        signing_key: Ed25519PrivateKey,
    ) -> None:
        """``send``: node and snapshot, retained at the broker; does nothing while that is away."""
        self._database, self._send, self._now_ms, self._signing_key = database, send, now_ms, signing_key

    def wish(self, person: str, name: str, roles: tuple[str, ...], rooms: tuple[str, ...], by: str) -> str:
        """``person`` ('': somebody new, called ``name``) shall hold exactly ``roles`` in ``rooms`` (none: in all).

        Where nothing is given it counts at once, else after another person's word (``confirm``). The wish's id.
        RuleRefused ``role_not_from_centre``; InputRefused ``person_needs_name``, ``person_not_enrolled``,
        ``no_such_room``.
        """
        require_from_centre(roles)
        now_ms = self._now_ms()

        def keep(db: sqlite3.Connection) -> tuple[str, bool]:
            known = [row["node"] for row in db.execute("SELECT node FROM node ORDER BY node")]
            for room in rooms:
                if room not in known:
                    raise InputRefused("no_such_room", "choose_room", node=room)
            who, called = _whom(db, person, name, now_ms)
            wish = new_id(now_ms)
            nodes = sorted(set(rooms)) or known
            held = {node: _roles(db, node, who) for node in nodes}
            gives = not person or any(set(roles) - held[node] for node in nodes)
            db.execute(
                "INSERT INTO wish (id, person, name, roles, rooms, author, asked_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (wish, who, called, json.dumps(sorted(set(roles))), json.dumps(nodes), by, now_ms),
            )
            note(db, now_ms, by, "wish_made", {"person": who, "roles": sorted(set(roles)), "rooms": nodes})
            if not gives:
                self._apply(db, wish, by, now_ms)
            return wish, gives

        wish, gives = self._database.write(keep)
        if not gives:
            self.send_all()
        return wish

    def decide(self, wish: str, by: str, confirmed: bool) -> None:
        """The second person's word. RuleRefused ``own_wish`` for whoever made it (who may only withdraw it),
        ``wish_not_waiting``.
        """
        now_ms = self._now_ms()

        def change(db: sqlite3.Connection) -> None:
            row = db.execute("SELECT * FROM wish WHERE id = ?", (wish,)).fetchone()
            if row is None or row["decided_ms"] is not None:
                raise RuleRefused("wish_not_waiting", "look_again_at_people")
            if confirmed and row["author"] == by:
                raise RuleRefused("own_wish", "ask_second_at_console")
            note(db, now_ms, by, "wish_confirmed" if confirmed else "wish_declined", {"person": row["person"]})
            if confirmed:
                self._apply(db, wish, by, now_ms)
            else:
                db.execute(
                    "UPDATE wish SET decided_by = ?, decided_ms = ?, confirmed = 0 WHERE id = ?", (by, now_ms, wish)
                )

        self._database.write(change)
        self.send_all()

    def send_all(self) -> None:
        """Each room's newest snapshot, again after every connection: a room takes it once, by its version."""
        with self._database.read() as db:
            ready = db.execute("SELECT node, message FROM directory ORDER BY node").fetchall()
        for row in ready:
            self._send(row["node"], row["message"])

    def all(self) -> dict[str, Any]:
        """``people`` with roles room by room; ``wishes``: those that wait first, then the latest; ``rooms``: what
        became of each room's snapshot (``sent``, ``done``, ``refused`` with its code, ``too_old``).
        """
        with self._database.read() as db:
            enrolled: dict[str, dict[str, Any]] = {}
            for row in db.execute("SELECT id, name FROM enrolled ORDER BY name, id"):
                enrolled[row["id"]] = {"id": row["id"], "name": row["name"], "rooms": {}}
            for row in db.execute("SELECT node, person, role FROM enrolled_role ORDER BY node, role"):
                enrolled[row["person"]]["rooms"].setdefault(row["node"], []).append(row["role"])
            wishes = [
                {**dict(row), "roles": json.loads(row["roles"]), "rooms": json.loads(row["rooms"])}
                for row in db.execute(
                    f"SELECT * FROM wish ORDER BY decided_ms IS NOT NULL, asked_ms DESC LIMIT {DECIDED_SHOWN}"
                )
            ]
            rooms = [_became(db, row) for row in db.execute("SELECT node, version FROM directory ORDER BY node")]
        return {"people": list(enrolled.values()), "wishes": wishes, "rooms": rooms}

    def _apply(self, db: sqlite3.Connection, wish: str, by: str, now_ms: int) -> None:
        row = db.execute("SELECT * FROM wish WHERE id = ?", (wish,)).fetchone()
        db.execute(
            "UPDATE wish SET decided_by = ?, decided_ms = ?, confirmed = 1 WHERE id = ?",
            (by, now_ms, wish),
        )
        db.execute("INSERT OR IGNORE INTO enrolled VALUES (?, ?, ?)", (row["person"], row["name"], now_ms))
        for node in json.loads(row["rooms"]):
            db.execute("DELETE FROM enrolled_role WHERE node = ? AND person = ?", (node, row["person"]))
            given = [(node, row["person"], role) for role in json.loads(row["roles"])]
            db.executemany("INSERT INTO enrolled_role VALUES (?, ?, ?)", given)
            self._snapshot(db, node, now_ms)

    def _snapshot(self, db: sqlite3.Connection, node: str, now_ms: int) -> None:
        """Newer than every one before, also after this store came back from an older copy."""
        held = db.execute("SELECT version FROM directory WHERE node = ?", (node,)).fetchone()
        version = max(now_ms, held["version"] + 1 if held else 1)
        people = [
            DirectoryPerson(id=row["id"], name=row["name"], roles=sorted(_roles(db, node, row["id"])))
            for row in db.execute(
                "SELECT DISTINCT id, name FROM enrolled JOIN enrolled_role ON person = id WHERE node = ? ORDER BY id",
                (node,),
            ).fetchall()
        ]
        made = Directory(site=SITE, node=node, version=version, people=people, cards=[])
        signed = made.model_copy(update={"signature": self._signing_key.sign(made.signed_bytes()).hex()})
        db.execute("INSERT OR REPLACE INTO directory VALUES (?, ?, ?)", (node, version, signed.model_dump_json()))


def _whom(db: sqlite3.Connection, person: str, name: str, now_ms: int) -> tuple[str, str]:
    """Id and name. People made in a room are that room's own; their roles are given there."""
    if not person:
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise InputRefused("person_needs_name", "type_person_name")
        return new_id(now_ms), name
    row = db.execute("SELECT id, name FROM enrolled WHERE id = ?", (person,)).fetchone()
    if row is None:
        raise InputRefused("person_not_enrolled", "manage_in_room")
    return row["id"], row["name"]


def _roles(db: sqlite3.Connection, node: str, person: str) -> set[str]:
    rows = db.execute("SELECT role FROM enrolled_role WHERE node = ? AND person = ?", (node, person))
    return {row["role"] for row in rows}


def _became(db: sqlite3.Connection, made: sqlite3.Row) -> dict[str, Any]:
    """As the room's own trace says."""
    node, version = made["node"], made["version"]
    said = db.execute(
        "SELECT action, body, utc_ms FROM event WHERE action IN ('directory.accepted', 'directory.refused')"
        " AND node = ? AND body IS NOT NULL ORDER BY id DESC LIMIT 20",
        (node,),
    ).fetchall()
    told = {"node": node, "version": version, "became": "sent", "code": "", "at_ms": None}
    for row in said:
        body = json.loads(row["body"])
        if body.get("version") == version:
            became = "done" if row["action"] == "directory.accepted" else "refused"
            return {**told, "became": became, "code": str(body.get("code", "")), "at_ms": row["utc_ms"]}
    known = takes(db, node)
    return {**told, "became": "too_old" if known and DIRECTORY not in known else "sent"}
