"""Who is it? A card at the reader, or a chosen name and its PIN. Refusals are recorded by the directory itself."""

from __future__ import annotations

from edge.domain.people import Person
from edge.workflows.room import Room


def by_card(room: Room, uid: bytes) -> Person:
    """Raises RuleRefused ``card_unknown``, also for a revoked card or person."""
    return room.people.by_card(uid)


def by_pin(room: Room, person_id: str, pin: str) -> Person:
    """Raises RuleRefused ``pin_wrong``, or ``pin_locked`` after five wrong ones."""
    return room.people.by_pin(person_id, pin)
