"""Loop budget of issue 3: every safety input read again within 5 ms, in virtual board time, and what that is worth."""

from itertools import pairwise

import pytest

from firmware import registers as r
from firmware.loop import LOOK_MS, Loop
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep

BUDGET_MS = 5
MOVER, AWAY_MM = 5, 2550


@pytest.fixture(scope="module")
def room():
    room = Lockstep(open_aisle=4)
    room.run(500)
    room.do("walk_all")
    master = Master(room)
    master.find_all(room.layout, lambda held: room.act("start_hold" if held else "start_release"))
    return room


@pytest.fixture(scope="module")
def master(room):
    return Master(room, first_seq=1000)


def watched(room, monkeypatch):
    """[board time of each reading of the mover's inputs], [board time of each feeding of its watchdog]."""
    hal, read, fed = room.boards[MOVER].app.hal, [], []
    read_inputs = hal.read_inputs

    def reading():
        read.append(room.now_ms)
        read_inputs()

    monkeypatch.setattr(hal, "read_inputs", reading)
    monkeypatch.setattr(hal, "feed", lambda: fed.append((room.now_ms, read[-1])))
    return read, fed


def test_safety_inputs_are_read_again_within_5_ms_through_a_whole_move_with_a_busy_bus(room, master, monkeypatch):
    read, fed = watched(room, monkeypatch)
    assert master.arm(MOVER, AWAY_MM, r.SIDE_RIGHT, 7) == r.ACK_ACCEPTED
    master.permit_for = 7
    master.run(150)
    room.act("start_press")
    while room.boards[MOVER].app.motion.phase:
        master.state(MOVER)
        master.run(3)
    assert master.state(MOVER)[r.IR_END_REASON] == r.END_REACHED
    assert len(read) > 4000
    assert max(later - earlier for earlier, later in pairwise(read)) <= BUDGET_MS
    assert {fed_ms - read_ms for fed_ms, read_ms in fed} == {0}, "fed only by a loop that has just read them"
    for side in ("left", "right"):
        room.do("walk", aisle=MOVER if side == "right" else MOVER - 1)


def test_a_circuit_that_opens_between_two_control_loops_takes_the_enable_away_within_5_ms(room, master):
    room.do("walk_all")
    assert master.arm(MOVER, 3450, r.SIDE_LEFT, 8) == r.ACK_ACCEPTED
    master.permit_for = 8
    master.run(150)
    room.act("start_press")
    wires = room.plant.wiring
    assert master.run_until(lambda: wires.motor_drive(MOVER) != 0.0, 5000)
    app, hal = room.boards[MOVER].app, room.boards[MOVER].app.hal
    while app.next_ms - (room.now_us - room.boards[MOVER].booted_us) // 1000 != 8:
        room.tick()  # a control loop has just run
    room.act("estop_press")
    for _ in range(BUDGET_MS + 1):
        room.tick()
    assert not hal._enable.value()
    room.act("estop_release")
    room.do("reset_press")


class Desk:
    """A hal whose waiting passes the time; the power goes at ``ends_ms``."""

    def __init__(self, ends_ms):
        self.ms, self.ends_ms = 0, ends_ms

    def now_ms(self):
        return self.ms

    def wait(self, ms):
        self.ms += ms
        if self.ms >= self.ends_ms:
            raise KeyboardInterrupt

    def bus_read(self, _buffer):
        return 0

    def lock_heap(self, _now_ms): ...

    def unlock_heap(self): ...

    def start_watchdog(self): ...

    def stay_awake(self): ...


class Quiet:
    parked = False

    def pending(self):
        return False


class Board(Loop):
    def __init__(self, hal):
        super().__init__(hal, Quiet())
        self.seen = []

    def look(self, now_ms):
        self.seen.append(now_ms)
        return False

    def control(self, now_ms):
        self.seen.append(now_ms)

    def keep(self, now_ms): ...

    def rest(self): ...


def test_the_boards_own_loop_wakes_for_every_look():
    board = Board(Desk(ends_ms=1000))
    with pytest.raises(KeyboardInterrupt):
        board.run()
    assert LOOK_MS <= BUDGET_MS
    assert {later - earlier for earlier, later in pairwise(board.seen)} == {LOOK_MS}
