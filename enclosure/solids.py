"""Draws a part of a case as a solid body, and weighs what lies in it. The only file that imports build123d."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from build123d import (
    Align,
    Axis,
    Box,
    Compound,
    Cylinder,
    ExportSVG,
    Mesher,
    Pos,
    Rot,
    export_step,
    export_stl,
    fillet,
)

from enclosure.shapes import AXES, Part, Rod, Shape

MESH_MM = 0.05  # a print's layer is four times as coarse
INTO_TRAY = (-0.55, -0.85, 1.1)
BEHIND_LID = (-0.55, -0.85, -1.1)
EYE_MM = 1000.0
LINE_MM = 0.6


def drawn(shape: Shape) -> Any:
    if isinstance(shape, Rod):
        turn = {"x": Rot(0, 90, 0), "y": Rot(-90, 0, 0), "z": Rot(0, 0, 0)}[shape.axis]
        middle = [mm + (shape.length_mm / 2 if AXES[no] == shape.axis else 0) for no, mm in enumerate(shape.at_mm)]
        return Pos(*middle) * turn * Cylinder(shape.diameter_mm / 2, shape.length_mm)
    body: Any = Box(*shape.size_mm, align=(Align.CENTER,) * 3)
    if shape.radius_mm:
        body = fillet(body.edges().filter_by(Axis.Z), shape.radius_mm)
    return Pos(*shape.middle_mm) * Rot(0, 0, shape.tilt_deg) * body


def solid(part: Part) -> Any:
    body = drawn(part.outer)
    for less in part.hollows:
        body = body - drawn(less)
    more = [drawn(shape) for shape in part.ribs] + [drawn(pillar.body) for pillar in part.pillars]
    if more:
        body = body + more
    cuts = [drawn(shape) for shape in part.cuts] + [drawn(pillar.bore) for pillar in part.pillars]
    return body - cuts if cuts else body


def shared_mm3(body: Any, shape: Shape) -> float:
    """Volume that a body and a shape have in common."""
    return volume_mm3(body & drawn(shape))


def volume_mm3(met: Any) -> float:
    """Of what an intersection left: nothing, one body or several."""
    if met is None:
        return 0.0
    return float(sum(one.volume for one in met.solids()))


def save(body: Any, folder: Path, name: str) -> None:
    """STEP to go on with, STL and 3MF to print."""
    export_step(body, str(folder / f"{name}.step"))
    export_stl(body, str(folder / f"{name}.stl"), tolerance=MESH_MM)
    mesh = Mesher()
    mesh.add_shape(body, linear_deflection=MESH_MM)
    mesh.write(str(folder / f"{name}.3mf"))


def picture(bodies: Iterable[Any], file: Path, seen_from: tuple[float, float, float]) -> None:
    """Visible lines only. ``seen_from``: direction from the middle to the eye."""
    scene = Compound([one for body in bodies for one in body.solids()])
    middle = scene.bounding_box().center()
    eye = tuple(at + EYE_MM * step for at, step in zip(middle, seen_from, strict=True))
    lines, _ = scene.project_to_viewport(eye, look_at=middle)
    sheet = ExportSVG(margin=4, line_weight=LINE_MM)
    sheet.add_shape(lines)
    sheet.write(str(file))
