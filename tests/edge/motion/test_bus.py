"""The bus owner against one slave on a pty that answers late, twice, garbled or not at all."""

import asyncio
import os
import threading
import time
import tty

import pytest

from edge.motion.bus import ANSWER_MAX_MS, TIMEOUT_MS, Bus, Urgency
from firmware.modbus_rtu import crc16, frame_length, with_crc
from tests.edge.motion.speaking import on_bus

pytestmark = pytest.mark.live

COUNT = 4


class Slave(threading.Thread):
    """Answers reads of input registers with ``address, start, start + 1, …`` in the ways it is told to."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.near, far = os.openpty()
        tty.setraw(self.near)
        tty.setraw(far)
        self.far, self.path = far, os.ttyname(far)
        self.heard: list[tuple[float, bytes]] = []
        self.answered: list[float] = []
        self.delay_s: dict[int, float] = {}  # by start register
        self.silent: set[int] = set()  # addresses
        self.garbled: set[int] = set()
        self.twice: set[int] = set()
        self.into_next: set[int] = set()  # whose second voice falls into the answer to the next request
        self.held_back = b""
        self.short: set[int] = set()

    def run(self) -> None:
        rest = bytearray()
        while True:
            try:
                rest += os.read(self.near, 256)
            except OSError:
                return
            while length := frame_length(rest, 0, len(rest), True):
                frame, rest = bytes(rest[:length]), rest[length:]
                self.heard.append((time.monotonic(), frame))
                self._answer(frame)

    def _answer(self, frame: bytes) -> None:
        address, start, count = frame[0], frame[2] << 8 | frame[3], frame[4] << 8 | frame[5]
        if address == 0 or address in self.silent:
            return
        if frame[1] == 16:
            answer = with_crc(bytearray(frame[:6]))
        else:
            count -= address in self.short
            words = b"".join(w.to_bytes(2, "big") for w in [address, *range(start, start + count - 1)])
            answer = with_crc(bytearray([address, 4, 2 * count]) + words)
        if address in self.garbled:
            answer[3] ^= 0x55
        time.sleep(self.delay_s.pop(start, 0))
        os.write(self.near, self.held_back + bytes(answer) * (2 if address in self.twice else 1))
        self.held_back = bytes(answer) if address in self.into_next else b""
        self.answered.append(time.monotonic())


@pytest.fixture
def slave():
    one = Slave()
    one.start()
    yield one
    os.close(one.far)
    os.close(one.near)


def test_a_block_is_read_and_a_write_is_checked_against_its_echo(slave) -> None:
    async def ask(bus):
        return await bus.read(7, 16, COUNT), await bus.write(7, 64, [1, 2, 3])

    read, wrote = on_bus(slave.path, ask)
    assert (read.trouble, read.registers) == ("", (7, 16, 17, 18))
    assert wrote.trouble == ""


def test_silence_garbage_shortness_and_exceptions_are_told_apart(slave) -> None:
    slave.silent, slave.garbled, slave.short = {5}, {6}, {7}

    async def ask(bus):
        return [(await bus.read(address, 16, COUNT)).trouble for address in (5, 6, 7, 8)]

    assert on_bus(slave.path, ask) == ["silent", "garbled", "short", ""]


def test_a_late_answer_is_never_taken_for_the_next_one(slave) -> None:
    slave.delay_s[100] = (TIMEOUT_MS + ANSWER_MAX_MS / 2) / 1000

    async def ask(bus):
        return [await bus.read(7, start, COUNT) for start in (100, 200)]

    late, following = on_bus(slave.path, ask)
    assert (late.trouble, late.registers) == ("late", ())
    assert (following.trouble, following.registers) == ("", (7, 200, 201, 202))


def test_two_answers_to_one_request_are_seen(slave) -> None:
    slave.twice = {7}

    async def ask(bus):
        return await bus.read(7, 16, COUNT), await bus.read(8, 16, COUNT)

    twice, once = on_bus(slave.path, ask)
    assert twice.doubled
    assert not once.doubled
    assert once.registers[0] == 8


def test_a_second_answer_that_comes_when_nobody_asked_is_counted_under_its_address(slave) -> None:
    async def ask(bus):
        await bus.read(7, 16, COUNT)
        await asyncio.sleep(0.05)
        os.write(slave.near, bytes(with_crc(bytearray([7, 4, 2, 0, 1]))))
        await asyncio.sleep(0.05)
        following = await bus.read(8, 16, COUNT)
        return following, dict(bus.strays)

    following, strays = on_bus(slave.path, ask)
    assert following.registers[0] == 8
    assert strays == {7: 1}


def test_a_second_answer_that_falls_into_the_next_boards_is_counted_under_its_own_address(slave) -> None:
    slave.into_next = {7}

    async def ask(bus):
        await bus.read(7, 16, COUNT)
        await bus.read(8, 16, COUNT)
        return dict(bus.strays)

    assert on_bus(slave.path, ask) == {7: 1}


def test_stop_overtakes_everything_that_waits_and_is_sent_three_times(slave) -> None:
    async def ask(bus):
        polls = [asyncio.ensure_future(bus.read(7, 16, COUNT)) for _ in range(20)]
        await asyncio.sleep(0)
        command = asyncio.ensure_future(bus.write(7, 64, [9]))
        permit = asyncio.ensure_future(bus.broadcast(80, [1, 2, 3, 4], Urgency.PERMIT))
        await bus.stop()
        await asyncio.gather(*polls, command, permit)

    on_bus(slave.path, ask)
    order = [(frame[0], frame[2] << 8 | frame[3]) for _at, frame in slave.heard]
    assert [order.index((0, 88)), order.index((0, 80)), order.index((7, 64))] == [0, 3, 4]
    assert order.count((0, 88)) == 3


def test_an_answer_is_followed_by_two_milliseconds_of_silence(slave) -> None:
    async def ask(bus):
        for address in range(1, 30):
            await bus.read(address, 16, COUNT)

    on_bus(slave.path, ask)
    asked = [at for at, _frame in slave.heard]
    assert min(late - early for early, late in zip(slave.answered, asked[1:], strict=False)) >= 0.0019


def test_a_port_that_does_not_exist_fails_at_once_and_does_not_hang(tmp_path) -> None:
    async def run():
        bus = Bus(str(tmp_path / "no-such-port"), 115200, "N")
        speaking = asyncio.create_task(bus.run())
        reply = await asyncio.wait_for(bus.read(7, 16, COUNT), 10)
        speaking.cancel()
        return reply.trouble

    assert asyncio.run(run()) == "unplugged"


def test_the_crc_of_the_tests_is_that_of_the_firmware() -> None:
    assert crc16(with_crc(bytearray([1, 2, 3]))) == 0
