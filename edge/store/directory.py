"""The site's directory of people, one snapshot from the centre: taken when newer, recorded, never undoing the room."""

from __future__ import annotations

from typing import Any

from edge.domain.ids import new_id
from edge.domain.people import THREE_ADMINISTRATORS, require_split
from edge.store.database import Change
from edge.store.people import read_person


def accept_directory(change: Change, directory: dict[str, Any]) -> bool:
    """Apply a verified ``contract.Directory`` (as a dict) if its version is newer; whether it was.

    People and cards it no longer names stop counting; those made in this room stay. What was revoked or granted in
    the room stays so. RuleRefused ``three_roles_split`` refuses the whole snapshot. The caller checks the signature.
    """
    held = change.db.execute("SELECT version FROM directory").fetchone()
    if held is not None and directory["version"] <= held["version"]:
        return False
    for person in directory["people"]:
        require_split(person["roles"])
    db = change.db
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
    db.execute(
        "INSERT OR REPLACE INTO directory VALUES (1, ?, ?, ?)",
        (directory["site"], directory["version"], change.utc_ms),
    )
    body = {"version": directory["version"], "people": len(directory["people"]), "cards": len(directory["cards"])}
    change.event("directory.accepted", subject=directory["site"], actor="centre", body=body)
    return True


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
