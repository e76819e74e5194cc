"""A small drawing under a register's table: bands, curves, a grid, and dashed the bounds not to be crossed."""

from __future__ import annotations

from dataclasses import dataclass

from fpdf.enums import Align

from edge.paper.document import Document

CAPTION_PT, SCALE_PT = 9.0, 7.0
_CAPTION_MM = 5.0

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A line from side to side. ``y``: from the top, in the drawing's own units."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """``bands``: closed; ``curves``: open; both in units of ``width`` × ``height``, origin top left."""

    width: float
    height: float
    grid: tuple[Level, ...]
    bounds: tuple[Level, ...]
    bands: tuple[Points, ...]
    curves: tuple[Points, ...]


def draw(
    document: Document, drawing: Drawing, caption: str, x_mm: float, y_mm: float, width_mm: float, height_mm: float
) -> None:
    """``height_mm``: with its caption."""
    document.text(x_mm, y_mm, caption, document.fitting_pt(caption, width_mm, CAPTION_PT))
    top_mm, tall_mm = y_mm + _CAPTION_MM, height_mm - _CAPTION_MM

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return x_mm + point[0] / drawing.width * width_mm, top_mm + point[1] / drawing.height * tall_mm

    for band in drawing.bands:
        document.shade([at(point) for point in band])
    right_mm = x_mm + width_mm
    for level in drawing.grid:
        _x, y = at((0, level.y))
        document.line(x_mm, y, right_mm, y, 0.1)
        document.text(x_mm + 0.5, y - 3, level.text, SCALE_PT)
    for level in drawing.bounds:
        _x, y = at((0, level.y))
        document.line(x_mm, y, right_mm, y, 0.3, dashed=True)
        document.text(right_mm - 0.5, y - 3, level.text, SCALE_PT, Align.R)
    for curve in drawing.curves:
        document.curve([at(point) for point in curve], 0.3)
    document.frame(x_mm, top_mm, width_mm, tall_mm)
