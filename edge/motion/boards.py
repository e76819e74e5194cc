"""What the motion process knows about each board: newest report, health, and whether two boards share an address."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from edge.devices import carriage_modbus, sensors_modbus
from edge.devices.carriage_modbus import Identity
from edge.domain.block import CarriageReport, SensorReport
from edge.motion.bus import Reply
from firmware import registers as r

OFFLINE_AFTER = 3  # requests in a row without a good answer
SHAKY_AFTER = 2  # the same while it moves
OUTCOMES = 12  # newest requests that are judged together
SHAKY_OF_OUTCOMES = 4
TWICE_OF_OUTCOMES = 3
BACK_OFF_MS = 1000
BACK_OFF_MOST_MS = 8000
IDENTITY_MS = 10_000


class Board:
    """One slave. ``take_state`` and ``take_identity`` are given every reply, good or not."""

    def __init__(self, address: int, kind: int, config_crc: int | None) -> None:
        self.address, self.kind = address, kind
        self.identity: Identity | None = None
        self.image: int | None = None  # read after each identity; None = not told yet
        self.registers: tuple[int, ...] = ()
        self.heard_ms: int | None = None
        self.identity_ms = 0
        self.misses = OFFLINE_AFTER  # absent until it answers
        self.back_off_ms = BACK_OFF_MS
        self.asked_ms = 0
        self.trouble = ""
        self.config_crc = config_crc
        self._rolling: int | None = None
        self._outcomes: deque[str] = deque(maxlen=OUTCOMES)
        self._ids: deque[int] = deque(maxlen=OUTCOMES)

    @property
    def online(self) -> bool:
        return self.misses < OFFLINE_AFTER and self.identity is not None

    @property
    def shaky(self) -> str:
        """Why it may not go on moving: ``board_silent``, ``board_garbled``, or ""."""
        bad = [outcome for outcome in self._outcomes if outcome not in ("", "doubled")]
        if self.misses < SHAKY_AFTER and len(bad) < SHAKY_OF_OUTCOMES:
            return ""
        return "board_silent" if bad and bad[-1] == "silent" else "board_garbled"

    def note(self) -> str:
        """Name of what is wrong with it besides silence, or ""."""
        outcomes = list(self._outcomes)
        if outcomes.count("doubled") >= TWICE_OF_OUTCOMES or len(set(self._ids)) > 1:
            return "address_twice"
        if outcomes.count("garbled") >= SHAKY_OF_OUTCOMES:
            return "garbled"
        if self.identity and (why := carriage_modbus.differs(self.identity, self.kind, self.address, self.config_crc)):
            return why
        return "late" if outcomes.count("late") >= SHAKY_OF_OUTCOMES else ""

    def movable(self) -> bool:
        """The board that was commissioned, alone on its address."""
        return self.online and self.note() in ("", "late")

    def due(self, now_ms: int) -> bool:
        """Whether an absent board may be probed again."""
        return now_ms - self.asked_ms >= self.back_off_ms

    def take_identity(self, reply: Reply, now_ms: int) -> bool:
        if not self._good(reply, r.IR_IDENTITY_COUNT, now_ms):
            return False
        seen = carriage_modbus.identity(reply.registers)
        if self.identity and seen.boot_count != self.identity.boot_count:
            self._rolling = self.image = None
            self._ids.clear()
        self.identity, self.identity_ms = seen, now_ms
        self._ids.append(seen.board_id)
        return True

    def take_self(self, reply: Reply, now_ms: int) -> bool:
        """The program it runs. A board from before map 1.2 refuses to say, and runs none that anybody signed."""
        if self._good(reply, r.IR_SELF_COUNT, now_ms):
            self.image = carriage_modbus.image_of(reply.registers)
        elif reply.trouble == "refused":
            self.image = 0
        return self.image is not None

    def take_state(self, reply: Reply, now_ms: int) -> bool:
        """True when the block is new, whole and this board's own."""
        count = r.IR_STATE_COUNT if self.kind == r.KIND_CARRIAGE else r.IR_SENSE_COUNT
        misses = self.misses
        if not self._good(reply, count, now_ms):
            return False
        who = reply.registers[0]
        if who >> 8 != self.address or who & 0xFF == self._rolling:
            self._outcomes[-1] = "late"  # an older answer, or another board's
            self.misses = misses + 1
            return False
        self._rolling = who & 0xFF
        self.registers, self.heard_ms = reply.registers, now_ms
        return True

    def take_other(self, reply: Reply, now_ms: int) -> None:
        """The reply to a command counts for health only."""
        self._good(reply, 0, now_ms)

    def stray(self) -> None:
        """It answered when nobody had asked it again."""
        self._outcomes.append("doubled")

    def _good(self, reply: Reply, count: int, now_ms: int) -> bool:
        self.asked_ms = now_ms
        self.trouble = reply.trouble
        good = (not reply.trouble and len(reply.registers) == count) or reply.trouble == "refused"
        if reply.trouble != "unplugged":
            self._outcomes.append("doubled" if good and reply.doubled else reply.trouble if not good else "")
        if good:
            self.misses, self.back_off_ms = 0, BACK_OFF_MS
            return reply.trouble != "refused"
        self.misses += 1
        if self.misses > OFFLINE_AFTER:
            self.back_off_ms = min(BACK_OFF_MOST_MS, max(BACK_OFF_MS, self.back_off_ms * 2))
        if self.misses >= OFFLINE_AFTER:
            self.identity = self.image = None  # whoever answers next must say who it is and what it runs
            self._rolling = None
        return False


class CarriageBoard(Board):
    def __init__(self, address: int, column: int, config_crc: int) -> None:
        super().__init__(address, r.KIND_CARRIAGE, config_crc)
        self.column = column
        self.commanding = asyncio.Lock()  # one command at a time
        self._read: tuple[object, ...] = ()
        self._said = carriage_modbus.silent(column, address)

    def report(self, now_ms: int) -> CarriageReport:
        if not self.online or self.identity is None or self.heard_ms is None:
            return carriage_modbus.silent(self.column, self.address)
        if self._read is not self.registers:
            self._read = self.registers
            self._said = carriage_modbus.report(self.column, self.address, self.registers, self.identity)
        return replace(self._said, age_ms=now_ms - self.heard_ms, config_ok=self.movable(), image=self.image)


class SensorBoard(Board):
    def __init__(self, address: int) -> None:
        super().__init__(address, r.KIND_SENSORS, None)

    def report(self, now_ms: int) -> SensorReport:
        if not self.online or self.heard_ms is None or self.identity is None:
            return sensors_modbus.silent(self.address)
        said = sensors_modbus.report(self.address, self.registers)
        who = self.identity
        return replace(
            said,
            age_ms=(said.age_ms or 0) + now_ms - self.heard_ms,
            board_id=who.board_id,
            firmware_version=who.firmware_version,
            image=self.image,
        )


def twins(boards: Sequence[Board]) -> tuple[str, ...]:
    """The notes of all boards as ``code:address``."""
    return tuple(f"{note}:{board.address}" for board in boards if (note := board.note()))
