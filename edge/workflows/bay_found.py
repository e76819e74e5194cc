"""A counted bay as one picture: what each slot was found to hold, slot by slot. Never told while it is counted, which
is blind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.store import bays, differences, stocktakes
from edge.store.stocktakes import Difference
from edge.workflows.rights import needs
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class SlotFound:
    """``status`` as in edge/domain/bays.py, or why its box is away: on_loan, in_transit. ``why``: index_says_out, where
    a box stands that the index has out. ``belongs``: where a misplaced one should stand; ``found_at``: where the box
    missing here was seen instead; both "" where not known. ``difference``: "" where there is none.
    """

    slot: str
    status: str
    why: str = ""
    box_no: str = ""
    belongs: str = ""
    found_at: str = ""
    difference: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class BayFound:
    """``picture``: look of all slots side by side, level under level, as photographed; "" = none was taken."""

    bay: str
    picture: str
    slots: tuple[SlotFound, ...]


@needs("count")
def found(room: Room, _person: Person, stocktake_id: str, bay: str) -> BayFound:
    """RuleRefused ``bay_state`` until the bay is counted; InputRefused ``bay_unknown``."""
    counted = next((one for one in stocktakes.get(room.database, stocktake_id).bays if one.bay == bay), None)
    if counted is None:
        raise InputRefused("bay_unknown", "give_bay", bay=bay)
    if counted.state != "counted":
        raise RuleRefused("bay_state", "look_again", bay=bay, bay_state=counted.state)
    sights = stocktakes.sights(room.database, stocktake_id, bay)
    of = [one for one in differences.of(room.database, stocktake_id) if one.slot.startswith(f"{bay}-")]
    by_slot = {one.slot: one for one in of}
    came_from = {one.belongs: one for one in of if one.kind == "misplaced"}
    slots = []
    for slot in bays.slots_of(room.database, bay).values():
        if slot in by_slot:
            slots.append(_differing(room, by_slot[slot]))
            continue
        seen = SlotFound(slot, "right" if slot in sights and sights[slot][1]["state"] != "empty" else "empty")
        if seen.status == "empty" and slot in came_from:
            elsewhere = came_from[slot]
            seen = replace(seen, status="missing", box_no=_box_no(room, elsewhere.box_id), found_at=elsewhere.slot)
        slots.append(seen)
    return BayFound(bay, counted.picture, tuple(slots))


def _differing(room: Room, one: Difference) -> SlotFound:
    says_out = one.kind == "index_says_out"
    return SlotFound(
        one.slot,
        "right" if says_out else one.kind,
        one.kind if says_out else "",
        _box_no(room, one.box_id),
        one.belongs,
        "",
        one.id,
        one.state,
    )


def _box_no(room: Room, box_id: str | None) -> str:
    box = room.catalogue.box(box_id) if box_id else None
    return box.box_no if box else ""
