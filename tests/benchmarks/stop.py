"""STOP at the panel, over HTTP and through the node, to all motors off; and what the node's processes use meanwhile.

The block is aired in small pieces: no aisle opens on the way, so that the next STOP needs no walk before it.
"""

from __future__ import annotations

import time
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.demo_room import DemoRoom
from tests.benchmarks.figure import Figure, tail
from tests.benchmarks.motors import Motors

TAPS = 100
MOST_TRIES = 200
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
    motors, off_ms, invalid = Motors(room.bench), [], 0
    for _ in range(MOST_TRIES):
        if len(off_ms) == TAPS:
            break
        try:
            _started(room, motors)
        except (RuntimeError, TimeoutError):  # on a busy machine a board's self-test may be late: reset, walk, again
            invalid += 1
            _mend(room)
            continue
        time.sleep(MOVING_S)
        if not motors.on:
            continue  # it had arrived
        motors.disturbed()
        tapped_s = time.monotonic()
        room.api("POST", "stop")
        stopped = motors.wait(False, 5)
        if motors.disturbed() or not stopped:
            invalid += 1
        else:
            off_ms.append((motors.off_s - tapped_s) * 1000)
    note = f"HTTP to no voltage at any motor; {invalid} more were invalid: this machine paused"
    return tail("STOP at the panel to all motors off", off_ms, "ms", "wall", note)


def _started(room: DemoRoom, motors: Motors) -> None:
    """Choose to air the block (or, once it is aired, to open an aisle first), press Start, wait for the first motor."""
    room.until(_at_standstill, 20)
    if not _choose(room, "ventilate"):
        _choose(room, "stocktake", 4)
        _press_start(room)
        motors.wait(True, 15)
        room.until(_at_standstill, 60)
        room.walk()
        _choose(room, "ventilate")
    _press_start(room)
    if not motors.wait(True, 15):
        raise TimeoutError(f"nothing starts: {room.block()}")


def _mend(room: DemoRoom) -> None:
    room.api("POST", "stop")
    time.sleep(1)
    room.bench.act("reset_press")
    time.sleep(1)
    room.walk()
    if any(column["position_mm"] is None for column in room.block()["columns"]):
        room.find()


def _choose(room: DemoRoom, purpose: str, aisle: int | None = None) -> bool:
    """Whether anything is to move."""
    return bool(room.api("POST", f"poses/{purpose}/choose", aisle=aisle).json()["moves"])


def _press_start(room: DemoRoom) -> None:
    room.until(lambda block: block["move"] and block["move"]["phase"] == "armed", 15)
    time.sleep(0.3)
    room.bench.act("start_press")


def _at_standstill(block: dict[str, object]) -> bool:
    columns = block["columns"]
    assert isinstance(columns, list)
    move = block["move"]
    ended = not isinstance(move, dict) or move["phase"] == "ended"
    return ended and all(column["state"] == "ready" for column in columns)


def _cpu(room: DemoRoom) -> list[Figure]:
    """Of one core, for the node and its motion and vision processes, at rest and while carriages move."""
    pids = _node_pids(room)
    rest = _used_pct(pids, LOOK_S)
    motors = Motors(room.bench)
    _choose(room, "stocktake", 5)
    _press_start(room)
    motors.wait(True, 15)
    moving = _used_pct(pids, LOOK_S)
    still = "" if motors.on else "the move had ended before"
    room.until(_at_standstill, 60)
    room.walk()
    figures = []
    for name in pids:
        figures.append(Figure(f"{name}, CPU at rest", rest[name], "% of a core", "cpu", note=f"over {LOOK_S:g} s"))
        figures.append(Figure(f"{name}, CPU while moving", moving[name], "% of a core", "cpu", note=still))
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
