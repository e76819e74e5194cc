"""The weekly sample 每周抽查: boxes drawn by chance are opened, their items and pages counted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from edge.domain import access
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused, RuleRefused
from edge.store import differences, stocktakes
from edge.store.bays import standing
from edge.store.database import Change
from edge.store.stocktakes import Stocktake
from edge.workflows.find import known_box
from edge.workflows.rights import needs
from edge.workflows.room import Room

BOXES, BOXES_AT_MOST = 5, 50
EVERY_MS = 7 * 24 * 3600 * 1000
PAGES_AT_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Counted:
    """One item of an opened box; ``pages`` None: the box holds it, its pages were not counted."""

    item_id: str
    there: bool
    pages: int | None


def is_due(room: Room) -> bool:
    """Whether no sample was drawn within a week."""
    last = stocktakes.last_sampled(room.database)
    return last is None or room.clock.utc_ms() - last >= EVERY_MS


@needs("count")
def begin(room: Room, person: Person, boxes: int = BOXES) -> Stocktake:
    """So many boxes that stand on the shelves, drawn by chance; none that holds what the person is not cleared for."""
    if not 1 <= boxes <= BOXES_AT_MOST:
        raise InputRefused("sample_size", "choose_sample_size", most=BOXES_AT_MOST)
    drawn: list[str] = []
    left = standing(room.database)
    while left and len(drawn) < boxes:
        box_id = left.pop(secrets.randbelow(len(left)))
        inside = room.catalogue.items_in_box(box_id)
        if inside and all(may_see(access.clearance(person.roles), item.secret_level) for item in inside):
            drawn.append(box_id)
    if not drawn:
        raise RuleRefused("nothing_to_sample", "import_catalogue")
    stocktake_id = room.database.write(lambda change: stocktakes.begin(change, "sample", person.id, (), drawn))
    return stocktakes.get(room.database, stocktake_id)


def items(room: Room, person: Person, stocktake_id: str, box_id: str) -> list[Item]:
    """What should lie in the box, in catalogued order; without page numbers, which are to be counted."""
    _drawn(stocktakes.get(room.database, stocktake_id), box_id)
    return room.catalogue.items_in_box(box_id, clearance=access.clearance(person.roles))


@needs("count")
def count(room: Room, person: Person, stocktake_id: str, box_id: str, counted: list[Counted]) -> int:
    """How many differences were found. InputRefused unless each item of the box is said to be there or not, once."""
    _drawn(stocktakes.get(room.database, stocktake_id), box_id, open_only=True)
    inside = {item.id: item for item in items(room, person, stocktake_id, box_id)}
    if sorted(one.item_id for one in counted) != sorted(inside):
        raise InputRefused("count_every_item", "look_again")
    if any(one.pages is not None and not 0 <= one.pages <= PAGES_AT_MOST for one in counted):
        raise InputRefused("pages_impossible", "look_again")
    box = known_box(room, box_id)
    away = _away(room, box_id)
    found: list[dict[str, Any]] = []
    for one in counted:
        item = inside[one.item_id]
        if not one.there:
            kind = away.get(item.id) or away.get(item.volume_id or "") or "item_missing"
            found.append({"kind": kind, "item_id": item.id, "counted": None, "catalogued": None})
        elif one.pages is not None and one.pages != item.pages:
            pages = {"counted": one.pages, "catalogued": item.pages}
            found.append({"kind": "pages_differ", "item_id": item.id, **pages})

    def note(change: Change) -> None:
        for one in found:
            differences.add(
                change, stocktake_id, one["kind"], box.slot or box.home_slot or "",
                box_id=box_id, item_id=one["item_id"], counted=one["counted"], catalogued=one["catalogued"],
            )  # fmt: skip
        stocktakes.box_counted(change, stocktake_id, box_id, person.id, items=len(counted), differences=len(found))

    room.database.write(note)
    return len(found)


def _away(room: Room, box_id: str) -> dict[str, str]:
    """Item or volume that the index has out of the box → on_loan, or in_transit: on its way out or back."""
    found: dict[str, str] = {}
    for loan in room.loans.open_of_box(box_id):
        if loan.state in ("verified", "handed_over", "returned", "confirmed"):
            found[loan.thing_id] = "on_loan" if loan.state == "handed_over" else "in_transit"
    return found


def _drawn(now: Stocktake, box_id: str, *, open_only: bool = False) -> None:
    for one in now.boxes:
        if one.box_id == box_id:
            if open_only and (one.counted_ms is not None or now.closed_ms is not None):
                raise RuleRefused("box_counted_already", "look_again")
            return
    raise InputRefused("box_not_drawn", "look_again")
