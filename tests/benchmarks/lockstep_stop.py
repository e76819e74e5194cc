"""From the cause to no voltage at the motor, in virtual milliseconds: the last permit, a STOP frame, a touched edge.

The firmware alone, on a small block in lock-step: no node, no panel, no busy machine. Each at another instant.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from firmware import registers as r
from firmware.loop import CONTROL_MS
from hardware_tests.commission.hands import Block
from hardware_tests.commission.travel import ready
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from tests.benchmarks.figure import Figure, tail
from tests.benchmarks.small_block import LAYOUT, OPEN, PERIOD_MS, moving, until_off_ms

TIMES = 120
ALLOWED = f"allowed {r.PERMIT_MS}; up to {CONTROL_MS} more are the bench's: pins are seen at the next reading"


def measure(_folder: Path) -> list[Figure]:
    return [
        *_taken("last permit to motor off, lock-step", _last_permit, ALLOWED),
        *_taken("STOP frame to motors off, lock-step", lambda bench: bench.master.stop()),
        *_taken("edge contact to motor off, lock-step", _touch),
    ]


def _taken(name: str, cause: Callable[[LockstepBench], None], note: str = "") -> list[Figure]:
    bench = LockstepBench(LAYOUT, demo_motion(), OPEN)
    block = Block(bench)
    taken_ms = []
    for number in range(TIMES):
        ready(block)
        moving(block, 1_000 + number, 2_600 + PERIOD_MS * number // TIMES)
        cause(bench)
        taken_ms.append(until_off_ms(bench))
        bench.master.permit_for = 0
        bench.person("let_go")
    return tail(name, taken_ms, "ms", "virtual", note)


def _last_permit(bench: LockstepBench) -> None:
    move, bench.master.permit_for = bench.master.permit_for, 0
    bench.master.permit(move)


def _touch(bench: LockstepBench) -> None:
    for side in ("left", "right"):
        bench.begin("edge_press", column=LAYOUT.columns[-1].no, side=side)
