"""What a gap in this machine's own attention can make look forbidden: two things, each only right after such a gap.

Everything else that the plant's watch records is wired into the plant and needs no board to be quick: never excused.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardware_tests.virtual.people import CROSS_MS
from hardware_tests.virtual.plant_server import Gap
from hardware_tests.virtual.watch import WARNED_MS, Violation

FULL_WARNING_MS = 2_000.0  # what a board warns for, by its own clock
# A warning that the plant saw late looks short; somebody who crossed a mouth unseen is known to no board.
AFTER_GAP_MS = {
    "started_without_warning": FULL_WARNING_MS - WARNED_MS,
    "started_beside_person": float(CROSS_MS),
    "started_beside_unwalked_aisle": float(CROSS_MS),
}


def excused(found: Violation, gaps: Iterable[Gap], board: str) -> bool:
    """``gaps``: of this test alone. ``board``: how a gap names the board of the carriage that did it."""
    needed_ms = AFTER_GAP_MS.get(found.what)
    if needed_ms is None:
        return False
    since_ms = found.at_ms - 2 * FULL_WARNING_MS if found.what == "started_without_warning" else 0.0
    own = [gap for gap in gaps if gap.who in ("plant", board) and since_ms <= gap.at_ms <= found.at_ms]
    return any(gap.ms >= needed_ms for gap in own)
