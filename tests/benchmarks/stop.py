"""STOP at the panel, over HTTP and through the node, to all motors off; and what the node's processes use meanwhile.

The block is aired in small pieces: no aisle opens on the way, so that the next STOP needs no walk before it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.demo_room import LAPSED, DemoRoom, at_standstill
from tests.benchmarks.figure import Figure, missed, tail
from tests.benchmarks.motors import Motors

TAPS = 100
MOST_S = 1800.0
MOST_LAPSED = 10
MENDS = 5
AISLES = (4, 5)  # of which one stands closed
MOVING_S = 0.4
LOOK_S = 12.0


def measure(folder: Path) -> list[Figure]:
    room = DemoRoom(folder / "demo")
    try:
        room.start()
        room.sign_in()
        room.find()
        return [*_cpu(room), *_taps(room)]
    finally:
        room.stop()


def _taps(room: DemoRoom) -> list[Figure]:
    motors, off_ms, lapsed, disturbed, ends_s = Motors(room.bench), list[float](), 0, 0, time.monotonic() + MOST_S
    while len(off_ms) < TAPS and time.monotonic() < ends_s:
        try:
            _started(room, motors)
        except LAPSED as error:
            lapsed += 1
            print(f"    tried again: {error}", file=sys.stderr, flush=True)
            _mend(room)
            continue
        time.sleep(MOVING_S)
        if not motors.on:
            continue  # it had arrived
        motors.disturbed()
        tapped_s = time.monotonic()
        room.api("POST", "stop")
        stopped = motors.wait(False, 5)
        if not stopped:
            raise AssertionError("a motor is on 5 s after STOP")
        if motors.disturbed():
            disturbed += 1
        else:
            off_ms.append((motors.off_s - tapped_s) * 1000)
    note = f"HTTP to no voltage at any motor; not counted: {disturbed} in which this machine paused over 50 ms"
    return tail("STOP at the panel to all motors off", off_ms, "ms", "wall", f"{note}, {lapsed} that did not start")


def _started(room: DemoRoom, motors: Motors) -> None:
    """Choose to air the block (or, once it is aired, to open an aisle first), press Start, wait for the first motor."""
    room.until(at_standstill, 20)
    if not _choose(room, "ventilate"):
        _choose(room, "stocktake", AISLES[0])
        room.press_start()
        motors.wait(True, 15)
        room.until(at_standstill, 60)
        room.put_in_order()
        _choose(room, "ventilate")
    room.press_start()
    if not motors.wait(True, 15):
        raise TimeoutError(f"nothing starts: {room.block()['move']}")


def _mend(room: DemoRoom) -> None:
    for _ in range(MENDS):
        try:
            room.put_in_order()
        except LAPSED as error:
            print(f"    put in order again: {error}", file=sys.stderr, flush=True)
        else:
            return
    raise TimeoutError(f"the block cannot be put in order: {room.block()['move']}")


def _choose(room: DemoRoom, purpose: str, aisle: int | None = None) -> bool:
    """Whether anything is to move."""
    return bool(room.api("POST", f"poses/{purpose}/choose", aisle=aisle).json()["moves"])


def _cpu(room: DemoRoom) -> list[Figure]:
    """Of one core, for the node and its motion and vision processes, at rest and while carriages move."""
    pids, motors, lapsed = _node_pids(room), Motors(room.bench), 0
    rest = _used_pct(pids, LOOK_S)
    while True:
        try:
            room.put_in_order()
            if not any(_choose(room, "stocktake", aisle) for aisle in AISLES):
                raise RuntimeError(f"neither of aisles {AISLES} is closed")
            room.press_start()
            motors.wait(True, 15)
            moving = _used_pct(pids, LOOK_S)
            if not motors.on:
                raise TimeoutError(f"it does not move for {LOOK_S:g} s: {room.block()['move']}")
            break
        except LAPSED as error:
            lapsed += 1
            print(f"    tried again: {error}", file=sys.stderr, flush=True)
            if lapsed > MOST_LAPSED:
                moving = {}
                break
    _mend(room)
    figures = []
    note = f"over {LOOK_S:g} s"
    for name in pids:
        figures.append(Figure(f"{name}, CPU at rest", rest[name], "% of a core", "cpu", note=note))
        if moving:
            told = f"{note}; {lapsed} moves that ended before do not count"
            figures.append(Figure(f"{name}, CPU while moving", moving[name], "% of a core", "cpu", note=told))
        else:
            figures.append(missed(f"{name}, CPU while moving", "% of a core", f"{lapsed} moves ended before"))
    return figures


def _node_pids(room: DemoRoom) -> dict[str, int]:
    node = room.scene.programs["node"].pid
    assert node is not None
    found = {"node": node}
    for pid in processes.children(node):
        for name in ("motion", "vision"):
            if f"edge.{name}" in processes.command(pid):
                found[f"{name} process"] = pid
    return found


def _used_pct(pids: dict[str, int], seconds: float) -> dict[str, float]:
    before = {name: processes.cpu_s(pid) for name, pid in pids.items()}
    began_s = time.monotonic()
    time.sleep(seconds)
    took_s = time.monotonic() - began_s
    return {name: round(100 * (processes.cpu_s(pid) - before[name]) / took_s, 1) for name, pid in pids.items()}
