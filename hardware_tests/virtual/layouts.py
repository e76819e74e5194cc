"""The demo block as built: columns, drive, where the sensor boards hang, which aisle stands open."""

from __future__ import annotations

from edge.config import Motion
from edge.domain.block import Column, Layout

SENSOR_PLACES = {21: "north wall", 22: "inner aisle"}  # board address → where it hangs
UM_PER_COUNT = 100  # quadrature counts of the drive wheel's encoder, all four edges


def demo_motion() -> Motion:
    """Stall: a blocked motor draws 1.8 A at finding speed, a running one 0.4 A."""
    return Motion(max_speed_mm_s=50, find_speed_mm_s=25, stall_ma=1500, um_per_count=UM_PER_COUNT)


def demo_layout(aisle_mm: int = 900) -> Layout:
    """One fixed end of 450 mm, eight double-faced carriages of 700 mm, one aisle's free travel, a wall at the right."""
    carriages = tuple(Column(no, 700, fixed=False, address=no) for no in range(2, 10))
    return Layout(
        area="B1-A",
        rail_mm=450 + 8 * 700 + aisle_mm,
        columns=(Column(1, 450, fixed=True, address=None), *carriages),
        aisle_mm=aisle_mm,
        speed_mm_s=50,
        sections=4,
        levels=6,
        positions=18,
    )


def pose_with_open(layout: Layout, aisle: int) -> dict[int, float]:
    """Left edge in mm of every column (by number) when ``aisle`` takes all free travel and the others are closed."""
    pose: dict[int, float] = {}
    at_mm = 0.0
    if aisle == 0:
        at_mm += layout.free_mm
    for column in layout.columns:
        pose[column.no] = at_mm
        at_mm += column.width_mm
        if column.no == aisle:
            at_mm += layout.free_mm
    return pose
