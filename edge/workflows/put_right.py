"""A misplaced box goes where it belongs: take it from here, put it there; both ends are scanned.

The index names the place where the box belongs all the while; only what is seen on the shelf changes.
"""

from __future__ import annotations

from edge.domain.label_check import ours
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places, differences
from edge.store.database import Change
from edge.store.stocktakes import Difference
from edge.workflows.find import known_box
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.shelve import slot_read
from edge.workflows.stocktake import refuse_frozen


def step(room: Room, person: Person, difference_id: str, text: str) -> Difference:
    """Whichever is next: the box is taken, or put."""
    in_hand = _misplaced(room, difference_id).state == "in_hand"
    return (put if in_hand else take)(room, person, difference_id, text)


def scan(room: Room, person: Person, difference_id: str) -> Difference:
    """The same with everything the hand scanner in the aisle read since the last call."""
    difference = _misplaced(room, difference_id)
    for text in room.scanner.scans():
        difference = step(room, person, difference_id, text)
    return difference


@needs("count")
def take(room: Room, person: Person, difference_id: str, text: str) -> Difference:
    """The box's label, scanned where it stands wrongly. RuleRefused ``wrong_box`` for another one."""
    difference = _misplaced(room, difference_id)
    refuse_frozen(room.database, difference.slot)
    refuse_frozen(room.database, difference.belongs)
    box = known_box(room, difference.box_id or "")
    if ours([text], "B") != [box.label]:
        raise RuleRefused("wrong_box_in_hand", "take_right_box", box_no=box.box_no, slot=difference.slot)
    other = room.catalogue.box_in_slot(difference.belongs)
    if other is not None and other.id != box.id:
        raise RuleRefused("slot_taken", "put_other_right_first", slot=difference.belongs, box_no=other.box_no)
    return room.database.write(lambda change: differences.set_state(change, difference_id, "in_hand", person.id))


@needs("count")
def put(room: Room, person: Person, difference_id: str, text: str) -> Difference:
    """The label of the slot it now stands in: its own, or the one it was taken from, and it is to be put right still.
    RuleRefused ``wrong_slot`` (expected, seen) for any other.
    """
    difference = _misplaced(room, difference_id)
    refuse_frozen(room.database, difference.belongs)
    seen = slot_read(room, text)
    box = known_box(room, difference.box_id or "")
    if seen == difference.slot:
        return room.database.write(lambda change: differences.set_state(change, difference_id, "open", person.id))
    if seen != difference.belongs:
        raise RuleRefused("wrong_slot", "go_to_right_slot", expected=difference.belongs, seen=seen, box_no=box.box_no)

    def righted(change: Change) -> Difference:
        if box.slot != seen:
            box_places.place_box(change, box.id, seen, person.id, f"put right {difference_id}")
        return differences.set_state(change, difference_id, "righted", person.id, to=seen)

    return room.database.write(righted)


def _misplaced(room: Room, difference_id: str) -> Difference:
    difference = differences.get(room.database, difference_id)
    if difference.kind != "misplaced" or not difference.belongs:
        raise InputRefused("not_misplaced", "look_again")
    return difference
