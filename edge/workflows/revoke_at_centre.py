"""The centre takes away: a lost card, or a person who may not come any more. Giving takes two people in the room.

What was taken away here outlives every directory of the centre; the last security administrator stays.
"""

from __future__ import annotations

from edge.domain.approvals import CENTRE
from edge.domain.people import require_revocation
from edge.workflows.room import Room


def card(room: Room, author: str, card_id: str, reason: str) -> None:
    """InputRefused ``card_id_unknown``, ``revocation_needs_reason``."""
    require_revocation(reason)
    room.database.write(
        lambda change: room.people.revoke_card(change, card_id, actor=f"{CENTRE}{author}", reason=reason)
    )


def person(room: Room, author: str, person_id: str, reason: str) -> None:
    """Cards, PIN and sessions stop at once. RuleRefused ``last_administrator``; InputRefused ``person_unknown``."""
    require_revocation(reason)
    room.database.write(lambda change: room.people.revoke(change, person_id, actor=f"{CENTRE}{author}", reason=reason))
