"""Everything a person can physically do in the room, by the name the room page uses.

``act(plant, what, **args)`` starts it at once and returns how many plant milliseconds it will take; what cannot
be done raises ActRefused (``CODES``). Acts on boards and power supplies belong to the harness that runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edge.domain.slot_codes import Slot, aisle_of, parse
from edge.errors import InputRefused
from hardware_tests.virtual.people import (
    BODY_MM,
    CROSS_MS,
    FITS_MM,
    HANDLE_MS,
    PRESS_MS,
    REACH_MM,
    WALK_MS,
    ActRefused,
    Person,
    Step,
)
from hardware_tests.virtual.plant import Plant

CODES = (
    "unknown_act", "unknown_slot", "unknown_place", "unknown_person", "aisle_too_narrow", "aisle_does_not_exist",
    "slot_empty", "slot_taken", "hands_full", "hands_empty", "not_this_box", "no_power", "bad_arguments",
)  # fmt: skip


def act(plant: Plant, what: str, **args: Any) -> float:
    if what not in ACTS:
        raise ActRefused("unknown_act", what=what)
    try:
        return ACTS[what](plant, **args)
    except TypeError as error:
        raise ActRefused("bad_arguments", what=what, why=str(error)) from error


def _person(plant: Plant, name: str) -> Person:
    for person in plant.people:
        if person.name == name:
            return person
    raise ActRefused("unknown_person", person=name)


def _aisle(plant: Plant, aisle: int) -> int:
    if aisle not in plant.layout.aisles:
        raise ActRefused("aisle_does_not_exist", aisle=aisle)
    return int(aisle)


def _slot(plant: Plant, text: str) -> Slot:
    try:
        slot = parse(text)
    except InputRefused as error:
        raise ActRefused("unknown_slot", slot=text) from error
    if slot.area != plant.layout.area or aisle_of(slot) not in plant.layout.aisles:
        raise ActRefused("unknown_slot", slot=text)
    return slot


def _wide(plant: Plant, aisle: int, need_mm: float) -> None:
    if plant.rail.gap_mm(aisle) < need_mm:
        raise ActRefused("aisle_too_narrow", aisle=aisle, gap_mm=round(plant.rail.gap_mm(aisle)))


# --- walking ---------------------------------------------------------------------------------


def _go_in(plant: Plant, person: Person, aisle: int) -> None:
    def into_mouth() -> None:
        _wide(plant, aisle, FITS_MM)
        left, right = plant.rail.aisle_span(aisle)
        person.aisle, person.at_mm, person.in_beam = aisle, (left + right) / 2, aisle
        person.body_mm = min(BODY_MM, right - left - 20.0)

    def past_mouth() -> None:
        person.in_beam = None

    person.queue(Step(f"enters aisle {aisle}", CROSS_MS, into_mouth, past_mouth))


def _go_out(person: Person, aisle: int) -> None:
    def into_mouth() -> None:
        person.in_beam = aisle

    def out() -> None:
        person.aisle = person.in_beam = None

    person.queue(Step(f"leaves aisle {aisle}", CROSS_MS, into_mouth, out))


def _press(plant: Plant, person: Person, button: object, doing: str) -> None:
    person.queue(
        Step(doing, PRESS_MS, lambda: plant.wiring.buttons.press(button, PRESS_MS)),
        Step(doing, 100.0),
    )


def _be_in(plant: Plant, person: Person, aisle: int) -> None:
    """Queue whatever walking brings the person into ``aisle``."""
    if person.aisle == aisle and not person.busy:
        return
    if person.aisle is not None:
        _go_out(person, person.aisle)
    _go_in(plant, person, aisle)


def _be_outside(person: Person) -> None:
    if person.aisle is not None:
        _go_out(person, person.aisle)


def enter(plant: Plant, aisle: int, person: str = "A", stand_in_beam: bool = False) -> float:
    """Walk into an aisle and stay there; ``stand_in_beam``: stay in its mouth."""
    who = _person(plant, person)
    _wide(plant, _aisle(plant, aisle), FITS_MM)
    _be_in(plant, who, aisle)
    if stand_in_beam:
        who.queue(Step("stands in the beam", 0.0, lambda: setattr(who, "in_beam", aisle)))
    return who.busy_ms


def leave(plant: Plant, aisle: int | None = None, person: str | None = None) -> float:
    """Whoever stands in ``aisle`` (or the named person, wherever) comes out."""
    takes = 0.0
    for who in plant.people:
        if who.aisle is not None and aisle in (None, who.aisle) and person in (None, who.name):
            _go_out(who, who.aisle)
            takes = max(takes, who.busy_ms)
    return takes


def walk(plant: Plant, aisle: int, person: str = "A") -> float:
    """The walk-through reset of one aisle: in, look, deep button, out, mouth button. A closed one: mouth only."""
    who = _person(plant, person)
    _queue_walk(plant, who, _aisle(plant, aisle))
    return who.busy_ms


def walk_all(plant: Plant, person: str = "A") -> float:
    who = _person(plant, person)
    _be_outside(who)
    for aisle in plant.layout.aisles:
        _queue_walk(plant, who, aisle)
    return who.busy_ms


def _queue_walk(plant: Plant, who: Person, aisle: int) -> None:
    if plant.rail.gap_mm(aisle) >= FITS_MM:
        _be_in(plant, who, aisle)
        who.queue(Step(f"looks through aisle {aisle}", WALK_MS))
        _press(plant, who, ("deep", aisle), f"presses the deep button of aisle {aisle}")
        who.queue(Step(f"walks back in aisle {aisle}", WALK_MS))
        _go_out(who, aisle)
        who.queue(Step("steps aside", 300.0))
    else:
        _be_outside(who)
    _press(plant, who, ("mouth", aisle), f"presses the mouth button of aisle {aisle}")


# --- boxes -----------------------------------------------------------------------------------


def take_box(plant: Plant, slot: str, person: str = "A") -> float:
    """Walk in and take the box out of a slot; the person stays in the aisle."""
    who, place = _person(plant, person), _slot(plant, slot)
    aisle = aisle_of(place)
    _wide(plant, aisle, REACH_MM)
    if str(place) not in plant.boxes:
        raise ActRefused("slot_empty", slot=str(place))
    if who.holds is not None:
        raise ActRefused("hands_full", person=who.name)

    def take() -> None:
        _wide(plant, aisle, REACH_MM)
        if str(place) not in plant.boxes:
            raise ActRefused("slot_empty", slot=str(place))
        who.holds = plant.boxes.pop(str(place))

    _be_in(plant, who, aisle)
    who.queue(Step(f"takes the box from {place}", HANDLE_MS, end=take))
    return who.busy_ms


def put_box(plant: Plant, slot: str, person: str = "A") -> float:
    """Walk in and put the box in hand into a slot."""
    who, place = _person(plant, person), _slot(plant, slot)
    aisle = aisle_of(place)
    _wide(plant, aisle, REACH_MM)
    if str(place) in plant.boxes:
        raise ActRefused("slot_taken", slot=str(place))
    if who.holds is None:
        raise ActRefused("hands_empty", person=who.name)

    def put() -> None:
        _wide(plant, aisle, REACH_MM)
        if who.holds is None or str(place) in plant.boxes:
            raise ActRefused("slot_taken", slot=str(place))
        plant.boxes[str(place)], who.holds = who.holds, None
        if plant.at_camera == plant.boxes[str(place)]:
            plant.at_camera = None

    _be_in(plant, who, aisle)
    who.queue(Step(f"puts the box into {place}", HANDLE_MS, end=put))
    return who.busy_ms


def hold_to_camera(plant: Plant, box: str | None = None, person: str = "A", label: str | None = None) -> float:
    """Hold the box in hand to the counter camera, or take it away (``box`` None or "nothing").

    ``label``: some other labelled thing that lies at the counter, an item or a volume.
    """
    who = _person(plant, person)
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

    _be_outside(who)
    who.queue(Step("holds the box to the camera", 300.0, end=show))
    return who.busy_ms


def give_away(plant: Plant, person: str = "A") -> float:
    """The box in hand leaves the room with its reader. It comes back with ``bring_box``."""
    who = _person(plant, person)
    if who.holds is None:
        raise ActRefused("hands_empty", person=who.name)
    who.holds = plant.at_camera = None
    return 0.0


def bring_box(plant: Plant, box: str, person: str = "A") -> float:
    """Somebody hands a box over the counter."""
    who = _person(plant, person)
    if who.holds is not None:
        raise ActRefused("hands_full", person=who.name)
    if box in plant.boxes.values() or any(other.holds == box for other in plant.people):
        raise ActRefused("not_this_box", holds=None)
    who.holds = box
    return 0.0


def swap_boxes(plant: Plant, slot: str, other: str) -> float:
    """Somebody shelved wrongly: two slots change their boxes (empty counts too). Happened while nobody looked."""
    first, second = str(_slot(plant, slot)), str(_slot(plant, other))
    boxes = {first: plant.boxes.pop(second, None), second: plant.boxes.pop(first, None)}
    plant.boxes.update({place: box for place, box in boxes.items() if box is not None})
    return 0.0


# --- buttons, circuits, air --------------------------------------------------------------------


def start_press(plant: Plant) -> float:
    plant.wiring.buttons.press("start", PRESS_MS)
    return PRESS_MS


def start_hold(plant: Plant) -> float:
    plant.wiring.buttons.held.add("start")
    return 0.0


def start_release(plant: Plant) -> float:
    plant.wiring.buttons.held.discard("start")
    return 0.0


def reset_press(plant: Plant) -> float:
    plant.wiring.buttons.press("reset", PRESS_MS)
    return PRESS_MS


def press_button(plant: Plant, which: str, aisle: int) -> float:
    """One press of an aisle's "deep" or "mouth" button, wherever the person is: for trying to cheat the walk."""
    if which not in ("deep", "mouth"):
        raise ActRefused("bad_arguments", what="press_button", why=which)
    plant.wiring.buttons.press((which, _aisle(plant, aisle)), PRESS_MS)
    return PRESS_MS


