"""From the last permit, and from STOP, to no voltage at the motor, in virtual milliseconds: the firmware alone."""

from __future__ import annotations

from pathlib import Path

from firmware import registers as r
from firmware.loop import CONTROL_MS
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep
from tests.benchmarks.figure import Figure, spread

TIMES = 10
MOVE, MOVER, TARGET_MM = 77, 5, 2550


def measure(_folder: Path) -> list[Figure]:
    permit_ms, stop_ms = [], []
    room = Lockstep(places={})
    room.run(500)
    node = Master(room, first_seq=1000)
    for number in range(TIMES):
        moving(room, node, MOVE + 2 * number, 4000 + 7 * number)
        node.permit_for = 0
        node.permit(MOVE + 2 * number)
        permit_ms.append(until_off_ms(room))
        moving(room, node, MOVE + 2 * number + 1, 4000 + 7 * number)
        node.stop()
        stop_ms.append(until_off_ms(room))
    allowed = f"allowed {r.PERMIT_MS}; up to {CONTROL_MS} more are the bench's: pins are seen at the next reading"
    return [
        *spread("last permit to motor off, lock-step", permit_ms, "ms", "virtual", allowed),
        *spread("STOP frame to motor off, lock-step", stop_ms, "ms", "virtual"),
    ]


def moving(room: Lockstep, node: Master, move_id: int, for_ms: int) -> None:
    """Walked, found if need be, armed, started: one carriage moves. Now left, now right."""
    node.permit_for = 0
    room.do("leave")
    room.do("walk_all")
    at_mm = node.state(MOVER)[r.IR_POSITION_MM]
    if at_mm == r.UNKNOWN:
        node.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))
        at_mm = node.state(MOVER)[r.IR_POSITION_MM]
    left = at_mm > TARGET_MM + 450
    target, opens = (TARGET_MM, r.SIDE_RIGHT) if left else (TARGET_MM + 900, r.SIDE_LEFT)
    accepted = node.arm(MOVER, target, opens, move_id)
    assert accepted == r.ACK_ACCEPTED, f"board {MOVER} refused: ACK {accepted}"
    node.permit_for = move_id
    node.run(200)
    room.act("start_press")
    node.run(for_ms)
    assert room.plant.rail.carriages[MOVER].drive != 0.0, "the carriage does not move"


def until_off_ms(room: Lockstep) -> float:
    """From now: the frame has just gone out."""
    began_ms = room.now_ms
    assert room.run_until(lambda: room.plant.rail.carriages[MOVER].drive == 0.0, 2000), "the motor stays on"
    return float(room.now_ms - began_ms)
