"""What a hand or the weather does: buttons, e-stop, crank, fire contact, water, air, cards and codes, the door."""

from __future__ import annotations

from hardware_tests.virtual.people import PRESS_MS, ActRefused, Step
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.rail import OnFloor
from hardware_tests.virtual.walking import must_be_wide, the_aisle, the_person

CRANK_MS = 2000
OF_AISLE = ("deep", "mouth", "choose")  # buttons at each aisle


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


def key(plant: Plant, turned: bool = True) -> float:
    """Turn the block's maintenance key, or turn it back."""
    plant.wiring.key_turned = bool(turned)
    return 0.0


def padlock(plant: Plant, on: bool = True) -> float:
    """Open the isolator and hang a padlock in it, or take it off and close the isolator."""
    plant.wiring.padlocked = bool(on)
    return 0.0


def jog_hold(plant: Plant, column: int, way: str) -> float:
    """Name a carriage at the local control point and hold its left or right button until ``jog_release``."""
    if column not in plant.rail.carriages or way not in ("left", "right"):
        raise ActRefused("bad_arguments", what="jog_hold", why=f"column {column} {way}")
    plant.wiring.jog_column = column
    plant.wiring.buttons.held.add("jog_" + way)
    return 0.0


def jog_release(plant: Plant) -> float:
    plant.wiring.buttons.held -= {"jog_left", "jog_right"}
    return 0.0


def press_button(plant: Plant, which: str, aisle: int) -> float:
    """One press of an aisle's "deep", "mouth" or "choose" button, wherever the person is: also to cheat the walk."""
    if which not in OF_AISLE:
        raise ActRefused("bad_arguments", what="press_button", why=which)
    plant.wiring.buttons.press((which, the_aisle(plant, aisle)), PRESS_MS)
    return PRESS_MS


def hold_button(plant: Plant, which: str, aisle: int | None = None) -> float:
    """Keep a button pressed until ``let_go``: start, reset, or an aisle's deep, mouth or choose."""
    if which not in ("start", "reset", *OF_AISLE) or (aisle is None) == (which in OF_AISLE):
        raise ActRefused("bad_arguments", what="hold_button", why=which)
    plant.wiring.buttons.held.add(which if aisle is None else (which, the_aisle(plant, aisle)))
    return 0.0


def hand_in_beam(plant: Plant, aisle: int) -> float:
    """A hand in the mouth of an aisle, open or closed, until ``let_go``."""
    aisle = the_aisle(plant, aisle)
    plant.hands |= {(aisle, "beam_right"), (aisle + 1, "beam_left")}
    return 0.0


def edge_press(plant: Plant, column: int, side: str) -> float:
    """A hand presses the safety edge of one face until ``let_go``."""
    if column not in plant.rail.carriages or side not in ("left", "right"):
        raise ActRefused("bad_arguments", what="edge_press", why=f"column {column} {side}")
    plant.hands.add((column, "edge_" + side))
    return 0.0


BODIES_MM = {"standing": 300.0, "kneeling": 300.0, "lying": 200.0, "arm": 80.0}  # test bodies, across the aisle
BODY_AHEAD_MM = 35.0


def put_body(plant: Plant, body: str, place: str, column: int, side: str) -> float:
    """A test body on the floor before one face of a carriage; ``place`` mouth, middle or end of the aisle."""
    if body not in BODIES_MM or place not in ("mouth", "middle", "end") or column not in plant.rail.carriages:
        raise ActRefused("bad_arguments", what="put_body", why=f"{body} {place}")
    carriage, width, aisle = plant.rail.carriages[column], BODIES_MM[body], column - 1 if side == "left" else column
    must_be_wide(plant, aisle, width + BODY_AHEAD_MM)
    left = carriage.x_mm - BODY_AHEAD_MM - width if side == "left" else carriage.right_mm + BODY_AHEAD_MM
    plant.obstacles["test body"] = OnFloor("test body", left, left + width)
    if place == "mouth":
        hand_in_beam(plant, aisle)
    return 0.0


def take_body(plant: Plant) -> float:
    """The test body is taken out of the aisle."""
    plant.obstacles.pop("test body", None)
    plant.hands.clear()
    return 0.0


def let_go(plant: Plant) -> float:
    """Every hand off every button, edge and beam."""
    plant.hands.clear()
    plant.wiring.buttons.held.clear()
    return 0.0


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


def crank_closed(plant: Plant, aisle: int, person: str = "A") -> float:
    """Crank in, turned until the aisle is closed, crank out: for an aisle that stands open too little to walk.

    Of its two carriages the one with the wider gap behind it: the free rail goes where one can walk, not into the next
    closed aisle.
    """
    who = the_person(plant, person)
    here, rail = the_aisle(plant, aisle), plant.rail
    behind_mm = {no: rail.gap_mm(far) for no, far in ((here, here - 1), (here + 1, here + 1)) if no in rail.carriages}
    column = max(behind_mm, key=lambda no: behind_mm[no])
    way = 1 if column == here else -1
    if any(other.ends_in == aisle or other.aisle == aisle for other in plant.people):
        raise ActRefused("somebody_inside", aisle=aisle)

    def turn() -> None:
        push(plant, column, way * rail.gap_mm(aisle))
        crank(plant, column, inserted=False)

    who.queue(Step(f"crank {aisle}", CRANK_MS, lambda: crank(plant, column), turn))
    return who.busy_ms


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


def card(plant: Plant, uid_hex: str) -> float:
    plant.on_card(uid_hex)
    return 0.0


def scan(plant: Plant, text: str) -> float:
    plant.on_scan(text)
    return 0.0


def door_open(plant: Plant, on: bool = True) -> float:
    plant.door_open = bool(on)
    return 0.0


def door_close(plant: Plant) -> float:
    return door_open(plant, on=False)
