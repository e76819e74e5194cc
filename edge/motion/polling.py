"""Which board is asked next: everybody in turn at rest; movers and their neighbours while anything moves.

An absent board costs a whole timeout, so absent ones are probed only at rest, each after its own back-off,
and all of them together at most a twentieth of the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from edge.clock import Clock
from edge.motion.boards import IDENTITY_MS, Board, CarriageBoard, SensorBoard
from edge.motion.bus import Bus, Urgency
from firmware import registers as r

REST_ROUND_MS = 200
MOVING_ROUND_MS = 40
PROBE_SHARE = 20


class Polling:
    """The boards of one bus. ``movers()`` = columns that move now, empty at rest; ``heard()`` after every board."""

    def __init__(
        self,
        bus: Bus,
        carriages: Sequence[CarriageBoard],
        sensors: Sequence[SensorBoard],
        clock: Clock,
        movers: Callable[[], frozenset[int]],
        heard: Callable[[], None],
    ) -> None:
        self.bus, self._clock = bus, clock
        self._carriages, self.sensors = carriages, sensors
        self._movers, self._heard = movers, heard
        self._probe_from_ms = 0
        self.cycle_ms = 0
        self.resting: frozenset[int] = frozenset()

    async def run(self) -> None:
        while True:
            began_ms = self._clock.monotonic_ms()
            movers = self._movers()
            await self.round(movers)
            spent_ms = self._clock.monotonic_ms() - began_ms
            await asyncio.sleep(max(1, (MOVING_ROUND_MS if movers else REST_ROUND_MS) - spent_ms) / 1000)

    async def round(self, movers: frozenset[int]) -> None:
        """Ask each board once; ends early when something starts or stops moving."""
        began_ms = self._clock.monotonic_ms()
        near = {column + side for column in movers for side in (-1, 0, 1)}
        asked = [board for board in self._carriages if not movers or board.column in near]
        self.resting |= {board.column for board in self._carriages} - {board.column for board in asked}
        boards: list[Board] = [*asked, *([] if movers else self.sensors)]
        for board in boards:
            if board.online:
                await self.ask(board)
                if bool(self._movers()) != bool(movers):
                    return
        self.cycle_ms = self._clock.monotonic_ms() - began_ms
        if not movers:
            await self._look_again()
            await self._probe()

    async def ask(self, board: Board, urgency: Urgency = Urgency.POLL) -> bool:
        """Read one state block."""
        count = r.IR_STATE_COUNT if board.kind == r.KIND_CARRIAGE else r.IR_SENSE_COUNT
        reply = await self.bus.read(board.address, r.IR_STATE, count, urgency)
        good = board.take_state(reply, self._clock.monotonic_ms())
        if good and isinstance(board, CarriageBoard):
            self.resting -= {board.column}
        self._strays()
        self._heard()
        return good

    async def _identify(self, board: Board) -> bool:
        reply = await self.bus.read(board.address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        if not board.take_identity(reply, self._clock.monotonic_ms()):
            return False
        reply = await self.bus.read(board.address, r.IR_SELF, r.IR_SELF_COUNT)
        return board.take_self(reply, self._clock.monotonic_ms())

    async def _look_again(self) -> None:
        """Who answers at this address may have changed: one board a round, each every ten seconds."""
        now_ms = self._clock.monotonic_ms()
        online = [board for board in (*self._carriages, *self.sensors) if board.online]
        oldest = min(online, key=lambda board: (board.image is not None, board.identity_ms), default=None)
        if oldest and (oldest.image is None or now_ms - oldest.identity_ms >= IDENTITY_MS):
            await self._identify(oldest)
            self._strays()

    async def _probe(self) -> None:
        """At most until one absent board keeps silent; those that answer cost next to nothing."""
        absent = [board for board in (*self._carriages, *self.sensors) if not board.online]
        for board in sorted(absent, key=lambda board: board.asked_ms):
            began_ms = self._clock.monotonic_ms()
            if began_ms < self._probe_from_ms or not board.due(began_ms) or self._movers():
                continue
            answered = await self._identify(board) and await self.ask(board)
            spent_ms = self._clock.monotonic_ms() - began_ms
            if answered:
                for other in absent:
                    other.back_off_ms = 0  # power is back: ask the others at once
            else:
                self._probe_from_ms = began_ms + PROBE_SHARE * spent_ms
                return

    def _strays(self) -> None:
        if not self.bus.strays:
            return
        for board in (*self._carriages, *self.sensors):
            for _ in range(self.bus.strays.pop(board.address, 0)):
                board.stray()
