"""Everything a person can physically do in the room, by the name the room page uses.

``act(plant, what, **args)`` starts it at once and returns how many plant milliseconds it will take; what cannot
be done raises ActRefused (``CODES``). Acts on boards and power supplies belong to the harness that runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardware_tests.virtual import carrying, touching, walking
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.plant import Plant

CODES = (
    "unknown_act", "unknown_slot", "unknown_place", "unknown_person", "aisle_too_narrow", "aisle_does_not_exist",
    "slot_empty", "slot_taken", "hands_full", "hands_empty", "not_this_box", "no_power",
    "bad_arguments", "somebody_inside",
)  # fmt: skip


ACTS: dict[str, Callable[..., float]] = {
    function.__name__: function
    for function in (
        walking.enter, walking.leave, walking.walk, walking.walk_all,
        carrying.take_box, carrying.put_box, carrying.hold_to_camera, carrying.give_away, carrying.bring_box,
        carrying.swap_boxes, carrying.scan_slot,
        touching.start_press, touching.start_hold, touching.start_release, touching.reset_press,
        touching.key, touching.padlock, touching.jog_hold, touching.jog_release,
        touching.press_button, touching.hold_button, touching.hand_in_beam, touching.edge_press, touching.let_go,
        touching.put_body, touching.take_body, touching.estop_press, touching.estop_release, touching.fire,
        touching.gas, touching.wet, touching.humidity, touching.temperature, touching.light, touching.crank,
        touching.crank_closed, touching.push, touching.card, touching.scan, touching.door_open, touching.door_close,
    )
}  # fmt: skip


def act(plant: Plant, what: str, **args: Any) -> float:
    if what not in ACTS:
        raise ActRefused("unknown_act", what=what)
    try:
        return ACTS[what](plant, **args)
    except TypeError as error:
        raise ActRefused("bad_arguments", what=what, why=str(error)) from error
