"""The boards' programs over the bus: who runs what, and one image to one board, only while nothing is armed or moves.

Records wait behind everything else in the queue, and each one asks again whether the block rests; a move that is
armed meanwhile waits for one record at most. The board says which record it wants next, so a transfer that was
disturbed, or that another process began, goes on from there. Nothing here starts a new image: a person does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.devices import board_firmware, carriage_modbus, firmware_image
from edge.devices.board_firmware import BoardFirmware
from edge.devices.firmware_image import Image
from edge.errors import DeviceFault, RuleRefused, StoreroomError
from edge.motion.boards import Board, CarriageBoard
from edge.motion.bus import Bus, Urgency
from firmware import registers as r

log = logging.getLogger(__name__)

RECORD_BYTES = 192  # a frame of 204 bytes: 18 ms at 115200 baud
ASK_AGAIN_S = 0.05
SILENT_S = 20.0
TRIES = 3


class Updating:
    """``boards`` with the bus of each; ``resting()``: nothing is armed, moves or is found."""

    def __init__(self, boards: Sequence[tuple[Bus, Board]], resting: Callable[[], bool], clock: Clock) -> None:
        self._boards = {board.address: (bus, board) for bus, board in boards}
        self._resting, self._clock = resting, clock
        self._task: asyncio.Task[None] | None = None
        self.address = 0
        self.sent = self.bytes = 0  # of the transfer that runs or ended last
        self.error: StoreroomError | None = None

    async def describe(self, address: int | None = None) -> list[BoardFirmware]:
        """Every board of the configuration, or one; silent ones too."""
        wanted = sorted(self._boards) if address is None else [self._known(address)]
        return [await self._described(one) for one in wanted]

    def begin(self, address: int, path: Path) -> None:
        """Send this image to this board from now on. Raises InputRefused or RuleRefused."""
        if self._task and not self._task.done():
            raise RuleRefused("firmware_busy", "wait_for_update", board=self.address)
        image = firmware_image.read(path)
        self.address = self._known(address)
        self.sent, self.bytes, self.error = 0, sum(map(len, image.parts())), None
        self._task = asyncio.create_task(self._run(image))

    def progress(self) -> dict[str, Any]:
        """Of the transfer that runs or ended last, as JSON-able values. Raises what ended it."""
        if self.error:
            raise self.error
        busy = self._task is not None and not self._task.done()
        return {"address": self.address, "sent": self.sent, "bytes": self.bytes, "busy": busy}

    async def do(self, address: int, code: int) -> None:
        """Activate or cancel. Raises DeviceFault when the board refuses or is silent."""
        bus, _board = self._boards[self._known(address)]
        for _try in range(TRIES):
            reply = await bus.write(address, r.HR_UPDATE, [code, 0, 0, 0], Urgency.TRANSFER)
            if not reply.trouble:
                return
            if reply.trouble == "refused":
                raise DeviceFault("firmware_not_ready", "send_firmware_first", board=address)
        raise DeviceFault("firmware_silent", "check_board", board=address)

    def _known(self, address: int) -> int:
        if address not in self._boards:
            raise RuleRefused("firmware_no_board", "look_at_boards", board=address)
        return address

    # --- reading ---
    def _about(self, address: int) -> BoardFirmware:
        _bus, board = self._boards[address]
        column = board.column if isinstance(board, CarriageBoard) else None
        return BoardFirmware(address, board_firmware.KINDS[board.kind], column, crc_wanted=board.config_crc)

    async def _described(self, address: int) -> BoardFirmware:
        bus, _board = self._boards[address]
        about = self._about(address)
        who = await self._read(bus, address, r.IR_IDENTITY, r.IR_IDENTITY_COUNT)
        if not who:
            return about
        own = await self._read(bus, address, r.IR_SELF, r.IR_SELF_COUNT)
        told = await self._read(bus, address, r.IR_LOG, r.IR_LOG_COUNT_ALL) if own else ()
        # A board from before map 1.2 has neither block.
        return board_firmware.described(about, carriage_modbus.identity(who), own or (0,) * r.IR_SELF_COUNT, told)

    async def _read(self, bus: Bus, address: int, start: int, count: int) -> tuple[int, ...]:
        for _try in range(TRIES):
            await self._until_resting()
            reply = await bus.read(address, start, count, Urgency.TRANSFER)
            if not reply.trouble:
                return reply.registers
            if reply.trouble == "refused":
                break
        return ()

    async def _until_resting(self) -> None:
        while not self._resting():
            await asyncio.sleep(ASK_AGAIN_S)

    # --- sending ---
    async def _run(self, image: Image) -> None:
        try:
            await self._send(image)
        except StoreroomError as error:
            self.error = error
            log.warning("board %d did not take the image: %s", self.address, error)

    async def _send(self, image: Image) -> None:
        """Until the whole image lies in the board's other slot, signed and proved."""
        bus, _board = self._boards[self.address]
        about = self._about(self.address)
        parts, begun = image.parts(), False
        heard_ms = self._clock.monotonic_ms()
        while True:
            words = await self._read(bus, self.address, r.IR_SELF, r.IR_SELF_COUNT)
            if not words:
                if self._clock.monotonic_ms() - heard_ms > SILENT_S * 1000:
                    raise DeviceFault("firmware_silent", "check_board", board=self.address)
                continue
            heard_ms = self._clock.monotonic_ms()
            own = board_firmware.own_program(about, words)
            if own.image == image.number and own.slot != "safe":
                break
            ours = own.update_image == image.number
            if ours and own.update in board_firmware.OFFERED:
                break
            if begun and own.refused:
                raise DeviceFault("firmware_refused", "look_at_image", board=self.address, why=own.refused)
            if not ours or own.update == "none":
                number = image.number
                asked = [r.DO_BEGIN, number >> 16, number & 0xFFFF, len(image.manifest)]
                begun = not (await bus.write(self.address, r.HR_UPDATE, asked, Urgency.TRANSFER)).trouble
            elif own.update == "receiving" and own.update_file <= len(parts):
                self.sent = sum(map(len, parts[: own.update_file - 1])) + 2 * own.update_at
                await self._send_file(bus, own.update_file, parts[own.update_file - 1], 2 * own.update_at)
                continue
            await asyncio.sleep(ASK_AGAIN_S)
        self.sent = self.bytes

    async def _send_file(self, bus: Bus, number: int, data: bytes, start: int) -> None:
        """Records from byte ``start`` to the end; returns early at the first trouble."""
        for at in range(start, max(len(data), 1), RECORD_BYTES):
            await self._until_resting()
            record = data[at : at + RECORD_BYTES]
            record += b"\0" * (len(record) % 2)
            reply = await bus.write_file(self.address, number, at // 2, record, Urgency.TRANSFER)
            if reply.trouble:
                return
            self.sent += len(record)
