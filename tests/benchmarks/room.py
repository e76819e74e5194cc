"""The whole storeroom on this machine: start, memory, bus cycle at rest and while moving."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from hardware_tests.virtual.board_process import best_interpreter
from tests.benchmarks import processes
from tests.benchmarks.demo_room import DemoRoom
from tests.benchmarks.figure import Figure, missed, spread, tail
from tests.benchmarks.motors import Motors

RESTARTS = 3
REST_S = 30
MOVES = 3
BOARDS = "8 carriages and 2 sensor boards"


def measure(folder: Path) -> list[Figure]:
    room = DemoRoom(folder / "demo")
    began = time.monotonic()
    try:
        room.start()
        figures = [Figure("fresh demo until panel and console answer", round(time.monotonic() - began, 1), "s")]
        for _ in range(RESTARTS):
            room.restart_node()
        figures.append(Figure("node start to panel answering, first", round(room.ready_s[0], 1), "s"))
        figures += spread("node start to panel answering, again", room.ready_s[1:], "s")
        room.sign_in()
        room.find()
        figures += _at_rest(room)
        figures += _memory(room)
        figures += _moving(room)
        return figures
    finally:
        room.stop()


def _at_rest(room: DemoRoom) -> list[Figure]:
    seen, ends = [], time.monotonic() + REST_S
    while time.monotonic() < ends:
        seen.append(float(room.block()["bus_cycle_ms"]))
        time.sleep(0.1)
    return tail(f"bus cycle at rest, {BOARDS}", seen, "ms")


def _memory(room: DemoRoom) -> list[Figure]:
    """Resident memory; the note has what remains when shared pages are divided among their users."""
    node = room.scene.programs["node"].pid
    broker, centre = room.scene.programs["broker"].pid, room.scene.programs["centre"].pid
    if node is None or broker is None or centre is None:
        return [missed("memory", "MB", "a program of the demo does not run")]
    found = {"node": node, "centre": centre}
    for pid in processes.children(node):
        for name in ("motion", "vision"):
            if f"edge.{name}" in processes.command(pid):
                found[name] = pid
    for pid in processes.children(broker):
        if "nats-server" in processes.command(pid):
            found["broker"] = pid
    for pid in processes.children(_own_pid()):
        command = processes.command(pid)
        if "firmware.main" in command or "run_cpython" in command:
            found[f"one virtual board ({best_interpreter()})"] = pid
            break
    figures = []
    for name, pid in found.items():
        resident, shared = processes.memory_mb(pid)
        note = "" if shared is None else f"PSS {shared:.0f} MB"
        figures.append(Figure(f"memory, {name}", round(resident, 1), "MB", note=note))
    return figures


def _own_pid() -> int:
    """The bench runs in this process, so the boards are its children."""
    return int(Path("/proc/self").resolve().name)


def _moving(room: DemoRoom) -> list[Figure]:
    """Choose, Start, and while the carriages move: rounds of the bus; n moves, each into another aisle."""
    motors, loans, cycles = Motors(room.bench), room.loans(), []
    for number in range(MOVES):
        _put_in_order(room)
        loan = loans[_closed_aisle(room, loans, number)]
        room.api("POST", f"requests/{loan}/choose")
        room.until(lambda block: block["move"] and block["move"]["phase"] == "armed", 15)
        time.sleep(0.5)  # a person sees the lamp first
        room.bench.act("start_press")
        motors.wait(True, 15)
        while (block := room.block())["move"]["phase"] != "ended":
            cycles.append(float(block["bus_cycle_ms"]))
            time.sleep(0.1)
        time.sleep(1)  # until the node has closed its record of the move
        room.api("POST", f"requests/{loan}/cancel", reason="not_needed")  # nobody takes it: the block is free again
    return tail("bus cycle while moving (movers and neighbours)", cycles, "ms")


def _put_in_order(room: DemoRoom) -> None:
    """Walk what is occupied; what a stopped move left behind is no fault."""
    time.sleep(1)  # until every board was asked again
    block = room.until(_at_standstill, 15)
    if any(column["faults"] for column in block["columns"]):
        room.bench.act("reset_press")
        time.sleep(1)
    if any(column["position_mm"] is None for column in block["columns"]):
        room.find()
    if occupied := [aisle["no"] for aisle in room.block()["aisles"] if aisle["state"] == "occupied"]:
        room.walk(*occupied)
    room.until(lambda block: not any(aisle["state"] == "occupied" for aisle in block["aisles"]), 20)


def _at_standstill(block: dict[str, Any]) -> bool:
    busy = ("armed", "warning", "moving", "find_armed", "finding")
    ended = not block["move"] or block["move"]["phase"] == "ended"
    return ended and not any(column["state"] in busy for column in block["columns"])


def _closed_aisle(room: DemoRoom, loans: dict[int, str], number: int) -> int:
    narrow = [a["no"] for a in room.block()["aisles"] if a["no"] in loans and (a["gap_mm"] or 0) < 100]
    return narrow[number % len(narrow)]
