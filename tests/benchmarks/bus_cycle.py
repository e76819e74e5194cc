"""One round of the bus over twenty carriages and a sensor board: the motion process, the real firmware, 115200 baud."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from edge.clock import SystemClock
from edge.devices.motion_process import MotionProcess
from edge.domain.block import BlockState, Column, Layout
from hardware_tests.virtual.board_process import best_interpreter
from hardware_tests.virtual.live import LiveBench
from tests.benchmarks.figure import Figure, missed, tail
from tests.small_node import node_toml

CARRIAGES = 20
SECONDS = 60
WITHIN_S = 120
LAYOUT = Layout(
    "B1-A", 450 + CARRIAGES * 700 + 900,
    (Column(1, 450, True, None), *(Column(no, 700, False, 30 + no) for no in range(2, CARRIAGES + 2))),
    900, 50, 4, 6, 18,
)  # fmt: skip
NAME = f"bus cycle at rest, {CARRIAGES} carriages and 1 sensor board"


def measure(folder: Path) -> list[Figure]:
    bench = LiveBench(folder / "bench", LAYOUT, folder / "flash", places={21: "north"}, open_aisle=4)
    bench.start(within_s=WITHIN_S)
    config = folder / "node.toml"
    config.write_text(node_toml(bench.bench_dir / "bus", LAYOUT), "utf-8")
    process = subprocess.Popen([sys.executable, "-m", "edge.motion", "--config", str(config)])
    carriages = MotionProcess(folder / "run" / "motion.sock", LAYOUT, SystemClock(), lambda: True)
    carriages.start()
    try:
        return _rounds(bench, carriages)
    finally:
        carriages.close()
        process.terminate()
        process.wait(10)
        bench.stop()


def _rounds(bench: LiveBench, carriages: MotionProcess) -> list[Figure]:
    deadline = time.monotonic() + WITHIN_S
    while not _all_online(carriages.state()):
        if time.monotonic() > deadline:
            return [missed(NAME, "ms", "not all boards answered")]
        time.sleep(0.1)
    seen, gaps, ends = [], len(bench.gaps), time.monotonic() + SECONDS
    while time.monotonic() < ends:
        time.sleep(0.2)
        seen.append(float(carriages.state().bus_cycle_ms))
    boards = {"micropython": "MicroPython VMs", "cpython": "CPython"}[best_interpreter()]
    note = f"115200 baud; {boards}; this machine paused {len(bench.gaps) - gaps} times over 50 ms"
    return tail(NAME, seen, "ms", "wall", note)


def _all_online(state: BlockState) -> bool:
    return state.alive and all(report.online for report in (*state.carriages, *state.sensors))
