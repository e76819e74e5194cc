"""People and their roles: who may hold what together, and what a PIN must look like."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from edge.domain.access import CLEARANCE, RIGHTS
from edge.errors import InputRefused, RuleRefused

ROLES = frozenset(RIGHTS) | frozenset(CLEARANCE)

# 三员: one person never holds two of them, so nobody both grants rights and reads what was done with them.
THREE_ADMINISTRATORS = frozenset({"system_admin", "security_admin", "auditor"})
MAY_GRANT = THREE_ADMINISTRATORS  # two of these people confirm a grant together, one of them a security_admin

# Why the centre takes a card or a person's rights away.
REVOCATIONS = ("card_lost", "left_service", "other_post", "misuse")

# What the centre may give in a room. Administrators and clearances are given by two people in the room itself.
FROM_CENTRE = frozenset({"reader", "archivist", "technician"})

PIN_DIGITS = range(6, 13)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as this room sees them: local revocations and grants already applied. ``roles`` sorted."""

    id: str
    name: str
    department: str
    roles: tuple[str, ...]
    active: bool


def require_split(roles: Iterable[str]) -> None:
    """RuleRefused when ``roles`` hold two of the three administrators."""
    held = sorted(THREE_ADMINISTRATORS & set(roles))
    if len(held) > 1:
        raise RuleRefused("three_roles_split", "choose_other_person", roles=" + ".join(held))


def require_from_centre(roles: Iterable[str]) -> None:
    """RuleRefused ``role_not_from_centre`` where a role is given in the room only."""
    reserved = sorted(set(roles) - FROM_CENTRE)
    if reserved:
        raise RuleRefused("role_not_from_centre", "give_role_in_room", roles=", ".join(reserved))


def require_revocation(reason: str) -> None:
    if reason not in REVOCATIONS:
        raise InputRefused("revocation_needs_reason", "choose_revocation", reason=reason, known=", ".join(REVOCATIONS))


def require_known(role: str) -> None:
    if role not in ROLES:
        raise InputRefused("role_unknown", "choose_known_role", role=role, known=", ".join(sorted(ROLES)))


def require_strong_pin(pin: str) -> None:
    """InputRefused unless 6 to 12 digits that are neither one digit repeated nor a run up or down."""
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)} if pin.isdecimal() else {0}
    if len(pin) not in PIN_DIGITS or not pin.isascii() or steps in ({0}, {1}, {-1}):
        raise InputRefused("pin_too_weak", "choose_other_pin", shortest=PIN_DIGITS.start, longest=PIN_DIGITS.stop - 1)


def require_grantors(grantors: tuple[Person, ...], grantee_id: str, able: int) -> None:
    """RuleRefused unless two able people other than the grantee confirm, one of them a security administrator.

    ``able``: how many active people of the room may grant. While there is only one, that one may act alone:
    otherwise a room could never get its second administrator.
    """
    distinct = {person.id: person for person in grantors if person.id != grantee_id and person.active}
    fit = [person for person in distinct.values() if MAY_GRANT & set(person.roles)]
    if not any("security_admin" in person.roles for person in fit):
        raise RuleRefused("grant_needs_security_admin", "ask_security_admin")
    if len(fit) < min(2, able):
        raise RuleRefused("grant_needs_two", "ask_second_person")
