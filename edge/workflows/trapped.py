"""Somebody is trapped 有人被困: STOP first, then the report; no login stands in between."""

from __future__ import annotations

from collections.abc import Mapping

from edge.domain.people import Person
from edge.errors import InputRefused
from edge.workflows import motion
from edge.workflows.rights import needs
from edge.workflows.room import Room

HELP = ("crank", "release", "call", "call_out_of_hours")  # what a site may write in its own words
HELP_MOST = 200  # characters, so that the screen holds them all


def report(room: Room, panel_id: str) -> None:
    """STOP, and an event that the centre shows. Pressed again, it stops again."""
    motion.stop(room, panel_id)
    room.database.write(lambda change: room.entrapments.report(change, room.layout.area, panel_id))


@needs("end_entrapment")
def end(room: Room, person: Person) -> None:
    """Everybody is out and was looked after. Faults, walks and resets stay as they are."""
    room.database.write(lambda change: room.entrapments.end(change, room.layout.area, person.id))


@needs("set_limits")
def set_help(room: Room, person: Person, texts: Mapping[str, str]) -> None:
    """This site's words; an empty text goes back to the product's own."""
    for name, text in texts.items():
        if name not in HELP or len(text) > HELP_MOST:
            raise InputRefused("help_text_refused", "shorten_help_text", name=name[:40], most=HELP_MOST)
    kept = {name: text.strip() for name, text in texts.items() if text.strip()}
    room.database.write(lambda change: room.entrapments.set_help(change, kept, person.id))
