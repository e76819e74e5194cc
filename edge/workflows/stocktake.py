"""Taking stock 盘点: blind, bay by bay, and nothing in a bay moves while it is counted.

    begin (rolling: the bay whose aisle stands open; full; sample) → count its bays (workflows/count_bay.py)
        → differences → two people sign the sheet 盘点差异表 → each difference is approved, put right or left as it is

Only an approval corrects the index, and never by the person who counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import slot_codes
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store import bays, box_places, differences, stocktakes
from edge.store.corrections import Corrections
from edge.store.database import Change, Database
from edge.store.stocktakes import Difference, Kind, Stocktake
from edge.workflows.rights import needs
from edge.workflows.room import Room

SIGNATURES = 2
OPEN_SHARE = 0.8  # of the aisle's width: an aisle with so much gap stands open


@dataclass(frozen=True, slots=True)
class Due:
    """A bay, when it was counted last (None: never), and whether its aisle stands open now."""

    bay: str
    aisle: int
    counted_ms: int | None
    open_now: bool


def due(room: Room) -> list[Due]:
    """Bays whose aisle stands open first, then those counted longest ago."""
    counted = stocktakes.last_counted(room.database)
    open_now = open_aisles(room)
    found = [Due(bay, aisle_of(bay), counted.get(bay), aisle_of(bay) in open_now) for bay in bays.bays(room.database)]
    return sorted(found, key=lambda one: (not one.open_now, one.counted_ms or 0))


def open_aisles(room: Room) -> set[int]:
    """Aisles that stand open now, as the boards say."""
    return {
        aisle.no
        for aisle in room.carriages.state().aisles
        if aisle.gap_mm is not None and aisle.gap_mm >= OPEN_SHARE * room.layout.aisle_mm
    }


def aisle_of(bay: str) -> int:
    return slot_codes.aisle_of(slot_codes.parse(f"{bay}-1-01"))


@needs("count")
def begin(room: Room, person: Person, kind: Kind, bay: str = "") -> Stocktake:
    """``rolling``: one bay, by default the first that is due; ``full``: all of them."""
    wanted = [bay] if bay else [one.bay for one in due(room)][: 1 if kind == "rolling" else None]
    for one in wanted:
        bays.slots_of(room.database, one)
    if kind == "full":
        wanted = bays.bays(room.database)
    stocktake_id = room.database.write(lambda change: stocktakes.begin(change, kind, person.id, wanted))
    return stocktakes.get(room.database, stocktake_id)


@needs("count")
def sign(room: Room, person: Person, stocktake_id: str) -> Stocktake:
    """One of two signatures under the sheet; the second closes the stocktake."""
    now = stocktakes.get(room.database, stocktake_id)
    if now.closed_ms is not None:
        raise RuleRefused("stocktake_closed", "look_again")
    if not now.counted:
        raise RuleRefused("stocktake_not_counted", "count_the_rest")
    room.database.write(lambda change: differences.sign(change, stocktake_id, person.id, SIGNATURES))
    return stocktakes.get(room.database, stocktake_id)


@needs("approve_count")
def decide(room: Room, person: Person, difference_id: str, correct_index: bool) -> Difference:
    """After both signatures: correct the index to what was counted, or leave it. Never by whoever counted. Boxes that
    were found in each other's places are corrected together: none of them could be alone.
    """
    difference = differences.get(room.database, difference_id)
    now = stocktakes.get(room.database, difference.stocktake_id)
    if now.closed_ms is None:
        raise RuleRefused("sheet_not_signed", "ask_second_person")
    if person.id in now.counters:
        raise RuleRefused("counted_it_yourself", "ask_second_person")
    together = _in_each_others_places(room, difference) if correct_index else [difference]
    if correct_index:
        for place in {place for one in together for place in (one.slot, one.belongs) if place}:
            refuse_frozen(room.database, place)

    def settle(change: Change) -> Difference:
        if correct_index:
            _correct(room, change, together, person)
        state = "approved" if correct_index else "left"
        settled, *_ = [differences.set_state(change, one.id, state, person.id) for one in together]
        return settled

    return room.database.write(settle)


def _in_each_others_places(room: Room, difference: Difference) -> list[Difference]:
    """The difference, and those of the boxes that the index has in the places concerned, if they come round to it."""
    if difference.kind != "misplaced":
        return [difference]
    open_ones = [one for one in differences.of(room.database, difference.stocktake_id) if one.state == "open"]
    by_place = {one.belongs: one for one in open_ones if one.kind == "misplaced"}
    found = [difference]
    while (after := by_place.get(found[-1].slot)) is not None and after not in found:
        found.append(after)
    return found if after == difference else [difference]


def refuse_frozen(database: Database, slot: str, moved_ms: int | None = None) -> None:
    """RuleRefused ``bay_frozen`` while the slot's bay is being counted. ``moved_ms``: of what was moved long ago and is
    entered only now; refused unless that was before the count.
    """
    for bay, began_ms in stocktakes.frozen(database).items():
        if slot.startswith(f"{bay}-") and (moved_ms is None or moved_ms >= began_ms):
            raise RuleRefused("bay_frozen", "wait_for_count", bay=bay)


def _correct(room: Room, change: Change, together: list[Difference], person: Person) -> None:
    difference = together[0]
    why = f"{box_places.COUNTED}{difference.stocktake_id}"
    box_id = difference.box_id or ""
    if not all(_as_counted(room, one) for one in together):
        raise RuleRefused("index_changed_since", "count_again_or_leave")
    if difference.kind in ("misplaced", "index_says_out"):
        try:
            box_places.place_boxes(change, {one.box_id or "": one.slot for one in together}, person.id, why)
        except RuleRefused as refused:
            if refused.code == "slot_taken":
                raise RuleRefused("slot_taken", "settle_other_first", **refused.params) from None
            raise
    elif difference.kind == "missing":
        box_places.take_box(change, box_id, person.id, why)
    elif difference.kind == "item_missing" and difference.item_id:
        room.catalogue.set_item_state(change, difference.item_id, "void", person.id)
    elif difference.kind == "pages_differ" and difference.item_id:
        counted = {"pages": difference.counted}
        Corrections(room.database).correct(change, "item", difference.item_id, counted, reason=why, actor=person.id)
    else:
        raise RuleRefused("nothing_to_correct", "look_again")


def _as_counted(room: Room, difference: Difference) -> bool:
    """Whether the index still has what it had when the difference was found: a count corrects no later record."""
    box = room.catalogue.box(difference.box_id) if difference.box_id else None
    item = room.catalogue.item(difference.item_id) if difference.item_id else None
    match difference.kind:
        case "misplaced":
            return box is not None and (box.slot or box.home_slot or "") == difference.belongs
        case "index_says_out":
            return box is not None and box.slot is None and box.home_slot == difference.slot
        case "missing":
            return box is not None and box.slot == difference.slot
        case "item_missing":
            return item is not None and item.box_id == difference.box_id and item.state in ("registered", "shelved")
        case "pages_differ":
            return item is not None and item.pages == difference.catalogued
    return True
