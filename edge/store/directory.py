"""The site's directory of people, one snapshot from the centre: taken when newer, recorded, never undoing the room."""

from __future__ import annotations

import json
from typing import Any

from edge.domain.ids import new_id
from edge.domain.people import THREE_ADMINISTRATORS, require_split
from edge.errors import RuleRefused
from edge.store.database import Change
from edge.store.people import LAST, read_people, read_person


def accept_directory(change: Change, directory: dict[str, Any]) -> bool:
    """Apply a verified ``contract.Directory`` (as a dict) if its version is newer; whether it was.

    People and cards it no longer names stop counting; those made in this room stay. What was revoked or granted in
    the room stays so, and whoever was made in the room is nobody else's: RuleRefused ``person_of_the_room``,
    ``last_administrator`` (nobody would be left to let people in) or ``three_roles_split`` refuses the whole
    snapshot. The caller checks the signature.
    """
    held = change.db.execute("SELECT version FROM directory").fetchone()
    if held is not None and directory["version"] <= held["version"]:
        return False
    db = change.db
    for person in directory["people"]:
        require_split(person["roles"])
        if db.execute("SELECT 1 FROM person WHERE id = ? AND source = 'local'", (person["id"],)).fetchone():
            raise RuleRefused("person_of_the_room", "manage_in_room")
    before = _seen(change)
    could_let_in = _administrators(change)
    db.execute("UPDATE person SET active = 0 WHERE source = 'directory'")
    db.execute("UPDATE card SET active = 0 WHERE source = 'directory'")
    for person in directory["people"]:
        db.execute(
            "INSERT INTO person (id, name, active, source) VALUES (:id, :name, :active, 'directory')"
            " ON CONFLICT (id) DO UPDATE SET name = :name, active = :active, source = 'directory'",
            {"id": person["id"], "name": person["name"], "active": int(person.get("active", True))},
        )
        db.execute("DELETE FROM person_role WHERE person_id = ?", (person["id"],))
        db.executemany("INSERT INTO person_role VALUES (?, ?)", [(person["id"], role) for role in person["roles"]])
    for card in directory["cards"]:
        db.execute(
            "INSERT INTO card (uid_hmac, id, person_id, active, source)"
            " VALUES (:hmac, :id, :person, :active, 'directory')"
            " ON CONFLICT (uid_hmac) DO UPDATE SET person_id = :person, active = :active, source = 'directory'",
            {
                "hmac": card["hmac"],
                "id": new_id(change.utc_ms),
                "person": card["person"],
                "active": int(card.get("active", True)),
            },
        )
    for person in directory["people"]:
        _drop_clashing_grants(change, person["id"])
    if could_let_in and not _administrators(change):
        raise RuleRefused("last_administrator", "grant_other_first")
    _say_what_changed(change, before)
    db.execute(
        "INSERT OR REPLACE INTO directory VALUES (1, ?, ?, ?)",
        (directory["site"], directory["version"], change.utc_ms),
    )
    body = {"version": directory["version"], "people": len(directory["people"]), "cards": len(directory["cards"])}
    change.event("directory.accepted", subject=directory["site"], actor="centre", body=body)
    return True


def record_refused_directory(change: Change, directory: dict[str, Any], code: str) -> None:
    """Once a version: a retained message comes again with every connection."""
    body = {"version": directory["version"], "code": code}
    last = change.db.execute(
        "SELECT body FROM event WHERE action = 'directory.refused' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if last is None or last["body"] is None or json.loads(last["body"]) != body:
        change.event("directory.refused", subject=directory["site"], actor="centre", body=body)


def _seen(change: Change) -> dict[str, tuple[bool, frozenset[str]]]:
    """Of everybody whom a directory named: whether it still does, and with which roles."""
    rows = change.db.execute("SELECT id, active FROM person WHERE source = 'directory'").fetchall()
    roles = "SELECT role FROM person_role WHERE person_id = ?"
    return {
        row["id"]: (bool(row["active"]), frozenset(role["role"] for role in change.db.execute(roles, (row["id"],))))
        for row in rows
    }


def _say_what_changed(change: Change, before: dict[str, tuple[bool, frozenset[str]]]) -> None:
    """One event for each person and role, as if it were done here; whoever stops counting is signed out."""
    for person_id, (active, roles) in _seen(change).items():
        known = person_id in before
        was_active, had = before.get(person_id, (True, frozenset()))

        def said(action: str, role: str, person_id: str = person_id) -> None:
            change.event(f"person.{action}", subject=person_id, actor="centre", body={"role": role})

        if not known:
            change.event("person.added", subject=person_id, actor="centre", body={"source": "directory"})
        if active != was_active:
            said("granted" if active else "revoked", "")
        for role in sorted(roles - had):
            said("granted", role)
        for role in sorted(had - roles):
            said("revoked", role)
        if not active or had - roles:
            change.db.execute("DELETE FROM session WHERE person_id = ?", (person_id,))


def _administrators(change: Change) -> bool:
    """Whether anybody is left who can let people in."""
    return any(one.active and LAST in one.roles for one in read_people(change.db))


def _drop_clashing_grants(change: Change, person_id: str) -> None:
    """Where the directory's role and one granted here would join two of the three administrators, ours gives way."""
    held = THREE_ADMINISTRATORS & set(read_person(change.db, person_id).roles)
    if len(held) < 2:
        return
    for role in sorted(held):
        dropped = change.db.execute(
            "DELETE FROM person_override WHERE person_id = ? AND role = ? AND effect = 'granted'", (person_id, role)
        )
        if dropped.rowcount:
            change.event("person.revoked", subject=person_id, actor="centre", body={"role": role})
