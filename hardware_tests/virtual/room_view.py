"""The room as a person in it sees it: the plant, drawn as plain values for the room page."""

from __future__ import annotations

from typing import Any

from edge.domain.block import Layout
from edge.domain.slot_codes import Slot, parse, slot_light
from hardware_tests.virtual.people import REACH_MM
from hardware_tests.virtual.plant import Plant

Numbers = dict[str, str]  # label text of a box → the number written on its spine


def view(plant: Plant, alive: dict[int, bool], numbers: Numbers) -> dict[str, Any]:
    """``alive``: board address → whether its program runs."""
    wiring = plant.wiring
    return {
        "power": wiring.power,
        "rail_mm": plant.layout.rail_mm,
        "columns": [_column(plant, no, alive) for no in _column_numbers(plant.layout)],
        "aisles": [_aisle(plant, aisle) for aisle in plant.layout.aisles],
        "start_lamp": wiring.start_lamp,
        "start_held": wiring.buttons.is_pressed("start"),
        "key_turned": wiring.key_turned,
        "padlocked": wiring.padlocked,
        "cranked": sorted(wiring.cranked),
        "jog_column": wiring.jog_column,
        "jog_held": [way for way in ("left", "right") if wiring.buttons.is_pressed(f"jog_{way}")],
        "warning": any(out.warning for out in wiring.outputs.values()),
        "estop": wiring.estop_pressed,
        "chain": [] if wiring.chain else open_members(plant),
        "people": [
            {
                "name": person.name,
                "aisle": person.aisle,
                "in_beam": person.in_beam is not None,
                "holds": numbers.get(person.holds, person.holds) if person.holds else None,
                "label": person.holds,
                "doing": person.doing,
                "busy": person.busy,
                "trouble": person.trouble,
            }
            for person in plant.people
        ],
        "at_camera": plant.at_camera,
        "air": [
            {
                "address": address,
                "place": spot.place,
                "temp_c": round(plant.air.at(address)[0], 1),
                "rh_pct": round(plant.air.at(address)[1], 1),
                "wet": spot.wet,
            }
            for address, spot in plant.air.spots.items()
        ],
        "boards": [{"address": address, "alive": up} for address, up in sorted(alive.items())],
        "fire": wiring.fire,
        "gas": wiring.gas,
        "door_open": plant.door_open,
        "violations": [{"what": one.what, "rule": one.rule, "at": one.column} for one in plant.violations],
    }


def _column_numbers(layout: Layout) -> list[int]:
    return [column.no for column in layout.columns]


def _column(plant: Plant, no: int, alive: dict[int, bool]) -> dict[str, Any]:
    column = next(column for column in plant.layout.columns if column.no == no)
    out = plant.wiring.outputs.get(no)
    carriage = plant.rail.carriages.get(no)
    return {
        "no": no,
        "fixed": column.fixed,
        "x_mm": round(plant.rail.pose_mm()[no], 1),
        "width_mm": column.width_mm,
        "moving": bool(carriage and abs(carriage.speed_mm_s) > 0.5),
        "slot_light": out.slot_light if out else 0,
        "lamp_left": bool(out and out.aisle_lights & 1),
        "lamp_right": bool(out and out.aisle_lights & 2),
        "alive": column.address is None or alive.get(column.address, False),
    }


def _aisle(plant: Plant, aisle: int) -> dict[str, Any]:
    left, right = plant.rail.aisle_span(aisle)
    pressed = plant.wiring.buttons.is_pressed
    return {
        "no": aisle,
        "x_mm": round(left, 1),
        "gap_mm": round(right - left, 1),
        "reachable": right - left >= REACH_MM,
        "deep": pressed(("deep", aisle)),
        "mouth": pressed(("mouth", aisle)),
    }


def open_members(plant: Plant) -> list[str]:
    """Which members of the room's chain are open, for a person who wonders why nothing moves."""
    wiring = plant.wiring
    found = [name for name in ("estop_pressed", "fire", "gas", "leak", "padlocked") if getattr(wiring, name)]
    found += ["power"] if not wiring.power else []
    found += [f"crank {column}" for column in sorted(wiring.cranked)]
    for column in wiring.columns:
        found += [f"board {column}"] if wiring.outputs[column].room_drop else []
        found += [
            f"{circuit} {column}"
            for circuit in ("edge_left", "edge_right", "beam_left", "beam_right")
            if wiring.power and not wiring.circuit_closed(column, circuit)
        ]
    return found


def shelves(plant: Plant, aisle: int, numbers: Numbers) -> list[dict[str, Any]]:
    """The compartments that can be reached in an open aisle: lit ones first, each with its slots and boxes."""
    faces = [(column, face) for column, face in ((aisle, "R"), (aisle + 1, "L")) if _has_face(plant.layout, column)]
    found = []
    for column, face in faces:
        out = plant.wiring.outputs.get(column)
        lit = out.slot_light if out else 0
        standing = _standing(plant, column, face)
        for section in range(1, plant.layout.sections + 1):
            for level in range(1, plant.layout.levels + 1):
                first = Slot(plant.layout.area, column, face, section, level, 1)
                is_lit = lit == slot_light(plant.layout, first)
                boxes = standing.get((section, level), {})
                if not boxes and not is_lit:
                    continue
                found.append(
                    {
                        "name": str(first)[:-3],
                        "lit": is_lit,
                        "slots": [
                            {
                                "slot": str(Slot(plant.layout.area, column, face, section, level, position)),
                                "position": position,
                                "box": numbers.get(boxes.get(position, ""), boxes.get(position)),
                            }
                            for position in range(1, plant.layout.positions + 1)
                        ],
                    }
                )
    return sorted(found, key=lambda shelf: not shelf["lit"])


def _has_face(layout: Layout, column: int) -> bool:
    return any(other.no == column for other in layout.columns)


def _standing(plant: Plant, column: int, face: str) -> dict[tuple[int, int], dict[int, str]]:
    found: dict[tuple[int, int], dict[int, str]] = {}
    for code, label in plant.boxes.items():
        slot = parse(code)
        if (slot.column, slot.face) == (column, face):
            found.setdefault((slot.section, slot.level), {})[slot.position] = label
    return found
