"""What stays where it is when the bench is switched off: carriages, boxes, what people hold."""

from __future__ import annotations

import json
from pathlib import Path

from hardware_tests.virtual.plant import Plant


def save(plant: Plant, path: Path) -> None:
    """Written beside and renamed: a killed bench leaves the old world or the new one."""
    world = {
        "x_mm": {str(no): carriage.x_mm for no, carriage in plant.rail.carriages.items()},
        "boxes": plant.boxes,
        "holds": {person.name: person.holds for person in plant.people},
        "temp_c": plant.air.temp_c,
        "rh_pct": plant.air.rh_pct,
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(world))
    fresh.replace(path)


def restore(plant: Plant, path: Path) -> bool:
    """Put the saved world into ``plant``. False when there is none."""
    if not path.exists():
        return False
    world = json.loads(path.read_text())
    for no, x_mm in world["x_mm"].items():
        plant.rail.carriages[int(no)].x_mm = x_mm
    plant.boxes = dict(world["boxes"])
    for person in plant.people:
        person.holds = world["holds"].get(person.name)
    plant.air.temp_c = plant.air.set_temp_c = world["temp_c"]
    plant.air.rh_pct = plant.air.set_rh_pct = world["rh_pct"]
    return True
