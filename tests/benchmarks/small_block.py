"""Two carriages in lock-step for figures: one on its way, there and back, and when its motor lost its voltage."""

from __future__ import annotations

from edge.domain.block import Column, Layout
from firmware import registers as r
from hardware_tests.commission.hands import Block
from hardware_tests.virtual.lockstep_bench import LockstepBench

LAYOUT = Layout(
    "B1-A", 450 + 2 * 700 + 900,
    (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)), 900, 50, 1, 1, 1,
)  # fmt: skip
OPEN = 2
MOVER = LAYOUT.columns[-1].no


def moving(block: Block, move: int, for_ms: float) -> None:
    """Everything is ready: the last carriage is armed, started, and ``for_ms`` later under way. Now left, now right."""
    bench = block.bench
    assert isinstance(bench, LockstepBench)
    state = block.state(MOVER)
    left = state[r.IR_GAP_LEFT_MM] >= state[r.IR_GAP_RIGHT_MM]
    room_mm = state[r.IR_GAP_LEFT_MM if left else r.IR_GAP_RIGHT_MM] - 2
    target_mm = state[r.IR_POSITION_MM] + (-room_mm if left else room_mm)
    accepted = bench.master.arm(MOVER, target_mm, r.SIDE_RIGHT if left else r.SIDE_LEFT, move)
    assert accepted == r.ACK_ACCEPTED, f"board {MOVER} refused: ACK {accepted}"
    bench.master.permit_for = move
    bench.master.run(200)
    bench.begin("start_press")
    bench.master.run(for_ms)
    assert bench.room.plant.rail.carriages[MOVER].drive != 0.0, "the carriage does not move"


def until_off_ms(bench: LockstepBench) -> float:
    """From now, without a node, until no motor has voltage."""
    began_ms, carriages = bench.room.now_ms, bench.room.plant.rail.carriages
    off = bench.room.run_until(lambda: all(one.drive == 0.0 for one in carriages.values()), 2000)
    assert off, "a motor stays on"
    return float(bench.room.now_ms - began_ms)
