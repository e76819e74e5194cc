"""From the last permit to no voltage at the motor, in real time: boards in VMs, a bus master that falls silent."""

from __future__ import annotations

import time
from pathlib import Path

from firmware import registers as r
from hardware_tests.bench import VirtualBench
from hardware_tests.virtual.board_process import best_interpreter
from tests.benchmarks.figure import Figure, tail
from tests.benchmarks.motors import Motors

TIMES = 30
MOVE, MOVER, TARGET_MM = 77, 5, 2550
WALKS = 3


def measure(_folder: Path) -> list[Figure]:
    bench = VirtualBench()
    try:
        motors = Motors(bench.live)
        node = bench.master
        node.run(500)
        bench.person("walk_all")
        node.find_all(bench.layout, lambda held: bench.live.act("start_hold" if held else "start_release"))
        lost_ms = []
        for number in range(TIMES):
            _move(bench, MOVE + number)
            if not motors.wait(True, 5):
                raise TimeoutError("the carriage does not move")
            node.run(400)
            motors.disturbed()
            node.permit_for = 0
            node.permit(MOVE + number)
            said_s = time.monotonic()
            motors.wait(False, 3)
            if not motors.disturbed():
                lost_ms.append((motors.off_s - said_s) * 1000)
            node.run(200)
        boards = {"micropython": "MicroPython VMs", "cpython": "CPython"}[best_interpreter()]
        note = f"{boards}; {TIMES - len(lost_ms)} more were invalid: this machine paused over 50 ms"
        return tail("last permit to motor off, live", lost_ms, "ms", "wall", note)
    finally:
        bench.close()


def _move(bench: VirtualBench, move_id: int) -> None:
    """Both aisles beside the carriage walked, then armed and started: now left, now right."""
    node = bench.master
    at_mm = node.state(MOVER)[r.IR_POSITION_MM]
    left = at_mm > TARGET_MM + 450
    target, opens = (TARGET_MM, r.SIDE_RIGHT) if left else (TARGET_MM + 900, r.SIDE_LEFT)
    accepted = r.ACK_OCCUPIED
    for _walk in range(WALKS):  # a walk that the board did not count is walked again
        for aisle in (MOVER - 1, MOVER):
            bench.person("walk", aisle=aisle)
        accepted = node.arm(MOVER, target, opens, move_id)
        if accepted != r.ACK_OCCUPIED:
            break
    if accepted != r.ACK_ACCEPTED:
        raise RuntimeError(f"board {MOVER} refused the move: ACK {accepted}, faults {node.faults(MOVER)}")
    node.permit_for = move_id
    node.run(200)
    bench.live.act("start_press")
    node.run(r.WARNING_MS + 200)
