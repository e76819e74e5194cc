"""From the cause to no voltage at the motor, in virtual milliseconds: the last permit, a STOP frame, a touched edge.

The firmware alone, on a small block in lock-step: no node, no panel, no busy machine. Each at another instant.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from firmware import registers as r
from firmware.loop import CONTROL_MS
from hardware_tests.commission.hands import Block
from hardware_tests.commission.travel import ready
from hardware_tests.virtual.apart import apart
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from tests.benchmarks.figure import Figure, tail
from tests.benchmarks.small_block import LAYOUT, MOVER, OPEN, moving, until_off_ms

TIMES = 200
BEGUN_MS = 2_100  # the warning is over
APART_MS = 17  # from instant to instant: through soft start and full speed, at every phase of permits and loops
ALLOWED = f"allowed {r.PERMIT_MS}; up to {CONTROL_MS} more are the bench's: pins are seen at the next reading"


def measure(_folder: Path) -> list[Figure]:
    bench = LockstepBench(LAYOUT, demo_motion(), OPEN)
    block = Block(bench)
    ready(block)
    moving(block, 1, BEGUN_MS)

    def taken(cause: Callable[[LockstepBench], None]) -> list[float]:
        return [apart(partial(_after, bench, APART_MS * number, cause)) for number in range(TIMES)]

    return [
        *tail("last permit to motor off, lock-step", taken(_last_permit), "ms", "virtual", ALLOWED),
        *tail("STOP frame to motors off, lock-step", taken(lambda one: one.master.stop()), "ms", "virtual"),
        *tail("edge contact to motor off, lock-step", taken(_touch), "ms", "virtual"),
    ]


def _after(bench: LockstepBench, ms: float, cause: Callable[[LockstepBench], None]) -> float:
    bench.master.run(ms)
    cause(bench)
    return until_off_ms(bench)


def _last_permit(bench: LockstepBench) -> None:
    move, bench.master.permit_for = bench.master.permit_for, 0
    bench.master.permit(move)


def _touch(bench: LockstepBench) -> None:
    bench.begin("edge_press", column=MOVER, side="left")
