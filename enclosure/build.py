"""``python -m enclosure.build [FOLDER]``: draws every part, checks it, and writes STEP, STL, 3MF, SVG and the wiring.

Exit 1 with one sentence for each fault: a body that is not one valid solid, a bought part that a print cuts into, a
window that is not open, a pillar that does not stand, a mesh with a hole, a print larger than the bed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from enclosure import carriage_box, panel_case, sensor_pod, solids, wiring
from enclosure.mesh import open_edges
from enclosure.params import PRINTING
from enclosure.shapes import Case, Part

FOLDER = Path("build/enclosure")
CASES = (panel_case.case, carriage_box.case, sensor_pod.case)
NOTHING_MM3 = 0.01  # rounding of the modeller


def faults_of_part(part: Part, body: Any) -> list[str]:
    found = []
    if not body.is_valid or len(body.solids()) != 1:
        found.append(f"{part.name} is not one valid body but {len(body.solids())}: a rib or pillar touches nothing")
    size = body.bounding_box().size
    if max(size.X, size.Y) > PRINTING.bed_mm:
        found.append(f"{part.name} is {size.X:.0f} × {size.Y:.0f} mm, larger than the bed of {PRINTING.bed_mm:.0f} mm")
    for pillar in part.pillars:
        wanted = solids.volume_mm3(solids.drawn(pillar.body) - solids.drawn(pillar.bore))
        there = solids.shared_mm3(body, pillar.body)
        if abs(wanted - there) > NOTHING_MM3:
            found.append(f"{part.name}: {there:.0f} of {wanted:.0f} mm³ of the pillar {pillar.name} are there")
    return found


def faults_of_case(case: Case, bodies: list[Any]) -> list[str]:
    found = []
    for part, body in zip(case.parts, bodies, strict=True):
        found += faults_of_part(part, body)
        for thing in case.bought:
            if (cut := solids.shared_mm3(body, thing)) > NOTHING_MM3:
                found.append(f"{part.name} cuts {cut:.1f} mm³ into {thing.name}: move one of them in enclosure/")
        for window in case.windows:
            if (shut := solids.shared_mm3(body, window)) > NOTHING_MM3:
                found.append(f"{part.name} stands in the opening {window.name} ({shut:.1f} mm³)")
    met = bodies[0]
    for other in bodies[1:]:
        if (both := solids.volume_mm3(met & other)) > NOTHING_MM3:
            found.append(f"{case.name}: tray and lid share {both:.1f} mm³ and cannot be closed")
    return found


def draw(case: Case, bodies: list[Any], folder: Path) -> None:
    """The tray from the front, the lid from behind, and the tray with all that is bought in its place."""
    tray, lid = bodies
    solids.picture([tray], folder / f"{case.parts[0].name}.svg", solids.INTO_TRAY)
    solids.picture([lid], folder / f"{case.parts[1].name}.svg", solids.BEHIND_LID)
    inside = [solids.drawn(thing) for thing in case.bought]
    solids.picture([tray, *inside], folder / f"{case.name}-inside.svg", solids.INTO_TRAY)


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    wiring.write(folder)
    found = []
    for make in CASES:
        case = make()
        bodies = [solids.solid(part) for part in case.parts]
        found += faults_of_case(case, bodies)
        draw(case, bodies, folder)
        for part, body in zip(case.parts, bodies, strict=True):
            solids.save(body, folder, part.name)
            if (loose := open_edges((folder / f"{part.name}.stl").read_bytes())) > 0:
                found.append(f"{part.name}.stl has {loose} open edges: a slicer would guess what is inside")
            size = body.bounding_box().size
            print(f"{part.name:15} {size.X:6.1f} × {size.Y:6.1f} × {size.Z:5.1f} mm  {body.volume / 1000:6.1f} cm³")
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    print(f"written to {folder}: STEP, STL, 3MF and SVG of each, wiring.md, chain.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
