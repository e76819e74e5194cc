"""What a technician at the virtual block sees with the eyes and reads off an instrument: physical truth only."""

from __future__ import annotations

from typing import Any

from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.rail import EDGE_FORCE_N, EDGE_TRAVEL_MM, PUSH_N

INSTRUMENTS = {"edge_force_n": EDGE_FORCE_N, "edge_overtravel_mm": EDGE_TRAVEL_MM, "release_n": PUSH_N}


def seen(plant: Plant, what: str, **args: Any) -> bool:
    """``lamp`` with an aisle: whether its lamp is lit, on every board beside it, and no other aisle's."""
    if what != "lamp":
        raise KeyError(what)
    return lit_aisles(plant) == {args["aisle"]}


def lit_aisles(plant: Plant) -> set[int]:
    """An aisle has a lamp on each of its carriages; one of the two is enough to light it, half of it is dark."""
    lit: set[int] = set()
    for column, out in plant.wiring.outputs.items():
        lit |= {column - 1} if out.aisle_lights & 1 else set()
        lit |= {column} if out.aisle_lights & 2 else set()
    return lit


def measured(what: str) -> float:
    """N, mm or a count; every carriage of the virtual block is built alike."""
    return {**INSTRUMENTS, "estops": 1.0, "skew_switches": 1.0}[what]
