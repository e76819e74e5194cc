"""People, their roles, cards and PINs. A revocation made in the room outlives every directory; a grant takes two."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading

from edge.domain.ids import new_id
from edge.domain.people import (
    MAY_GRANT,
    Person,
    require_grantors,
    require_known,
    require_split,
    require_strong_pin,
)
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

WRONG_PINS = 5
LOCK_MS = 60_000
LAST = "security_admin"  # the role that is never left with nobody
NOBODY = "unknown"  # actor of an attempt that named nobody we know

# Roles as the source gave them, less what was revoked here, plus what was granted here; of person ``p``.
PERSON_ROLES = """
(SELECT group_concat(role, ' ') FROM (
    SELECT role FROM person_role r WHERE r.person_id = p.id
    UNION SELECT role FROM person_override g WHERE g.person_id = p.id AND effect = 'granted'
    EXCEPT SELECT role FROM person_override x WHERE x.person_id = p.id AND effect = 'revoked'
    ORDER BY role))
"""
PERSON_ACTIVE = """
(p.active AND NOT EXISTS (SELECT 1 FROM person_override o
                          WHERE o.person_id = p.id AND o.role = '' AND o.effect = 'revoked'))
"""
_PERSON = f"""
SELECT id, name, department,
       {PERSON_ACTIVE} AS active,
       {PERSON_ROLES} AS roles
