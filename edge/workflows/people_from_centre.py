"""The centre's directory of people for this room: the room judges it, takes it once, and records what it refused."""

from __future__ import annotations

import logging
from typing import Any

from edge.domain.people import require_from_centre
from edge.errors import RuleRefused, StoreroomError
from edge.store.database import Change
from edge.store.directory import accept_directory, record_refused_directory
from edge.workflows.room import Room

log = logging.getLogger(__name__)


def take(room: Room, directory: dict[str, Any]) -> bool:
    """Apply a snapshot whose signature was checked; False where it is not newer or was refused, which is recorded.

    The room gives no administrator's role and no clearance from afar, and takes no other room's snapshot.
    """

    def accept(change: Change) -> bool:
        if directory["node"] != room.node_id:
            raise RuleRefused("directory_not_ours", "ask_centre")
        for person in directory["people"]:
            require_from_centre(person["roles"])
        return accept_directory(change, directory)

    try:
        return room.database.write(accept, telemetry=True)
    except StoreroomError as error:
        log.error("a directory of the centre was refused: %s", error)
        code = error.code
    room.database.write(lambda change: record_refused_directory(change, directory, code), telemetry=True)
    return False
