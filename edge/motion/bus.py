"""Owner of one RS-485 line: who may speak next, the silence between frames, and what an answer is worth.

STOP, permits, commands, polls and images wait in one queue and leave in that order. RTU has no transaction number,
so a late answer could be taken for the next one: after a timeout the line stays silent for the worst time a
slave needs, lengths are checked here, and address and rolling number by the board that asked.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import struct
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from pymodbus.client import AsyncModbusSerialClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.file_message import FileRecord, WriteFileRecordResponse
from pymodbus.transaction import TransactionManager

from firmware import registers as r

log = logging.getLogger(__name__)

GAP_MS = 2  # between any two frames; more than t3.5 above 19200 baud
ANSWER_MAX_MS = 35  # worst time a slave takes to answer, seen under load
TIMEOUT_MS = 3 * ANSWER_MAX_MS
RECONNECT_MS = 1000
STOP_REPEATS = 3
BROADCAST_BYTES = 9 + 2 * r.HR_PERMIT_COUNT  # the longest of them

Trouble = Literal["", "silent", "late", "garbled", "short", "refused", "unplugged"]


class Urgency(IntEnum):
    STOP = 0
    PERMIT = 1
    COMMAND = 2
    POLL = 3
    TRANSFER = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request. ``registers`` only of a good read; ``doubled``: more than one answer came."""

    trouble: Trouble = ""
    registers: tuple[int, ...] = ()
    exception: int = 0
    doubled: bool = False


class _Ear(TransactionManager):
    """Keeps every byte since the last request, and lets no exception out of the reader callback."""

    heard = b""

    def data_received(self, data: bytes) -> None:
        self.heard += data
        try:
            super().data_received(data)
        except (ModbusException, ValueError, IndexError, struct.error):
            self.recv_buffer = b""  # a frame with a good CRC and nonsense inside: the request times out as garbled


class _Line(AsyncModbusSerialClient):
    """The open port."""

    def __init__(self, port: str, baud: int, parity: str) -> None:
        super().__init__(port, baudrate=baud, parity=parity, timeout=TIMEOUT_MS / 1000, retries=0, reconnect_delay=0)
        self.ear = _Ear(self.comm_params, FramerRTU(DecodePDU(False)), 0, False, None, None, None)
        self.ctx = self.ear


Send = Callable[[_Line], Awaitable[ModbusPDU]]


@dataclass(order=True)
class _Job:
    urgency: Urgency
    number: int
    send: Send = field(compare=False)
    address: int = field(compare=False)
    answer_bytes: int = field(compare=False)  # 0 = broadcast
    check: Callable[[ModbusPDU], bool] = field(compare=False)
    done: asyncio.Future[Reply] = field(compare=False)


