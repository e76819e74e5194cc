"""Who is asked when: boards of the firmware's own RTU slave on a pty, and what stands on the wire."""

import asyncio
import os
import threading
import time
import tty
from collections import Counter

import pytest

from edge.clock import SystemClock
from edge.devices.carriage_modbus import config_crc
from edge.motion.boards import CarriageBoard, SensorBoard
from edge.motion.bus import Bus
from edge.motion.polling import Polling
from firmware import registers as r
from firmware.modbus_rtu import Slave
from tests.edge.motion.speaking import on_bus

CONFIG = dict.fromkeys(r.CONFIG_FIELDS, 1)


class Bank:
    """Registers of one board; each state block carries the next rolling number."""

    def __init__(self, address: int, kind: int) -> None:
        self.words = [0] * (r.IR_SELF + r.IR_SELF_COUNT)
        self.words[r.IR_MAP_VERSION], self.words[r.IR_BOARD_KIND] = r.MAP_VERSION, kind
        self.words[r.IR_ADDRESS], self.words[r.IR_BOARD_ID_LO] = address, address
        self.words[r.IR_CONFIG_CRC], self.words[r.IR_FLASH_OK] = config_crc(CONFIG), 1
        self.words[r.IR_RUN_STATE] = r.STATE_READY
        self.address, self.rolling = address, 0

    def find(self, _function: int, start: int, _count: int) -> bool:
        self.rolling = (self.rolling + 1) & 0xFF
        self.words[r.IR_WHO] = self.address << 8 | self.rolling
        self.start = start
        return True

    def word(self, i: int) -> int:
        return self.words[self.start + i]

    def is_slow(self, _function: int, _start: int) -> bool:
        return False


class Wire(threading.Thread):
    """Boards on one pty; ``asked`` counts state requests by address, also of boards that are not there."""

    def __init__(self, kinds: dict[int, int]) -> None:
        super().__init__(daemon=True)
        self.near, self.far = os.openpty()
        tty.setraw(self.near)
        tty.setraw(self.far)
        self.path = os.ttyname(self.far)
        self.boards = {address: Slave(address, Bank(address, kind)) for address, kind in kinds.items()}
        self.asked: Counter[int] = Counter()

    def run(self) -> None:
        while True:
            try:
                heard = os.read(self.near, 256)
            except OSError:
                return
            self.asked[heard[0]] += 1
            if board := self.boards.get(heard[0]):
                board.feed(heard, len(heard))
                if count := board.end_of_burst():
                    os.write(self.near, bytes(board.answer[:count]))


@pytest.fixture
def wire():
    kinds = dict.fromkeys((2, 3, 4, 5, 6), r.KIND_CARRIAGE) | {21: r.KIND_SENSORS}
    one = Wire(kinds)
    one.start()
    yield one
    os.close(one.far)
    os.close(one.near)


class Polled:
    """The boards as the motion process knows them, with ``movers`` set by the test."""

    def __init__(self, bus: Bus, absent: tuple[int, ...] = ()) -> None:
        columns = (2, 3, 4, 5, 6, *absent)
        self.carriages = [CarriageBoard(column, column, config_crc(CONFIG)) for column in columns]
        self.sensors = [SensorBoard(21)]
        self.movers: frozenset[int] = frozenset()
        self.polling = Polling(bus, self.carriages, self.sensors, SystemClock(), lambda: self.movers, lambda: None)

    async def until_online(self) -> None:
        known = [board for board in (*self.carriages, *self.sensors) if board.address not in (7, 8)]
        while not all(board.online for board in known):
            await self.polling.round(frozenset())


def test_at_rest_everybody_is_asked_in_turn(wire) -> None:
    async def ask(bus):
        polled = Polled(bus)
        await polled.until_online()
        wire.asked.clear()
        for _ in range(5):
            await polled.polling.round(frozenset())
        return polled

    polled = on_bus(wire.path, ask)
    assert dict(wire.asked) == dict.fromkeys((2, 3, 4, 5, 6, 21), 5)
    assert polled.polling.cycle_ms > 0
    assert polled.polling.resting == frozenset()


def test_while_something_moves_only_movers_and_neighbours_are_asked_and_nobody_absent(wire) -> None:
    async def ask(bus):
        polled = Polled(bus, absent=(7,))
        await polled.until_online()
        wire.asked.clear()
        polled.movers = frozenset({4})
        for _ in range(5):
            await polled.polling.round(polled.movers)
        return polled

    polled = on_bus(wire.path, ask)
    assert dict(wire.asked) == {3: 5, 4: 5, 5: 5}
    assert polled.polling.resting == frozenset({2, 6, 7})


def test_a_round_is_cut_short_when_something_starts_to_move(wire) -> None:
    async def ask(bus):
        polled = Polled(bus)
        await polled.until_online()
        wire.asked.clear()
        polled.movers = frozenset({4})
        await polled.polling.round(frozenset())

    on_bus(wire.path, ask)
    assert dict(wire.asked) == {2: 1}


def test_two_dead_boards_slow_the_others_by_at_most_a_tenth(wire) -> None:
    """Un-paced rounds, so that nothing but the bus itself sets the speed."""

    def share_lost(absent: tuple[int, ...]) -> float:
        async def ask(bus):
            polled = Polled(bus, absent)
            await polled.until_online()
            began, lost_ms = time.monotonic(), 0.0
            while time.monotonic() - began < 8:
                round_began = time.monotonic()
                await polled.polling.round(frozenset())
                lost_ms += max(0.0, (time.monotonic() - round_began) * 1000 - polled.polling.cycle_ms)
            return lost_ms / 8000

        return on_bus(wire.path, ask)

    assert share_lost((7, 8)) <= 0.10
    assert wire.asked[7] > 0 < wire.asked[8]


def test_a_board_that_comes_back_is_online_again_and_so_are_the_others_at_once(wire) -> None:
    async def ask(bus):
        polled = Polled(bus, absent=(7, 8))
        await polled.until_online()
        for board in polled.carriages:
            if board.address in (7, 8):
                board.back_off_ms = 8000
        wire.boards[7] = Slave(7, Bank(7, r.KIND_CARRIAGE))
        wire.boards[8] = Slave(8, Bank(8, r.KIND_CARRIAGE))
        next(board for board in polled.carriages if board.address == 7).back_off_ms = 0
        deadline = time.monotonic() + 20
        while not all(board.online for board in polled.carriages) and time.monotonic() < deadline:
            await polled.polling.round(frozenset())
            await asyncio.sleep(0.05)
        return [board.online for board in polled.carriages]

    assert all(on_bus(wire.path, ask))
