"""One round of the bus over twenty carriages and a sensor board: the motion process, the real firmware, 115200 baud."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
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
    config = folder / "node.toml"
    config.write_text(node_toml(bench.bench_dir / "bus", LAYOUT), "utf-8")
    with ExitStack() as ends:
        ends.callback(bench.stop)
        bench.start(within_s=WITHIN_S)
        process = subprocess.Popen([sys.executable, "-m", "edge.motion", "--config", str(config)])
        ends.callback(process.wait, 10)
        ends.callback(process.terminate)
        carriages = MotionProcess(folder / "run" / "motion.sock", LAYOUT, SystemClock(), lambda: True)
        ends.callback(carriages.close)
        carriages.start()
        return _rounds(bench, carriages)


def _rounds(bench: LiveBench, carriages: MotionProcess) -> list[Figure]:
    deadline = time.monotonic() + WITHIN_S
    while silent := _silent(carriages.state()):
        if time.monotonic() > deadline:
            return [missed(NAME, "ms", f"do not answer: {', '.join(silent)}")]
        time.sleep(0.1)
    seen, partly, gaps, ends = list[float](), 0, len(bench.gaps), time.monotonic() + SECONDS
    while time.monotonic() < ends:
        time.sleep(0.2)
        state = carriages.state()
        if _silent(state):
            partly += 1  # a round in which a board did not answer is no round of twenty
        else:
            seen.append(float(state.bus_cycle_ms))
    boards = {"micropython": "MicroPython VMs", "cpython": "CPython"}[best_interpreter()]
    note = f"115200 baud; {boards}; this machine paused {len(bench.gaps) - gaps} times over 50 ms"
    return tail(NAME, seen, "ms", "wall", f"{note}; {partly} looks with a board silent do not count")


def _silent(state: BlockState) -> list[str]:
    """Who does not answer: columns and sensor boards."""
    if not state.alive:
        return ["the motion process"]
    silent = [f"column {report.column}" for report in state.carriages if not report.online]
    return silent + [f"sensors {report.address}" for report in state.sensors if not report.online]
