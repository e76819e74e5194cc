"""The difference sheet 盘点差异表: what was counted, what differs, who counted, who signed; as people name things."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import access, slot_codes
from edge.domain.people import Person
from edge.domain.records import may_see
from edge.errors import InputRefused
from edge.store import differences, stocktakes
from edge.store.stocktakes import Bay, Difference, Stocktake
from edge.workflows.counter import HIDDEN
from edge.workflows.room import Room
from edge.workflows.stocktake import aisle_of


@dataclass(frozen=True, slots=True)
class Line:
    """``box_no`` and ``ref_code``: "" where nothing of that kind is named. ``pages``: as the index had them. ``aisle``
    of ``slot`` and ``belongs_aisle`` of ``belongs``: None where that is "".
    """

    id: str
    kind: str
    slot: str
    belongs: str
    aisle: int | None
    belongs_aisle: int | None
    box_no: str
    fonds_no: str
    ref_code: str
    counted: int | None
    pages: int | None
    state: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class BayLine:
    bay: str
    aisle: int
    state: str
    counted_by: str
    counted_ms: int | None
    picture: str


@dataclass(frozen=True, slots=True)
class BoxLine:
    box_id: str
    box_no: str
    slot: str
    counted_by: str
    counted_ms: int | None


@dataclass(frozen=True, slots=True)
class Signature:
    person_id: str
    name: str
    signed_ms: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``accounted``: differences that are none, away with the index's knowledge. ``counters``: ids of who counted."""

    id: str
    kind: str
    begun_ms: int
    closed_ms: int | None
    counted: bool
    counters: tuple[str, ...]
    bays: tuple[BayLine, ...]
    boxes: tuple[BoxLine, ...]
    lines: tuple[Line, ...]
    accounted: tuple[Line, ...]
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    id: str
    kind: str
    begun_ms: int
    closed_ms: int | None
    parts: int
    counted: int
    open_differences: int


def sheet(room: Room, viewer: Person, stocktake_id: str) -> Sheet:
    """As this person may see it. Raises InputRefused ``stocktake_unknown``."""
    of = stocktakes.get(room.database, stocktake_id)
    lines = [_line(room, viewer, one) for one in differences.of(room.database, stocktake_id)]
    return Sheet(
        of.id,
        of.kind,
        of.begun_ms,
        of.closed_ms,
        of.counted,
        tuple(sorted(of.counters - {""})),
        tuple(_bay_line(room, bay) for bay in of.bays),
        tuple(_box_line(room, of, at) for at in range(len(of.boxes))),
        tuple(line for line in lines if line.state != "accounted"),
        tuple(line for line in lines if line.state == "accounted"),
        tuple(Signature(person_id, _name(room, person_id), signed_ms) for person_id, signed_ms in of.signatures),
    )


def summaries(room: Room) -> list[Summary]:
    found = []
    for of in stocktakes.recent(room.database):
        left = [one for one in differences.of(room.database, of.id) if one.state in ("open", "in_hand")]
        counted = sum(bay.state == "counted" for bay in of.bays) + sum(bool(box.counted_ms) for box in of.boxes)
        found.append(
            Summary(of.id, of.kind, of.begun_ms, of.closed_ms, len(of.bays) + len(of.boxes), counted, len(left))
        )
    return found


def _line(room: Room, viewer: Person, one: Difference) -> Line:
    box = room.catalogue.box(one.box_id) if one.box_id else None
    item = room.catalogue.item(one.item_id) if one.item_id else None
    seen = item is not None and may_see(access.clearance(viewer.roles), item.secret_level)
    return Line(
        one.id,
        one.kind,
        one.slot,
        one.belongs,
        _aisle(one.slot),
        _aisle(one.belongs),
        box.box_no if box else "",
        box.fonds_no if box else "",
        item.ref_code if item and seen else HIDDEN if item else "",
        one.counted,
        one.catalogued,
        one.state,
        _name(room, one.decided_by),
    )


def _bay_line(room: Room, of: Bay) -> BayLine:
    return BayLine(of.bay, aisle_of(of.bay), of.state, _name(room, of.person_id), of.counted_ms, of.picture)


def _box_line(room: Room, of: Stocktake, at: int) -> BoxLine:
    drawn = of.boxes[at]
    box = room.catalogue.box(drawn.box_id)
    return BoxLine(
        drawn.box_id,
        box.box_no if box else "",
        (box.slot or box.home_slot or "") if box else "",
        _name(room, drawn.person_id),
        drawn.counted_ms,
    )


def _aisle(slot: str) -> int | None:
    return slot_codes.aisle_of(slot_codes.parse(slot)) if slot else None


def _name(room: Room, person_id: str) -> str:
    if not person_id:
        return ""
    try:
        return room.people.get(person_id).name
    except InputRefused:
        return person_id
