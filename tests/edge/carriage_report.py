"""What a healthy carriage board says at rest; tests change what they are about."""

from dataclasses import replace
from typing import Any

from edge.devices.carriage_modbus import silent
from edge.domain.block import CarriageReport

AT_REST = replace(
    silent(0, 0),
    online=True,
    age_ms=50,
    state="ready",
    aisle_left="clear",
    aisle_right="clear",
    why_left="none",
    why_right="none",
    unproved=(),
    supply_mv=24_000,
    map_version=0x0100,
    firmware_version=1,
    config_ok=True,
    boot_count=1,
    image=0,
)


def at_rest(column: int, position_mm: int | None, **changes: Any) -> CarriageReport:
    """``position_mm`` None: it does not know where it stands."""
    state = "unknown" if position_mm is None else "ready"
    here = {"column": column, "address": column, "position_mm": position_mm, "state": state}
    return replace(AT_REST, **(here | changes))


def between(column: int, position_mm: int | None, gap_left_mm: int | None, gap_right_mm: int | None) -> CarriageReport:
    """The same with its gaps; where one is 0 the contact is touched."""
    sides = (("left", gap_left_mm), ("right", gap_right_mm))
    touched = tuple(f"contact_{side}_open" for side, gap_mm in sides if gap_mm == 0)
    return at_rest(column, position_mm, gap_left_mm=gap_left_mm, gap_right_mm=gap_right_mm, open_inputs=touched)
