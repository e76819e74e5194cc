"""The monthly test of the door: its contact, its lock and the way out count as tried when the node saw them act.

Nobody ticks a box: whoever walks the round opens the door, and what the node wrote of it since then is the proof.
"""

from __future__ import annotations

import json
from typing import Literal

from edge.domain.door import How
from edge.domain.patrol import DOOR_TESTS, What
from edge.errors import RuleRefused
from edge.store.trace import Trace
from edge.workflows.room import Room

Seen = Literal["", "waits", "seen"]
LOOKED_AT = 500  # openings and closings of one round; a door is not opened more often in one
OPENED_BY: dict[What, How] = {"door_lock": "let_in", "door_exit": "exit"}


def seen(room: Room, what: str, since_ms: int) -> Seen:
    """ "" where ``what`` is no test of the door. A contact has to open and to close, a lock to let somebody in, and the
    handle or button inside to let somebody out."""
    if what not in DOOR_TESTS:
        return ""
    openings, shut = list[str](), False
    for event in Trace(room.database).recent(LOOKED_AT, action_prefix="door."):
        if event.fields()["utc_ms"] < since_ms:
            break
        if event.action == "door.closed":
            shut = True
        elif event.action == "door.opened" and event.body is not None:
            openings.append(json.loads(event.body)["how"])
    wanted = next((how for test, how in OPENED_BY.items() if test == what), None)
    return "seen" if (wanted in openings if wanted else openings and shut) else "waits"


def refuse_unseen(room: Room, what: str, since_ms: int) -> None:
    """RuleRefused ``door_contact_unseen``, ``door_lock_unseen``, ``door_exit_unseen``."""
    if seen(room, what, since_ms) == "waits":
        raise RuleRefused(f"{what}_unseen", "try_door_or_write_finding")
