"""A small bus master for tests of firmware and plant together: it speaks the register map and obeys no rule of ours.

It plays the node, a careless node or a hostile one: permits, commands and STOP go out whenever the test says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from firmware import registers as r
from firmware.modbus_rtu import crc16
from hardware_tests.virtual.lockstep import Lockstep

ANSWER_MS = 60.0
GAP_MS = 3.0
PERMIT_EVERY_MS = 100
WRITE_ANSWER_BYTES = 8


@dataclass
class Master:
    """``permit_for`` != 0: the permit of that move is broadcast every 100 ms while ``run`` lets time pass."""

    room: Lockstep
    permit_for: int = 0
    node: int = 0x4E4F
    _seq: dict[int, int] = field(default_factory=dict)
    _permit_seq: int = 0
    _permit_due_ms: int = 0

    # --- time --------------------------------------------------------------------------------

    def run(self, ms: float) -> None:
        until = self.room.now_ms + ms
        while self.room.now_ms < until:
            self._tick()

    def run_until(self, condition, within_ms: float) -> bool:  # type: ignore[no-untyped-def]
        until = self.room.now_ms + within_ms
        while not condition():
            if self.room.now_ms >= until:
                return False
            self._tick()
        return True

    def _tick(self) -> None:
        if self.permit_for and self.room.now_ms >= self._permit_due_ms:
            self._permit_due_ms = self.room.now_ms + PERMIT_EVERY_MS
            self.permit(self.permit_for)
        self.room.tick()

    # --- frames ------------------------------------------------------------------------------

    def permit(self, move_id: int) -> None:
        self._permit_seq = (self._permit_seq + 1) & 0xFFFF
        check = move_id ^ self._permit_seq ^ self.node ^ r.PERMIT_SALT
        self.write(r.BROADCAST, r.HR_PERMIT, [move_id, self._permit_seq, self.node, check])

    def stop(self) -> None:
        self.write(r.BROADCAST, r.HR_STOP, [r.STOP_WORD])

    def write(self, address: int, register: int, words: list[int]) -> None:
        """Function 16; waits a moment for the answer, if anybody answers, and does not look at it."""
        body = b"".join(word.to_bytes(2, "big") for word in words)
        head = bytes((address, 16)) + register.to_bytes(2, "big") + len(words).to_bytes(2, "big") + bytes((len(body),))
        self.room.heard.clear()
        self.room.say(_with_crc(head + body))
        if address != r.BROADCAST:
            self.room.run_until(lambda: len(self.room.heard) >= WRITE_ANSWER_BYTES, ANSWER_MS)
        self.room.run(GAP_MS)

    def read(self, address: int, register: int, count: int) -> list[int] | None:
        """Function 4; None = no valid answer in time."""
        self.room.run(GAP_MS)
        self.room.heard.clear()
        self.room.say(_with_crc(bytes((address, 4)) + register.to_bytes(2, "big") + count.to_bytes(2, "big")))
        expected = 5 + 2 * count
        self.room.run_until(lambda: len(self.room.heard) >= expected, ANSWER_MS)
        frame = bytes(self.room.heard[:expected])
        if len(frame) < expected or frame[:3] != bytes((address, 4, 2 * count)) or _with_crc(frame[:-2]) != frame:
            return None
        return [int.from_bytes(frame[at : at + 2], "big") for at in range(3, expected - 2, 2)]

    def state(self, address: int) -> dict[int, int]:
        """The carriage's state block by register address. Raises TimeoutError when the board is silent."""
        for _try in range(3):
            words = self.read(address, r.IR_STATE, r.IR_STATE_COUNT)
            if words is not None:
                return {r.IR_STATE + at: word for at, word in enumerate(words)}
        raise TimeoutError(f"board {address} does not answer")

    def command(self, address: int, code: int, within_ms: float = 1500.0, **words: int) -> int:
        """One command block; its ACK_* once handled. Words by name: move_id, target, speed, delay, opens, arg."""
        seq = self._seq.get(address, 0) % 0xFFFF + 1
        self._seq[address] = seq
        names = ("move_id", "target", "speed", "delay", "opens", "arg")
        self.write(address, r.HR_COMMAND, [seq, code, *(words.get(name, 0) for name in names)])
        until = self.room.now_ms + within_ms
        while self.room.now_ms < until:
            self.run(20)
            state = self.state(address)
            if state[r.IR_ACK_SEQ] == seq and state[r.IR_ACK_RESULT] != r.ACK_NONE:
                return state[r.IR_ACK_RESULT]
        raise TimeoutError(f"board {address} does not acknowledge command {code}")

    # --- what a node does with them ------------------------------------------------------------

    def arm(self, address: int, target: int, opens: int, move_id: int, delay: int = 0, speed: int = 50) -> int:
        return self.command(address, r.CMD_ARM, move_id=move_id, target=target, speed=speed, delay=delay, opens=opens)

    def find_all(self, move_id: int = 1) -> None:
        """Arm finding on every carriage towards its packed side, hold Start, tell each where it is."""
        pose = self.room.plant.rail.pose_mm()
        open_aisle = max(self.room.layout.aisles, key=self.room.plant.rail.gap_mm)
        columns = [column for column in self.room.layout.columns if column.address is not None]
        self.permit_for = move_id
        for column in columns:
            way = r.SIDE_LEFT if column.no <= open_aisle else r.SIDE_RIGHT
            ack = self.command(column.address or 0, r.CMD_FIND, move_id=move_id, arg=way)
            assert ack == r.ACK_ACCEPTED, (column.no, ack)
        self.room.act("start_hold")
        self.run(200)
        self.room.act("start_release")
        self.run(100)
        self.permit_for = 0
        for column in columns:
            ack = self.command(column.address or 0, r.CMD_REFERENCE, target=round(pose[column.no]))
            assert ack == r.ACK_ACCEPTED, (column.no, ack)


def _with_crc(frame: bytes) -> bytes:
    crc = crc16(frame)
    return frame + bytes((crc & 0xFF, crc >> 8))
