"""The whole storeroom on this machine: start, memory, bus cycle at rest and while moving."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from hardware_tests.virtual.board_process import best_interpreter
from tests.benchmarks import processes
from tests.benchmarks.demo_room import LAPSED, DemoRoom
from tests.benchmarks.figure import Figure, missed, spread, tail
from tests.benchmarks.motors import Motors

RESTARTS = 3
REST_S = 30
MOVES = 3
MOST_LAPSED = 10
MOVE_S = 120.0
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
    motors, loans, cycles, lapsed = Motors(room.bench), room.loans(), list[float](), 0
    moved = 0
    while moved < MOVES:
        try:
            room.put_in_order()
            cycles += _one_move(room, motors, loans.pop(_closed_aisle(room, loans)))
            moved += 1
        except LAPSED as error:
            lapsed += 1
            print(f"    a move is tried again: {error}", file=sys.stderr, flush=True)
            if lapsed > MOST_LAPSED:
                return [missed("bus cycle while moving", "ms", f"{lapsed} moves did not reach their end")]
    note = f"{MOVES} moves; {lapsed} more did not reach their end and do not count"
    return tail("bus cycle while moving (movers and neighbours)", cycles, "ms", "wall", note)


def _one_move(room: DemoRoom, motors: Motors, loan: str) -> list[float]:
    """ms of each look at the bus. Raises what LAPSED names where the move did not reach its end."""
    cycles: list[float] = []
    room.api("POST", f"requests/{loan}/choose")
    try:
        room.press_start()
        if not motors.wait(True, 15):
            raise TimeoutError("nothing starts")
        ends_s = time.monotonic() + MOVE_S
        while (block := room.block())["move"]["phase"] != "ended":
            if time.monotonic() > ends_s:
                raise TimeoutError(f"the move does not end: {block['move']}")
            cycles.append(float(block["bus_cycle_ms"]))
            time.sleep(0.1)
        if block["move"]["ended"] != "reached":
            raise RuntimeError(f"the move ended: {block['move']['ended']}")
    finally:
        time.sleep(1)  # until the node has closed its record of the move
        room.api("POST", f"requests/{loan}/cancel", reason="not_needed")  # nobody takes it: the block is free again
    return cycles


def _closed_aisle(room: DemoRoom, loans: dict[int, str]) -> int:
    for aisle in room.block()["aisles"]:
        if aisle["no"] in loans and (aisle["gap_mm"] or 0) < 100:
            return int(aisle["no"])
    raise RuntimeError("no closed aisle is left in which anything was asked for")
