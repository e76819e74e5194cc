"""Tables and finding aids handed out at the panel: the whole file, and its event."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from edge.domain import access
from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store.exports.tables import ITEMS, TABLES
from edge.workflows import take_out
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.take_out import FORMATS, Order


@needs("take_out")
def choices(room: Room, person: Person) -> dict[str, Any]:
    """Every table, and how each can be taken out."""
    return {
        "tables": [
            {
                "name": name,
                "formats": take_out.FORMATS if table is ITEMS else take_out.SHEETS,
                "by_fonds": table.by_fonds,
            }
            for name, table in TABLES.items()
        ],
        "fonds": [asdict(one) for one in room.catalogue.fonds()],
        "clearances": access.clearances(person.roles),
    }


@needs("take_out")
def hand_out(room: Room, person: Person, order: Order) -> BinaryIO:
    """As ``opened``. InputRefused ``table_unknown``, and as ``take_out``; RuleRefused ``export_not_cleared``."""
    for asked, known in ((order.what, TABLES), (order.format, FORMATS)):
        if asked not in known:
            raise InputRefused("table_unknown", "choose_from_list", value=asked[:40])
    take_out.require_cleared(person, order.clearance)
    return opened(room, person, order)


def opened(room: Room, person: Person, order: Order) -> BinaryIO:
    """The file, to be read from its start and closed; it has no name on the disk any more. Event ``export.made``."""
    reads = room.readings.reads if order.what == "readings" else room.database
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        take_out.take_out(reads, order, out, lambda taken: take_out.record(room.database, order, taken, person))
        return out.open("rb")
