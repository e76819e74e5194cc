"""Who may do what in which room, as the events of the rooms say. Names, PINs and card numbers never leave a room."""

from __future__ import annotations

from typing import Any

from cloud_sync.store.approvals import became
from cloud_sync.store.database import Database
from cloud_sync.store.fleet import connection_state, takes
from cloud_sync.store.happenings import Happening, Happenings
from edge.domain.access import clearance, rights

KINDS = ("revoke_card", "revoke_person")
FOR_EVER_MS = 1 << 53
SHOWN_MS = 30 * 86_400_000


class PeopleOfRooms:
    def __init__(self, database: Database) -> None:
        self._database, self._happenings = database, Happenings(database)

    def all(self, now_ms: int) -> list[dict[str, Any]]:
        """Room by room: its state, its people with roles, rights, clearance and cards, and what was asked of it."""
        found = []
        for node, name in self._happenings.rooms().items():
            people = people_of(self._happenings.of(node, ("person", "card"), 0, FOR_EVER_MS))
            with self._database.read() as db:
                beat = db.execute("SELECT * FROM heartbeat WHERE node = ?", (node,)).fetchone()
                asked = db.execute(
                    "SELECT * FROM command WHERE node = ? AND kind IN ('revoke_card', 'revoke_person')"
                    " AND asked_ms > ? ORDER BY asked_ms DESC LIMIT 50",
                    (node, now_ms - SHOWN_MS),
                ).fetchall()
                found.append(
                    {
                        "node": node,
                        "room": name,
                        "state": connection_state(beat, now_ms),
                        "may_ask": set(KINDS) <= set(takes(db, node)),
                        "people": people,
                        "asked": [{**dict(row), "became": became(row, now_ms)} for row in asked],
                    }
                )
        return found


def people_of(happenings: list[Happening]) -> list[dict[str, Any]]:
    """As the room's events left them. A person's first grant may be of an event that said nothing outside."""
    people: dict[str, dict[str, Any]] = {}
    for one in happenings:
        kind, _, what = one.action.partition(".")
        if kind == "person":
            person = people.setdefault(one.subject, {"id": one.subject, "roles": set(), "locked": False, "cards": {}})
            _apply(person, what, str(one.body.get("role", "")))
        elif holder := people.get(str(one.body.get("person", ""))):
            holder["cards"][one.subject] = what == "added"
    for person in people.values():
        roles = sorted(person["roles"])
        person |= {"roles": roles, "rights": sorted(rights(roles)), "clearance": clearance(roles)}
        person["cards"] = [{"id": card, "active": active} for card, active in person["cards"].items()]
    return sorted(people.values(), key=lambda person: (person["locked"], person["id"]))


def _apply(person: dict[str, Any], what: str, role: str) -> None:
    """A role '' means the whole person."""
    if what in ("granted", "revoked") and not role:
        person["locked"] = what == "revoked"
    elif what == "granted":
        person["roles"].add(role)
    elif what == "revoked":
        person["roles"].discard(role)
