"""A small bus master for tests of boards: it speaks the register map and obeys no rule of ours.

It plays the node, a careless node or a hostile one: permits, commands and STOP go out whenever the test says so.
The same master drives the lock-step harness and a serial port.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from edge.domain.block import Layout
from firmware import registers as r
from firmware.modbus_rtu import crc16

GAP_MS = 3.0
PERMIT_EVERY_MS = 100
WRITE_ANSWER_BYTES = 8
TRIES = 4


class Line(Protocol):
    """A bus and the time on it: virtual (lockstep.py) or a tty (serial_line.py). ``heard`` = what came in."""

    heard: bytearray

    @property
    def now_ms(self) -> int: ...

    def say(self, frame: bytes) -> None: ...

    def tick(self) -> None:
        """Let about a millisecond pass."""
        ...


@dataclass
class Master:
    """``permit_for`` != 0: the permit of that move is broadcast every 100 ms while ``run`` lets time pass."""

    line: Line
    permit_for: int = 0
    node: int = 0x4E4F
    permit_seq: int = 0
    first_seq: int = 0
    answer_ms: float = 60.0
    _seq: dict[int, int] = field(default_factory=dict)
    _permit_due_ms: int = 0

    # --- time --------------------------------------------------------------------------------

    def run(self, ms: float) -> None:
        self.run_until(lambda: False, ms)

    def run_until(self, condition: Callable[[], bool], within_ms: float) -> bool:
        """Whether ``condition`` came true in time. Permits go out meanwhile."""
        until = self.line.now_ms + within_ms
        while not condition():
            if self.line.now_ms >= until:
                return False
            if self.permit_for and self.line.now_ms >= self._permit_due_ms:
                self._permit_due_ms = self.line.now_ms + PERMIT_EVERY_MS
                self.permit(self.permit_for)
            self.line.tick()
        return True

    def _listen(self, condition: Callable[[], bool], within_ms: float) -> None:
        """Wait for an answer: nothing else may go out meanwhile."""
        until = self.line.now_ms + within_ms
        while not condition() and self.line.now_ms < until:
            self.line.tick()

    # --- frames ------------------------------------------------------------------------------

    def permit(self, move_id: int) -> None:
        self.permit_seq = (self.permit_seq + 1) & 0xFFFF
        check = move_id ^ self.permit_seq ^ self.node ^ r.PERMIT_SALT
        self.write(r.BROADCAST, r.HR_PERMIT, [move_id, self.permit_seq, self.node, check])

    def stop(self) -> None:
        self.write(r.BROADCAST, r.HR_STOP, [r.STOP_WORD])

    def write(self, address: int, register: int, words: list[int]) -> None:
        """Function 16; waits a moment for the answer, if anybody answers, and does not look at it."""
        body = b"".join(word.to_bytes(2, "big") for word in words)
        head = bytes((address, 16)) + register.to_bytes(2, "big") + len(words).to_bytes(2, "big") + bytes((len(body),))
        self.line.heard.clear()
        self.line.say(_with_crc(head + body))
        if address != r.BROADCAST:
            self._listen(lambda: len(self.line.heard) >= WRITE_ANSWER_BYTES, self.answer_ms)
        self._listen(lambda: False, GAP_MS)

    def read(self, address: int, register: int, count: int) -> list[int] | None:
        """Function 4; None = no valid answer in time."""
        self._listen(lambda: False, GAP_MS)
        self.line.heard.clear()
        self.line.say(_with_crc(bytes((address, 4)) + register.to_bytes(2, "big") + count.to_bytes(2, "big")))
        expected = 5 + 2 * count
        self._listen(lambda: len(self.line.heard) >= expected, self.answer_ms)
        frame = bytes(self.line.heard[:expected])
        if len(frame) < expected or frame[:3] != bytes((address, 4, 2 * count)) or crc16(frame):
            return None
        return [int.from_bytes(frame[at : at + 2], "big") for at in range(3, expected - 2, 2)]

    def block(self, address: int, register: int, count: int) -> dict[int, int]:
        """Input registers by address. Raises TimeoutError when the board is silent."""
        for _try in range(TRIES):
            words = self.read(address, register, count)
            if words is not None:
                return {register + at: word for at, word in enumerate(words)}
        raise TimeoutError(f"board {address} does not answer")

    def state(self, address: int) -> dict[int, int]:
        """A carriage's state block."""
        return self.block(address, r.IR_STATE, r.IR_STATE_COUNT)

    def command(self, address: int, code: int, within_ms: float = 1500.0, **words: int) -> int:
        """One command block; its ACK_* once handled. Words by name: move_id, target, speed, delay, opens, arg."""
        seq = self._seq.get(address, self.first_seq) % 0xFFFF + 1
        self._seq[address] = seq
        names = ("move_id", "target", "speed", "delay", "opens", "arg")
        self.write(address, r.HR_COMMAND, [seq, code, *(words.get(name, 0) for name in names)])
        until = self.line.now_ms + within_ms
        while self.line.now_ms < until:
            self.run(20)
            state = self.state(address)
            if state[r.IR_ACK_SEQ] == seq and state[r.IR_ACK_RESULT] != r.ACK_NONE:
                return state[r.IR_ACK_RESULT]
        raise TimeoutError(f"board {address} does not acknowledge command {code}")

    # --- what a node does with them ------------------------------------------------------------

    def arm(self, address: int, target: int, opens: int, move_id: int, delay: int = 0, speed: int = 50) -> int:
        return self.command(address, r.CMD_ARM, move_id=move_id, target=target, speed=speed, delay=delay, opens=opens)

    def faults(self, address: int) -> set[str]:
        state = self.state(address)
        bits = state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]
        return {name for name, bit in r.FAULTS if bits & bit}

    def open_inputs(self, address: int) -> set[str]:
        """Names of the inputs that are not safe, released or resting."""
        state = self.state(address)
        bits = state[r.IR_INPUTS_HI] << 16 | state[r.IR_INPUTS_LO]
        return {name for name, bit in r.INPUTS if not bits & bit}

    def find_all(self, layout: Layout, hold_start: Callable[[bool], object], move_id: int = 1) -> None:
        """Where every carriage stands packed to one side of one open aisle: arm finding, Start held, then references.

        ``hold_start(True)`` presses, ``hold_start(False)`` lets go. AssertionError names the board that refused.
        """
        boards = [column for column in layout.columns if column.address is not None]
        gaps = {c.no: self.state(c.address or 0)[r.IR_GAP_RIGHT_MM] for c in boards}
        open_aisle = max(gaps, key=lambda no: gaps[no])
        if max(gaps.values()) <= r.AISLE_LATCH_MM:
            open_aisle = boards[0].no - 1
        self.permit_for = move_id
        for column in boards:
            way = r.SIDE_LEFT if column.no <= open_aisle else r.SIDE_RIGHT
            ack = self.command(column.address or 0, r.CMD_FIND, move_id=move_id, arg=way)
            assert ack == r.ACK_ACCEPTED, f"board {column.address} refused to be found: ACK {ack}"
        hold_start(True)
        self.run(400)
        hold_start(False)
        self.run(100)
        self.permit_for = 0
        for column in boards:
            before = sum(c.width_mm for c in layout.columns if c.no < column.no)
            at_mm = before if column.no <= open_aisle else before + layout.free_mm
            ack = self.command(column.address or 0, r.CMD_REFERENCE, target=at_mm)
            assert ack == r.ACK_ACCEPTED, f"board {column.address} refused its reference: ACK {ack}"


def _with_crc(frame: bytes) -> bytes:
    return frame + crc16(frame).to_bytes(2, "little")