FROM person p
"""


def _why(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def _person(row: Row) -> Person:
    return Person(row["id"], row["name"], row["department"], tuple((row["roles"] or "").split()), bool(row["active"]))


def read_person(db: Connection, person_id: str) -> Person:
    """Raises InputRefused ``person_unknown``."""
    row = db.execute(f"{_PERSON} WHERE id = ?", (person_id,)).fetchone()
    if row is None:
        raise InputRefused("person_unknown", "choose_known_person", person=person_id)
    return _person(row)


def read_people(db: Connection) -> list[Person]:
    return [_person(row) for row in db.execute(f"{_PERSON} ORDER BY name, id")]


def scrypt(pin: str, salt: bytes) -> bytes:
    """32 bytes; 16 MiB and about 50 ms on a desktop, so a stolen table is not a list of PINs."""
    return hashlib.scrypt(pin.encode("ascii", "replace"), salt=salt, n=2**14, r=8, p=1, dklen=32)


class People:
    """``site_key`` (32 bytes) turns a card's uid into what is stored; it is the same at all nodes of a site."""

    def __init__(self, database: Database, site_key: bytes) -> None:
        self._database, self._site_key = database, site_key
        self._one_guess_at_a_time = threading.Lock()

    def all(self) -> list[Person]:
        """Everybody, by name, also those no longer active."""
        with self._database.read() as db:
            return read_people(db)

    def get(self, person_id: str) -> Person:
        """Raises InputRefused ``person_unknown``."""
        with self._database.read() as db:
            return read_person(db, person_id)

    def uid_hmac(self, uid: bytes) -> str:
        return hmac.new(self._site_key, uid, hashlib.sha256).hexdigest()

    def by_card(self, uid: bytes) -> Person:
        """Who holds this card. RuleRefused ``card_unknown`` (also a revoked card or person), recorded."""
        with self._database.read() as db:
            card = db.execute(
                "SELECT person_id FROM card WHERE uid_hmac = ? AND active AND NOT revoked_here", (self.uid_hmac(uid),)
            ).fetchone()
            person = read_person(db, card["person_id"]) if card else None
        if person is None or not person.active:
            self._record_refusal(person.id if person else NOBODY, "card_unknown", {})
            raise RuleRefused("card_unknown", "ask_security_admin")
        return person

    def by_pin(self, person_id: str, pin: str) -> Person:
        """RuleRefused ``pin_wrong`` or, after five wrong ones in a row, ``pin_locked`` for 60 s; both recorded."""
        with self._one_guess_at_a_time:
            with self._database.read() as db:
                row = db.execute("SELECT * FROM person WHERE id = ?", (person_id,)).fetchone()
                person = read_person(db, person_id) if row else None
            left_ms = self._locked_ms(row) if row else 0
            if left_ms:
                seconds = -(-left_ms // 1000)
                self._record_refusal(person_id, "pin_locked", {"seconds": seconds})
                raise RuleRefused("pin_locked", "wait_for_pin", seconds=seconds)
            known = row is not None and row["pin_hash"] is not None
            right = hmac.compare_digest(
                scrypt(pin, row["pin_salt"] if known else bytes(16)), row["pin_hash"] if known else bytes(32)
            )
            if person is None or not known or not right or not person.active:
                self._count_wrong(row)
                raise RuleRefused("pin_wrong", "type_pin_again")
            if row["wrong_pins"] or row["locked_boot"]:
                self._database.write(
                    lambda change: change.db.execute(
                        "UPDATE person SET wrong_pins = 0, locked_boot = '' WHERE id = ?", (person_id,)
                    ),
                    telemetry=True,
                )
            return person

    def add(
        self,
        change: Change,
        name: str,
        *,
        department: str = "",
        roles: tuple[str, ...] = (),
        by: tuple[str, ...],
        person_id: str | None = None,
    ) -> Person:
        """A new person of this room; their roles need the same two people as any grant."""
        if not name.strip():
            raise InputRefused("person_needs_name", "type_name")
        person_id = person_id or new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO person (id, name, department, source) VALUES (?, ?, ?, 'local')",
            (person_id, name.strip(), department),
        )
        change.event("person.added", subject=person_id, actor=by[0], body={"source": "local"})
        for role in roles:
            self.grant(change, person_id, role, by=by)
        return read_person(change.db, person_id)

    def add_first_administrator(self, change: Change, name: str, pin: str) -> Person:
        """The security administrator a new storeroom begins with. RuleRefused where anybody exists already."""
        if change.db.execute("SELECT 1 FROM person").fetchone():
            raise RuleRefused("not_empty", "use_people_add")
        person = self.add(change, name, by=("node",))
        change.db.execute("INSERT INTO person_role VALUES (?, 'security_admin')", (person.id,))
        change.event("person.granted", subject=person.id, actor="node", body={"role": "security_admin", "second": ""})
        self.set_pin(change, person.id, pin, actor=person.id)
        return read_person(change.db, person.id)

    def grant(self, change: Change, person_id: str, role: str, *, by: tuple[str, ...]) -> None:
        """Two of the three administrators grant together. ``role`` '' takes back the revocation of a whole person."""
        person = read_person(change.db, person_id)
        if role:
            require_known(role)
            require_split({*person.roles, role})
        able = sum(1 for other in read_people(change.db) if other.active and MAY_GRANT & set(other.roles))
        require_grantors(tuple(read_person(change.db, grantor) for grantor in by), person_id, able)
        change.db.execute("DELETE FROM person_override WHERE person_id = ? AND role = ?", (person_id, role))
        if role and role not in read_person(change.db, person_id).roles:
            change.db.execute("INSERT INTO person_override VALUES (?, ?, 'granted')", (person_id, role))
        body = {"role": role, "second": by[1] if len(by) > 1 else ""}
        change.event("person.granted", subject=person_id, actor=by[0], body=body)

    def revoke(self, change: Change, person_id: str, role: str | None = None, *, actor: str, reason: str = "") -> None:
        """One role, or (None) the person: cards, PIN and open sessions stop at once. Needs no second person.

        RuleRefused ``last_administrator``: somebody must be left who can let people in again.
        """
        administrators = {one.id for one in read_people(change.db) if one.active and LAST in one.roles}
        read_person(change.db, person_id)
        if administrators == {person_id} and role in (None, "", LAST):
            raise RuleRefused("last_administrator", "grant_other_first")
        change.db.execute("INSERT OR REPLACE INTO person_override VALUES (?, ?, 'revoked')", (person_id, role or ""))
        change.db.execute("DELETE FROM session WHERE person_id = ?", (person_id,))
        change.event("person.revoked", subject=person_id, actor=actor, body={"role": role or ""} | _why(reason))

    def add_card(self, change: Change, person_id: str, uid: bytes, *, actor: str) -> str:
        """The card's opaque id. StoreError ``conflict`` for a card that is somebody's already."""
        read_person(change.db, person_id)
        if not 4 <= len(uid) <= 10:
            raise InputRefused("card_uid_unreadable", "hold_card_again")
        card_id = new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO card (uid_hmac, id, person_id, source) VALUES (?, ?, ?, 'local')",
            (self.uid_hmac(uid), card_id, person_id),
        )
        change.event("card.added", subject=card_id, actor=actor, body={"person": person_id})
        return card_id

    def revoke_card(self, change: Change, card_id: str, *, actor: str, reason: str = "") -> None:
        found = change.db.execute("UPDATE card SET revoked_here = 1 WHERE id = ? RETURNING person_id", (card_id,))
        row = found.fetchone()
        if row is None:
            raise InputRefused("card_id_unknown", "choose_known_card", id=card_id)
        change.event("card.revoked", subject=card_id, actor=actor, body={"person": row["person_id"]} | _why(reason))

    def set_pin(self, change: Change, person_id: str, pin: str, *, actor: str) -> None:
        require_strong_pin(pin)
        read_person(change.db, person_id)
        salt = secrets.token_bytes(16)
        change.db.execute(
            "UPDATE person SET pin_salt = ?, pin_hash = ?, wrong_pins = 0, locked_boot = '' WHERE id = ?",
            (salt, scrypt(pin, salt), person_id),
        )
        change.event("person.pin_set", subject=person_id, actor=actor, body={})

    def _locked_ms(self, row: Row) -> int:
        """What is left of the lock-out. After a reboot it starts anew, so pulling the plug wins nothing."""
        if not row["locked_boot"]:
            return 0
        clock = self._database.clock
        since_ms = row["locked_mono_ms"] if row["locked_boot"] == clock.boot_id() else 0
        return max(0, since_ms + LOCK_MS - clock.monotonic_ms())

    def _count_wrong(self, row: Row | None) -> None:
        if row is None:
            self._record_refusal(NOBODY, "pin_wrong", {})
            return

        def count(change: Change) -> None:
            wrong = row["wrong_pins"] + 1
            change.db.execute("UPDATE person SET wrong_pins = ? WHERE id = ?", (wrong % WRONG_PINS, row["id"]))
            change.db.execute("UPDATE person SET locked_boot = '' WHERE id = ?", (row["id"],))
            if wrong >= WRONG_PINS:
                change.db.execute(
                    "UPDATE person SET locked_boot = ?, locked_mono_ms = ? WHERE id = ?",
                    (change.moment.boot_id, change.moment.monotonic_ms, row["id"]),
                )
            body = {"code": "pin_wrong", "wrong_in_a_row": wrong, "locked": int(wrong >= WRONG_PINS)}
            change.event("session.refused", subject=row["id"], actor=NOBODY, body=body)

        self._database.write(count)

    def _record_refusal(self, subject: str, code: str, more: dict[str, int]) -> None:
        self._database.write(
            lambda change: change.event("session.refused", subject=subject, actor=NOBODY, body={"code": code, **more})
        )
