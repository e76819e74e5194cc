"""``[block]`` of ``node.toml`` → the block's layout, and whether its rail leaves as many open aisles as it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from edge.config_table import Table
from edge.domain.block import Column, Drive, Layout
from edge.domain.travel import LATCH_MM


def layout_in(block: Table) -> Layout:
    drive: Drive = "crank" if block.choice("drive", get_args(Drive), default="motors") == "crank" else "motors"
    return Layout(
        area=block.text("area", pattern=r"[A-Z0-9]{1,8}-[A-Z0-9]{1,4}"),
        rail_mm=block.whole("rail_mm", 1000, 40000),
        columns=tuple(
            Column(
                no=column.whole("no", 1, 25),
                width_mm=column.whole("width_mm", 200, 2000),
                fixed=(fixed := column.flag("fixed", default=False)),
                address=None if fixed else _address(column, drive),
            )
            for column in block.tables("column")
        ),
        aisle_mm=block.whole("aisle_mm", 600, 2000, default=900),
        open_aisles=block.whole("open_aisles", 1, 2, default=1),
        speed_mm_s=block.whole("speed_mm_s", 5, 50, default=50),
        sections=block.whole("sections", 1, 30),
        levels=block.whole("levels", 1, 12),
        positions=block.whole("positions", 1, 60),
        # Beyond 75 mm of travel between two starts neither order of a pair would keep the gap between them.
        start_gap_ms=block.whole("start_gap_ms", 0, 1500, default=600),
        hold_last_mm=block.whole("hold_last_mm", 0, 1000, default=0),
        slot_mm=block.whole("slot_mm", 10, 500, default=50),
        shelf_height_mm=block.whole("shelf_height_mm", 100, 1000, default=330),
        shelf_load_kg=block.whole("shelf_load_kg", 5, 300, default=40),
        drive=drive,
        one_sided_kg=block.whole("one_sided_kg", 20, 5000, default=480),
    )


def _address(column: Table, drive: Drive) -> int | None:
    """A carriage that is cranked has a board only where it has lights."""
    return column.whole("address", 1, 247) if drive == "motors" else column.whole("address", 0, 247, default=0) or None


def check_free_rail(block: Layout, wrong: Callable[..., None]) -> None:
    """Room for as many open aisles as the installer says, and for no further gap that a person fits into (rule 6)."""
    said = {"free_mm": block.free_mm, "aisle_mm": block.aisle_mm}
    rest_mm = block.free_mm - block.open_aisles * block.aisle_mm
    if rest_mm < 0:
        wrong(("block", "rail_mm"), "no_aisle_left" if block.open_aisles == 1 else "no_two_aisles", **said)
    elif rest_mm > LATCH_MM:
        wrong(("block", "rail_mm"), "aisle_left_over", **said, aisles=block.open_aisles, rest_mm=rest_mm)
