"""The register of moves for an auditor, taken along on paper or as a sheet: what the panel shows of each move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain.people import Person
from edge.paper.document import Printed
from edge.paper.register import Cells, Column, Part, register
from edge.words import load, say
from edge.workflows import room_register
from edge.workflows.move_register import MoveLine, moves
from edge.workflows.rights import needs
from edge.workflows.room import Room

MOST = 500  # lines of one print, the newest; the sheet has all
SHARES = {"time": 15, "who": 13, "why": 16, "way": 25, "test": 14, "least": 12, "peak": 9, "long": 8, "ended": 17}
APART = "; "
NUMBERS = ("peak", "long")


@needs("read_trace")
def on_paper(room: Room, person: Person, kind: str | None, language: str) -> bytes:
    """A PDF; ``kind`` None: moves for every purpose. Event ``print.made``."""
    lines = moves(room, MOST, None, kind)
    return room_register.paper(room, person, "moves", drawn(room, lines, language), len(lines))


@needs("read_trace")
def as_sheet(room: Room, person: Person, language: str) -> bytes:
    """All of them as CSV. Event ``export.made``."""
    return room_register.sheet(room, person, "moves", language)


def drawn(room: Room, lines: list[MoveLine], language: str) -> Printed:
    names = {one.id: one.name for one in room.people.all()}
    zone = ZoneInfo(room.zone)

    def at(ms: int) -> str:
        return datetime.fromtimestamp(ms / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")

    columns = [
        Column(say(language, f"panel.moves.head_{name}"), share, centred=name in NUMBERS)
        for name, share in SHARES.items()
    ]
    period = f"{at(lines[-1].armed_ms)} – {at(lines[0].armed_ms)}" if lines else say(language, "panel.moves.none")
    rows = [cells(line, names, at, language) for line in lines]
    title = f"{say(language, 'panel.moves.title')} {room.layout.area}"
    return register(title, columns, [Part(period, rows)], language, room.clock.utc_ms())


def cells(line: MoveLine, names: Mapping[str, str], at: Callable[[int], str], language: str) -> Cells:
    why = [say(language, f"panel.moves.why.{line.kind}")]
    why += [] if line.aisle is None else [say(language, "panel.block.aisle", aisle=line.aisle)]
    why += [say(language, "panel.box.no", box_no=line.box_no)] if line.box_no else []
    least = [f"{min(line.least_gap_mm.values())} mm"] if line.least_gap_mm else []
    least += [f"{line.least_supply_mv / 1000:.1f} V"] if line.least_supply_mv is not None else []
    ended = [_said(f"end.{line.ended}", line.ended, language) if line.ended else "…"]
    ended += [_said(f"fault.{line.fault}", line.fault, language)] if line.fault else []
    return (
        at(line.armed_ms),
        names.get(line.person_id, line.person_id),
        " · ".join(why),
        APART.join(_way(part) for part in line.movers),
        _tested(line.self_test, language),
        APART.join(least),
        "" if line.peak_ma is None else f"{line.peak_ma} mA",
        "" if line.duration_ms is None else f"{line.duration_ms / 1000:.1f} s",
        APART.join(ended),
    )


def _way(part: Mapping[str, int | None]) -> str:
    """``(…)``: where it stood at the end, if elsewhere."""
    stood = "" if part["at_mm"] in (None, part["to_mm"]) else f" ({part['at_mm']})"
    came, went = ("?" if part[end] is None else part[end] for end in ("from_mm", "to_mm"))
    return f"{part['column']}: {came} → {went}{stood}"


def _tested(self_test: Mapping[str, list[str]], language: str) -> str:
    """Circuits that did not answer, by column; or that all did."""
    silent = {column: names for column, names in self_test.items() if names}
    if not silent:
        return say(language, "panel.moves.test_good", count=len(self_test)) if self_test else ""
    return APART.join(
        f"{column}: {' '.join(_said(f'proof.{name}', name, language) for name in names)}"
        for column, names in silent.items()
    )


def _said(msgid: str, otherwise: str, language: str) -> str:
    return say(language, msgid) if msgid in load() else otherwise
