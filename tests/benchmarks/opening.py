"""How long an aisle takes to open, from Start pressed to the end of the move, against distance divided by speed."""

from __future__ import annotations

from pathlib import Path

from firmware import registers as r
from hardware_tests.commission.hands import Block
from hardware_tests.commission.travel import ready
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from tests.benchmarks.figure import Figure, spread
from tests.benchmarks.small_block import LAYOUT, MOVER, OPEN, moving

TIMES = 6
STARTED_MS = 2_500


def measure(_folder: Path) -> list[Figure]:
    bench = LockstepBench(LAYOUT, demo_motion(), OPEN)
    block, took_s = Block(bench), []
    for number in range(TIMES):
        ready(block)
        moving(block, 1_000 + number, STARTED_MS)
        began_ms = bench.room.now_ms - STARTED_MS
        bench.master.run_until(lambda: block.state(MOVER)[r.IR_END_REASON] != r.END_NONE, 60_000)
        ended = block.state(MOVER)[r.IR_END_REASON]
        assert ended == r.END_REACHED, f"the move did not reach its end: END {ended}"
        took_s.append((bench.room.now_ms - began_ms) / 1000)
        bench.master.permit_for = 0
    floor_s = LAYOUT.aisle_mm / LAYOUT.speed_mm_s
    note = f"distance / speed alone {floor_s:g} s; warning {r.WARNING_MS / 1000:g} s"
    figures = spread("Start to an aisle of 900 mm open, lock-step", took_s, "s", "virtual", note)
    beyond = max(took_s) - floor_s - r.WARNING_MS / 1000
    return [*figures, Figure("of it neither warning nor distance / speed", round(beyond, 1), "s", "virtual")]
