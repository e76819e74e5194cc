"""A block that people move by crank: where its shelves stand follows from which aisle they say stands open."""

from __future__ import annotations

from edge.domain.aisles import gaps_mm
from edge.domain.block import Layout
from edge.errors import RuleRefused


def packed(layout: Layout, aisle: int) -> tuple[int, ...]:
    """Left edges in mm with all free rail in ``aisle``. RuleRefused ``no_such_aisle``."""
    if aisle not in layout.aisles:
        raise RuleRefused("no_such_aisle", "choose_aisle", aisle=aisle)
    edges, at_mm = [], layout.free_mm if aisle == 0 else 0
    for column in layout.columns:
        edges.append(at_mm)
        at_mm += column.width_mm + (layout.free_mm if column.no == aisle else 0)
    return tuple(edges)


def widest(layout: Layout, pose_mm: tuple[int, ...]) -> int:
    """The aisle in which one can stand."""
    gaps = gaps_mm(layout, pose_mm)
    return max(layout.aisles, key=lambda aisle: gaps[aisle])