def estop_press(plant: Plant) -> float:
    plant.wiring.estop_pressed = True
    return 0.0


def estop_release(plant: Plant) -> float:
    plant.wiring.estop_pressed = False
    return 0.0


def fire(plant: Plant, on: bool = True) -> float:
    plant.wiring.fire = bool(on)
    return 0.0


def gas(plant: Plant, on: bool = True) -> float:
    plant.wiring.gas = bool(on)
    return 0.0


def wet(plant: Plant, place: str | int, on: bool = True) -> float:
    """``place``: a sensor board's address or the name of its place."""
    for address, spot in plant.air.spots.items():
        if place in (address, str(address), spot.place):
            spot.wet = bool(on)
            return 0.0
    raise ActRefused("unknown_place", place=place)


def humidity(plant: Plant, rh_pct: float) -> float:
    plant.air.set_humidity(float(rh_pct))
    return 0.0


def temperature(plant: Plant, temp_c: float) -> float:
    plant.air.set_temperature(float(temp_c))
    return 0.0


def light(plant: Plant, lux: float) -> float:
    plant.air.lux = float(lux)
    return 0.0


def crank(plant: Plant, column: int, inserted: bool = True) -> float:
    """Put the crank into a carriage or take it out."""
    if column not in plant.rail.carriages:
        raise ActRefused("bad_arguments", what="crank", why=f"column {column}")
    (plant.wiring.cranked.add if inserted else plant.wiring.cranked.discard)(column)
    return 0.0


