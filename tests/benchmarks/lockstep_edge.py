"""From a touched edge to no voltage at the motor, and how long an aisle takes to open against distance ÷ speed."""

from __future__ import annotations

from pathlib import Path

from firmware import registers as r
from hardware_tests.commission.hands import Block
from hardware_tests.commission.travel import ready
from hardware_tests.master import Master
from hardware_tests.virtual.layouts import demo_layout, demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from tests.benchmarks.figure import Figure, spread
from tests.benchmarks.lockstep_permit import MOVER, moving, until_off_ms

TIMES = 10
MOVE = 300


def measure(_folder: Path) -> list[Figure]:
    bench = LockstepBench(demo_layout(), demo_motion(), 4)
    block, node = Block(bench), Master(bench.room, first_seq=2000)
    ready(block)
    edge_ms = []
    for number in range(TIMES):
        moving(bench.room, node, MOVE + number, 4000 + 7 * number)
        bench.begin("edge_press", column=MOVER, side="left")
        edge_ms.append(until_off_ms(bench.room))
        node.permit_for = 0
        bench.person("let_go")
        block.reset()
    return [*spread("edge contact to motor off, lock-step", edge_ms, "ms", "virtual"), *_opening(bench, node)]


def _opening(bench: LockstepBench, node: Master) -> list[Figure]:
    """One carriage, one aisle of 900 mm: from Start pressed to the end of the move, warning included."""
    layout, took_s = bench.layout, []
    for number in range(3):
        moving(bench.room, node, MOVE + TIMES + number, 2_500)
        began_ms = bench.room.now_ms - 2_500
        node.run_until(lambda: node.state(MOVER)[r.IR_END_REASON] != r.END_NONE, 60_000)
        if number:  # the first begins where the last edge stopped it
            took_s.append((bench.room.now_ms - began_ms) / 1000)
        node.permit_for = 0
    floor_s = layout.aisle_mm / layout.speed_mm_s
    note = f"distance / speed alone {floor_s:g} s; warning {r.WARNING_MS / 1000:g} s"
    return spread("Start to an aisle of 900 mm open, lock-step", took_s, "s", "virtual", note)
