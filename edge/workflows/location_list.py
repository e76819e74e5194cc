"""The location list on paper (shelving-safety rule 16): every box and where it stands, made anew each night.

With power or node down people find a box by it and reach it by crank. It names numbers and places, never titles.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from edge.domain.upkeep import night_ms
from edge.paper.document import Printed
from edge.paper.register import Column, Part, register
from edge.store.readers import Reads
from edge.store.whole_file import replace_whole
from edge.words import say
from edge.workflows.print_out import Sheets, record
from edge.workflows.room import Room
from edge.workflows.upkeep import at_rest

FOLDER = "locations"
KEPT = 7  # nights
LATE_MS = 50 * 3_600_000

_BOXES = """
SELECT fonds_no, box_no, state, coalesce(slot, home_slot, '') AS place, slot IS NULL AS away
FROM box WHERE state <> 'void' ORDER BY
"""


def draw(reads: Reads, room_name: str, language: str, made_ms: int) -> tuple[Printed, int]:
    """Twice the same boxes: by number, and by place. How many there are."""
    with reads.read() as db:
        by_number = db.execute(_BOXES + " fonds_no, length(box_no), box_no").fetchall()
        by_place = db.execute(_BOXES + " place = '', place, fonds_no, length(box_no), box_no").fetchall()
    away = say(language, "locations.away")
    columns = [
        Column(say(language, f"locations.head_{name}"), share, centred=True)
        for name, share in (("fonds", 20), ("box", 24), ("place", 40), ("note", 30))
    ]

    def cells(row: dict[str, str]) -> tuple[str, ...]:
        return row["fonds_no"], row["box_no"], row["place"] or "–", away if row["away"] and row["place"] else ""

    parts = [
        Part(say(language, f"locations.{order}", room=room_name), [cells(row) for row in rows])
        for order, rows in (("by_number", by_number), ("by_place", by_place))
    ]
    return register(say(language, "locations.title"), columns, parts, language, made_ms), len(by_number)


class LocationLists:
    """``step`` now and then: the night's list, as soon after two as the room is quiet. ``printer`` "": file only.

    ``folder``: lists of the last nights, the newest one printed where a printer is named.
    """

    def __init__(self, room: Room, folder: Path, printer: str, language: str) -> None:
        self._room, self._folder, self._printer, self._language = room, folder, printer, language
        self._since_ms = room.clock.monotonic_ms()

    def step(self) -> None:
        """Raises DeviceFault where it could not be printed; the file is there all the same."""
        room = self._room
        path = self._path(night_ms(room.clock.utc_ms(), room.zone))
        if path.exists() or not at_rest(room.carriages.state()):
            return
        self.make(path)

    def make(self, path: Path | None = None) -> Path:
        """Draw it, keep it, print it; event ``print.made``."""
        room = self._room
        now_ms = room.clock.utc_ms()
        path = path or self._path(night_ms(now_ms, room.zone))
        printed, listed = draw(room.database, room.name, self._language, now_ms)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        replace_whole(path, printed.pdf)
        path.chmod(0o600)
        for old in sorted(self._folder.glob("*.pdf"))[:-KEPT]:
            old.unlink()
        self._since_ms = room.clock.monotonic_ms()
        digest = hashlib.sha256(printed.pdf).hexdigest()
        sheets = Sheets("locations", "", "internal", listed, printed.pages, digest)
        record(room.database, sheets, None, self._printer)
        if self._printer:
            room.printer.send(self._printer, say(self._language, "locations.title"), printed.pdf)
        return path

    def late(self) -> bool:
        """No list for two nights: somebody must hear of it."""
        return self._room.clock.monotonic_ms() - self._since_ms > LATE_MS

    def _path(self, night: int) -> Path:
        day = datetime.fromtimestamp(night / 1000, ZoneInfo(self._room.zone)).strftime("%Y-%m-%d")
        return self._folder / f"locations-{day}.pdf"
