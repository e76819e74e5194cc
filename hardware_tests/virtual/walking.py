"""Walking: into aisles, out of them, and through every one with its reset buttons. Times are plant milliseconds."""

from __future__ import annotations

from hardware_tests.virtual.people import (
    BODY_MM,
    CROSS_MS,
    FITS_MM,
    PRESS_MS,
    WALK_MS,
    ActRefused,
    Person,
    Step,
)
from hardware_tests.virtual.plant import Plant


def the_person(plant: Plant, name: str) -> Person:
    for person in plant.people:
        if person.name == name:
            return person
    raise ActRefused("unknown_person", person=name)


def the_aisle(plant: Plant, aisle: int) -> int:
    if aisle not in plant.layout.aisles:
        raise ActRefused("aisle_does_not_exist", aisle=aisle)
    return int(aisle)


def must_be_wide(plant: Plant, aisle: int, need_mm: float) -> None:
    if plant.rail.gap_mm(aisle) < need_mm:
        raise ActRefused("aisle_too_narrow", aisle=aisle, gap_mm=round(plant.rail.gap_mm(aisle)))


def _go_in(plant: Plant, person: Person, aisle: int) -> None:
    def into_mouth() -> None:
        must_be_wide(plant, aisle, FITS_MM)
        left, right = plant.rail.aisle_span(aisle)
        person.aisle, person.at_mm, person.in_beam = aisle, (left + right) / 2, aisle
        person.body_mm = min(BODY_MM, right - left - 20.0)

    def past_mouth() -> None:
        person.in_beam = None

    person.ends_in = aisle
    person.queue(Step(f"enter {aisle}", CROSS_MS, into_mouth, past_mouth))


def _go_out(person: Person, aisle: int) -> None:
    def into_mouth() -> None:
        person.in_beam = aisle

    def out() -> None:
        person.aisle = person.in_beam = None

    person.ends_in = None
    person.queue(Step(f"leave {aisle}", CROSS_MS, into_mouth, out))


def _press(plant: Plant, person: Person, button: object, doing: str) -> None:
    person.queue(
        Step(doing, PRESS_MS, lambda: plant.wiring.buttons.press(button, PRESS_MS)),
        Step(doing, 100.0),
    )


def go_into(plant: Plant, person: Person, aisle: int) -> None:
    """Queue whatever walking brings the person into ``aisle``."""
    if person.ends_in == aisle:
        return
    go_outside(person)
    _go_in(plant, person, aisle)


def go_outside(person: Person) -> None:
    if person.ends_in is not None:
        _go_out(person, person.ends_in)


def enter(plant: Plant, aisle: int, person: str = "A", stand_in_beam: bool = False) -> float:
    """Walk into an aisle and stay there; ``stand_in_beam``: stay in its mouth."""
    who = the_person(plant, person)
    must_be_wide(plant, the_aisle(plant, aisle), FITS_MM)
    go_into(plant, who, aisle)
    if stand_in_beam:
        who.queue(Step("beam", 0.0, lambda: setattr(who, "in_beam", aisle)))
    return who.busy_ms


def leave(plant: Plant, aisle: int | None = None, person: str | None = None) -> float:
    """Whoever stands in ``aisle`` (or the named person, wherever) comes out."""
    takes = 0.0
    for who in plant.people:
        if who.ends_in is not None and aisle in (None, who.ends_in) and person in (None, who.name):
            go_outside(who)
            takes = max(takes, who.busy_ms)
    return takes


def walk(plant: Plant, aisle: int, person: str = "A") -> float:
    """The walk-through reset of one aisle: in, look, deep button, out, mouth button. A closed one: mouth only."""
    who = the_person(plant, person)
    _queue_walk(plant, who, the_aisle(plant, aisle))
    return who.busy_ms


def walk_all(plant: Plant, person: str = "A") -> float:
    who = the_person(plant, person)
    go_outside(who)
    for aisle in plant.layout.aisles:
        _queue_walk(plant, who, aisle)
    return who.busy_ms


def _queue_walk(plant: Plant, who: Person, aisle: int) -> None:
    if plant.rail.gap_mm(aisle) >= FITS_MM:
        go_into(plant, who, aisle)
        who.queue(Step(f"look {aisle}", WALK_MS))
        _press(plant, who, ("deep", aisle), f"deep {aisle}")
        who.queue(Step(f"back {aisle}", WALK_MS))
        _go_out(who, aisle)
        who.queue(Step("aside", 300.0))
    else:
        go_outside(who)
    _press(plant, who, ("mouth", aisle), f"mouth {aisle}")