def push(plant: Plant, column: int, by_mm: float) -> float:
    """Move a carriage by hand (crank in or brake slipping) by ``by_mm``, as far as its neighbours let it."""
    if column not in plant.rail.carriages:
        raise ActRefused("bad_arguments", what="push", why=f"column {column}")
    carriage = plant.rail.carriages[column]
    room = plant.rail.gap_mm(column) if by_mm > 0 else plant.rail.gap_mm(column - 1)
    moved = max(-room, min(room, float(by_mm)))
    carriage.x_mm += moved
    carriage.wheel_mm += moved
    return 0.0


# --- counter and door --------------------------------------------------------------------------


def card(plant: Plant, uid_hex: str) -> float:
    plant.on_card(uid_hex)
    return 0.0


def scan(plant: Plant, text: str) -> float:
    plant.on_scan(text)
    return 0.0


def scan_slot(plant: Plant, slot: str, person: str = "A") -> float:
    """Scan the label on a slot's shelf edge: the aisle must be open."""
    who, place = _person(plant, person), _slot(plant, slot)
    _wide(plant, aisle_of(place), FITS_MM)
    _be_in(plant, who, aisle_of(place))
    text = plant.slot_labels.get(str(place), str(place))
    who.queue(Step(f"scans {place}", 300.0, end=lambda: plant.on_scan(text)))
    return who.busy_ms


def door_open(plant: Plant, on: bool = True) -> float:
    plant.door_open = bool(on)
    return 0.0


def door_close(plant: Plant) -> float:
    return door_open(plant, on=False)


ACTS: dict[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        enter, leave, walk, walk_all, take_box, put_box, hold_to_camera, give_away, bring_box, swap_boxes,
        start_press, start_hold, start_release, reset_press, press_button, estop_press, estop_release, fire, gas, wet,
        humidity, temperature, light, crank, push, card, scan, scan_slot, door_open, door_close,
    )
}  # fmt: skip
