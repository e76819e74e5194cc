"""A register of the room handed to whoever reads it at the panel, on paper or as a sheet; either is in the trace."""

from __future__ import annotations

import hashlib

from edge.domain.people import Person
from edge.paper.document import Printed
from edge.workflows import print_out, table_desk, take_out
from edge.workflows.print_out import Sheets
from edge.workflows.room import Room
from edge.workflows.take_out import Order


def paper(room: Room, person: Person, table: str, printed: Printed, listed: int) -> bytes:
    """The PDF. ``listed``: lines in it. Event ``print.made``."""
    digest = hashlib.sha256(printed.pdf).hexdigest()
    sheets = Sheets(f"register.{table}", "", take_out.OPEN_TO_ALL, listed, printed.pages, digest)
    print_out.record(room.database, sheets, person)
    return printed.pdf


def sheet(room: Room, person: Person, table: str, language: str) -> bytes:
    """The whole table as CSV. Event ``export.made``."""
    order = Order(table, "csv", language=language, made_utc_ms=room.clock.utc_ms())
    with table_desk.opened(room, person, order) as file:
        return file.read()
