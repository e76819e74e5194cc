"""Things that break, by name, for tests and for ``storeroom-bench inject``. ``on=False`` mends them.

Faults of the bus are in medium.py, of boards and power in the harness.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.plant import Plant
from hardware_tests.virtual.rail import OnFloor
from hardware_tests.virtual.wiring import SUPPLY_MV


def welded_contactor(plant: Plant, column: int, which: int = 0, on: bool = True) -> None:
    """Contactor ``which`` (0 or 1) of one carriage no longer drops out."""
    plant.wiring.contactors[column][which].welded = on


def stuck_button(plant: Plant, button: str, aisle: int | None = None, on: bool = True) -> None:
    """``button``: start, reset, or deep/mouth with an aisle: stays pressed."""
    name: object = button if aisle is None else (button, aisle)
    (plant.wiring.buttons.stuck.add if on else plant.wiring.buttons.stuck.discard)(name)


def silent_circuit(plant: Plant, column: int, circuit: str, on: bool = True) -> None:
    """A circuit that no longer opens: edge_left, edge_right, beam_left, beam_right or estop, shorted; or a contact
    whose opto-coupler conducts for good: crank, level, straight, fire, gas or leak."""
    (plant.wiring.silent.add if on else plant.wiring.silent.discard)((column, circuit))


def broken_circuit(plant: Plant, column: int, circuit: str, on: bool = True) -> None:
    """A circuit that stays open: its wire is broken."""
    (plant.wiring.broken.add if on else plant.wiring.broken.discard)((column, circuit))


def gap_sensor(plant: Plant, column: int, side: str, milliamps: float = 0.0, on: bool = True) -> None:
    """The laser of one face says this current whatever the gap is; 0 = silent."""
    if on:
        plant.gap_ma[column, side] = milliamps
    else:
        plant.gap_ma.pop((column, side), None)


def slipping(plant: Plant, column: int, share: float = 0.3, on: bool = True) -> None:
    """The drive wheel slips: this share of its turns moves nothing."""
    plant.rail.carriages[column].slip = share if on else 0.0


def jammed(plant: Plant, column: int, on: bool = True) -> None:
    """Something holds the carriage: the motor stalls."""
    plant.rail.carriages[column].jammed = on


def uncoupled(plant: Plant, column: int, on: bool = True) -> None:
    """The coupling is broken: the motor turns, the carriage stands."""
    plant.rail.carriages[column].uncoupled = on


def crossed_leads(plant: Plant, column: int, on: bool = True) -> None:
    """The motor's two leads are swapped: it drives the other way."""
    plant.rail.carriages[column].crossed = on


def shorted_winding(plant: Plant, column: int, milliamps: float = 12000.0, on: bool = True) -> None:
    """So much current goes past the windings while the motor has voltage."""
    plant.rail.carriages[column].short_ma = milliamps if on else 0.0


def obstacle(plant: Plant, aisle: int, width_mm: float = 200.0, on: bool = True) -> None:
    """A step-stool in the middle of an aisle."""
    name = f"obstacle {aisle}"
    plant.obstacles.pop(name, None)
    if on:
        left, right = plant.rail.aisle_span(aisle)
        if right - left < width_mm:
            raise ActRefused("aisle_too_narrow", aisle=aisle, gap_mm=round(right - left))
        middle = (left + right) / 2
        plant.obstacles[name] = OnFloor(name, middle - width_mm / 2, middle + width_mm / 2)


def supply(plant: Plant, millivolts: int = 18000, on: bool = True) -> None:
    """The drive supply sags to this."""
    plant.wiring.supply_mv = millivolts if on else SUPPLY_MV


def tilted(plant: Plant, column: int, on: bool = True) -> None:
    """The tilt and shock switch of one carriage opens."""
    (plant.wiring.tilted.add if on else plant.wiring.tilted.discard)(column)


def far_end_held(plant: Plant, column: int, on: bool = True) -> None:
    """Something holds the end of one carriage that is not driven: it goes askew as it moves, until it is freed."""
    carriage = plant.rail.carriages[column]
    carriage.far_end_at_mm = carriage.x_mm if on else None


def skew_switch(plant: Plant, column: int, on: bool = True) -> None:
    """A hand moves the lever of one carriage's skew switch."""
    (plant.wiring.skew_levers.add if on else plant.wiring.skew_levers.discard)(column)


def silent_sensors(plant: Plant, address: int, on: bool = True) -> None:
    """A sensor board's I2C bus no longer answers."""
    plant.air.spots[address].silent = on


def running_motor(plant: Plant, column: int, duty: float = 0.5, on: bool = True) -> None:
    """A bridge that has failed: it drives whatever its board asks for."""
    plant.wiring.failed_bridges.pop(column, None)
    if on:
        plant.wiring.failed_bridges[column] = duty


NAMES: dict[str, Callable[..., None]] = {
    function.__name__: function
    for function in (
        welded_contactor, stuck_button, silent_circuit, broken_circuit, gap_sensor, slipping, jammed, uncoupled,
        crossed_leads, shorted_winding, obstacle, supply, tilted, far_end_held, skew_switch, silent_sensors,
        running_motor,
    )
}  # fmt: skip


def inject(plant: Plant, fault: str, **args: Any) -> float:
    try:
        NAMES[fault](plant, **args)
    except (TypeError, KeyError) as error:
        raise ActRefused("bad_arguments", what=fault, why=str(error)) from error
    return 0.0
