"""Boxes: taken from a slot, held to the counter camera, put back, given away; and the label scanned at a slot."""

from __future__ import annotations

from edge.domain.slot_codes import Slot, aisle_of, parse
from edge.errors import InputRefused
from hardware_tests.virtual.people import FITS_MM, HANDLE_MS, REACH_MM, ActRefused, Step
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.walking import go_into, go_outside, must_be_wide, the_person


def the_slot(plant: Plant, text: str) -> Slot:
    try:
        slot = parse(text)
    except InputRefused as error:
        raise ActRefused("unknown_slot", slot=text) from error
    if slot.area != plant.layout.area or aisle_of(slot) not in plant.layout.aisles:
        raise ActRefused("unknown_slot", slot=text)
    return slot


def take_box(plant: Plant, slot: str, person: str = "A") -> float:
    """Walk in and take the box out of a slot; the person stays in the aisle."""
    who, place = the_person(plant, person), the_slot(plant, slot)
    aisle = aisle_of(place)
    must_be_wide(plant, aisle, REACH_MM)
    if str(place) not in plant.boxes:
        raise ActRefused("slot_empty", slot=str(place))
    if who.holds is not None:
        raise ActRefused("hands_full", person=who.name)

    def take() -> None:
        must_be_wide(plant, aisle, REACH_MM)
        if str(place) not in plant.boxes:
            raise ActRefused("slot_empty", slot=str(place))
        who.holds = plant.boxes.pop(str(place))

    go_into(plant, who, aisle)
    who.queue(Step(f"take {place}", HANDLE_MS, end=take))
    return who.busy_ms


def put_box(plant: Plant, slot: str, person: str = "A") -> float:
    """Walk in and put the box in hand into a slot."""
    who, place = the_person(plant, person), the_slot(plant, slot)
    aisle = aisle_of(place)
    must_be_wide(plant, aisle, REACH_MM)
    if str(place) in plant.boxes:
        raise ActRefused("slot_taken", slot=str(place))
    if who.holds is None:
        raise ActRefused("hands_empty", person=who.name)

    def put() -> None:
        must_be_wide(plant, aisle, REACH_MM)
        if who.holds is None or str(place) in plant.boxes:
            raise ActRefused("slot_taken", slot=str(place))
        plant.boxes[str(place)], who.holds = who.holds, None
        if plant.at_camera == plant.boxes[str(place)]:
            plant.at_camera = None

    go_into(plant, who, aisle)
    who.queue(Step(f"put {place}", HANDLE_MS, end=put))
    return who.busy_ms


def hold_to_camera(plant: Plant, box: str | None = None, person: str = "A", label: str | None = None) -> float:
    """Hold the box in hand to the counter camera, or take it away (``box`` None or "nothing").

    ``label``: some other labelled thing that lies at the counter, an item or a volume.
    """
    who = the_person(plant, person)
    if label is not None:
        plant.at_camera = label
        return 0.0
    if box in (None, "", "nothing"):
        plant.at_camera = None
        return 0.0
    if who.holds is None:
        raise ActRefused("hands_empty", person=who.name)
    if box not in (who.holds, "in_hand"):
        raise ActRefused("not_this_box", holds=who.holds)

    def show() -> None:
        plant.at_camera = who.holds

    go_outside(who)
    who.queue(Step("show", 300.0, end=show))
    return who.busy_ms


def give_away(plant: Plant, person: str = "A") -> float:
    """The box in hand leaves the room with its reader. It comes back with ``bring_box``."""
    who = the_person(plant, person)
    if who.holds is None:
        raise ActRefused("hands_empty", person=who.name)
    who.holds = plant.at_camera = None
    return 0.0


def bring_box(plant: Plant, box: str, person: str = "A") -> float:
    """Somebody hands a box over the counter."""
    who = the_person(plant, person)
    if who.holds is not None:
        raise ActRefused("hands_full", person=who.name)
    if box in plant.boxes.values() or any(other.holds == box for other in plant.people):
        raise ActRefused("not_this_box", holds=None)
    who.holds = box
    return 0.0


def swap_boxes(plant: Plant, slot: str, other: str) -> float:
    """Somebody shelved wrongly: two slots change their boxes (empty counts too). Happened while nobody looked."""
    first, second = str(the_slot(plant, slot)), str(the_slot(plant, other))
    boxes = {first: plant.boxes.pop(second, None), second: plant.boxes.pop(first, None)}
    plant.boxes.update({place: box for place, box in boxes.items() if box is not None})
    return 0.0


def scan_slot(plant: Plant, slot: str, person: str = "A") -> float:
    """Scan the label on a slot's shelf edge: the aisle must be open."""
    who, place = the_person(plant, person), the_slot(plant, slot)
    must_be_wide(plant, aisle_of(place), FITS_MM)
    go_into(plant, who, aisle_of(place))
    text = plant.slot_labels.get(str(place), str(place))
    who.queue(Step(f"scan {place}", 300.0, end=lambda: plant.on_scan(text)))
    return who.busy_ms