class Bus:
    """One line. ``run()`` is its only speaker; everybody else queues."""

    def __init__(self, port: str, baud: int, parity: str) -> None:
        self._port, self._baud, self._parity = port, baud, parity
        self._queue: list[_Job] = []
        self._wake = asyncio.Event()
        self._numbers = 0
        self._line: _Line | None = None
        self._last_address = 0
        self.errors = 0
        self.strays: Counter[int] = Counter()  # answers that came when nobody had asked, by address

    async def read(self, address: int, start: int, count: int, urgency: Urgency = Urgency.POLL) -> Reply:
        """``count`` input registers of one board."""
        return await self._ask(
            urgency,
            address,
            5 + 2 * count,
            lambda line: line.read_input_registers(start, count=count, device_id=address),
            lambda pdu: len(pdu.registers) == count,
        )

    async def write(self, address: int, start: int, values: Sequence[int], urgency: Urgency = Urgency.COMMAND) -> Reply:
        """One function-16 write to one board."""
        return await self._ask(
            urgency,
            address,
            8,
            lambda line: line.write_registers(start, list(values), device_id=address),
            lambda pdu: (pdu.address, pdu.count) == (start, len(values)),
        )

    async def write_file(self, address: int, file: int, record: int, data: bytes, urgency: Urgency) -> Reply:
        """One file record (function 21), an even number of bytes; the board echoes it."""
        return await self._ask(
            urgency,
            address,
            12 + len(data),
            lambda line: line.write_file_record([FileRecord(file, record, data)], device_id=address),
            lambda pdu: isinstance(pdu, WriteFileRecordResponse) and pdu.records[0].record_number == record,
        )

    async def broadcast(self, start: int, values: Sequence[int], urgency: Urgency) -> Reply:
        """One function-16 write that every board executes and none answers."""
        return await self._ask(
            urgency,
            r.BROADCAST,
            0,
            lambda line: line.write_registers(start, list(values), device_id=r.BROADCAST, no_response_expected=True),
            lambda _pdu: True,
        )

    async def stop(self) -> None:
        """STOP to all boards, ahead of everything that waits, repeated against noise."""
        await asyncio.gather(*(self.broadcast(r.HR_STOP, [r.STOP_WORD], Urgency.STOP) for _ in range(STOP_REPEATS)))

    async def run(self) -> None:
        """Speak for ever: most urgent first, with the silences the line needs. Reconnects by itself."""
        try:
            while True:
                await self._connect()
                while not self._queue:
                    self._wake.clear()
                    await self._wake.wait()
                job = heapq.heappop(self._queue)
                if job.done.cancelled():
                    continue
                reply = await self._exchange(job)
                if reply.trouble:
                    self.errors += 1
                if not job.done.done():
                    job.done.set_result(reply)
        finally:
            self._fail_all()
            if self._line:
                self._line.close()

    def _ask(
        self, urgency: Urgency, address: int, answer_bytes: int, send: Send, check: Callable[[ModbusPDU], bool]
    ) -> asyncio.Future[Reply]:
        self._numbers += 1
        done = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, _Job(urgency, self._numbers, send, address, answer_bytes, check, done))
        self._wake.set()
        return done

    async def _connect(self) -> None:
        if self._line and self._line.connected:
            return
        if self._line:
            self._line.close()
            log.warning("bus %s went away", self._port)
        while True:
            self._line = _Line(self._port, self._baud, self._parity)
            if await self._line.connect():
                log.info("bus %s is open", self._port)
                return
            self._fail_all()
            await asyncio.sleep(RECONNECT_MS / 1000)
            self._fail_all()

    def _fail_all(self) -> None:
        for job in self._queue:
            if not job.done.done():
                job.done.set_result(Reply("unplugged"))
        self._queue.clear()

    async def _exchange(self, job: _Job) -> Reply:
        assert self._line is not None
        line, ear = self._line, self._line.ear
        previous = self._last_address
        if ear.heard[:1] == bytes([previous]):
            self.strays[previous] += 1
        ear.heard = b""
        self._last_address = job.address
        try:
            pdu = await job.send(line)
        except ModbusException:
            if not line.connected:
                return Reply("unplugged")
            before = len(ear.heard)
            self._overheard(previous, job, ear)
            await asyncio.sleep(ANSWER_MAX_MS / 1000)
            late, ear.heard = len(ear.heard) > before, b""
            return Reply("garbled" if before else "late" if late else "silent")
        if not job.answer_bytes:
            await asyncio.sleep(BROADCAST_BYTES * 11 / self._baud + GAP_MS / 1000)
            return Reply()
        await asyncio.sleep(GAP_MS / 1000)
        self._overheard(previous, job, ear)
        return _judge(job, pdu, ear)

    def _overheard(self, previous: int, job: _Job, ear: _Ear) -> None:
        """A second voice that falls into the next board's answer is counted under its own address."""
        if previous != job.address and ear.heard[:1] == bytes([previous]):
            self.strays[previous] += 1


def _judge(job: _Job, pdu: ModbusPDU, ear: _Ear) -> Reply:
    heard, ear.heard = ear.heard, b""
    own = heard[:1] == bytes([job.address])
    doubled = own and len(heard) > (5 if pdu.isError() else job.answer_bytes)
    if pdu.isError():
        return Reply("refused", exception=pdu.exception_code, doubled=doubled)
    if not job.check(pdu):
        return Reply("short", doubled=doubled)
    return Reply(registers=tuple(pdu.registers), doubled=doubled)
