"""One carriage board of a block: what it does with one input in one state is worked out once and remembered.

The firmware's own code does the step (model_board.py); a state is a number here, so that a block is a few numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from firmware.carriage import aisle, motion, permit, proof, safety, start
from firmware.carriage.drive import FAULT
from firmware.carriage.motion import PROVING, RESTING
from firmware.carriage.proof import PROOF
from firmware.carriage.report import run_state
from firmware.registers import SIDE_LEFT, SIDE_NONE, SIDE_RIGHT
from tests.proofs.model import CONFIG, MOVE, STEP_MS
from tests.proofs.model_board import NOW_MS, Board, Key
from tests.proofs.model_wires import Snap, World

# As model.SCALED, but one circuit to prove and a walk that has time for a person to leave the aisle.
CIRCUITS = (proof.CIRCUITS[1],)
PROOF_ALL = PROOF["edge_left"] | PROOF["absent"] | PROOF["contactor"] | PROOF["inputs"] | PROOF["supply"]
PROVED = PROOF_ALL & ~PROOF["absent"]
SCALED = (
    (motion, "WARNING_MS", 100), (start, "START_WITHIN_MS", 200), (aisle, "RESET_WALK_MS", 400),
    (aisle, "BOUNCE_MS", 0), (permit, "FRESH_MS", 100), (permit, "PERMIT_MS", 100),
    (safety, "CONTACTOR_MS", 100), (safety, "COAST_MS", 100), (proof, "CIRCUITS", CIRCUITS),
    (proof, "REST_MOST_MS", 200), (motion, "PROOF_ALL", PROVED),
)  # fmt: skip
HERE_MM = 1500  # where every carriage believes to be: how far it goes is the world's business
ORDERS = {
    "left": (0, SIDE_RIGHT),  # target in mm, the side that it opens by going there
    "right": (3000, SIDE_LEFT),
    "left, opens none": (0, SIDE_NONE),
    "right, opens none": (3000, SIDE_NONE),
}
FORGET = "forget"
WIRES = (
    "estop_ok", "start_released", "reset_released", "beam_left_ok", "beam_right_ok", "deep_left_released",
    "deep_right_released", "mouth_left_released", "mouth_right_released",
)  # fmt: skip


class Input(NamedTuple):
    """What one board meets in one step. ``open``: bits of WIRES that are open or pressed."""

    open: int
    gap_left: int
    gap_right: int
    closed: bool  # the contactors are in
    order: str  # of ORDERS, or FORGET; "" = none
    permit: bool
    stop: bool
    touches: bool  # what stands before it


@dataclass(frozen=True, slots=True)
class Seen:
    """What the world and the node see of a board."""

    phase: int
    state: int
    on: bool
    enable: bool
    to_left: bool
    tests: bool  # its self-test opens the room's chain
    faulty: bool
    proved: int
    left: int
    right: int
    why: tuple[int, int]
    ended: int


class Boards:
    """States of boards by number; ``tell`` = what a board only tells (why, how a move ended) is part of its state too.

    Use within ``scaled(SCALED)``.
    """

    def __init__(self, tell: bool) -> None:
        self._tell = tell
        self._keys: list[Key] = []
        self._numbers: dict[Key, int] = {}
        self._steps: dict[tuple[int, Input], int] = {}
        self.seen: list[Seen] = []
        self._board, self._snap, self._wires = Board(CONFIG), Snap(), World()
        self._fresh = {faulty: self._power_up(faulty) for faulty in (False, True)}

    def booted(self, faulty: bool) -> int:
        """A board that has just powered up, with or without faults in its flash."""
        return self._fresh[faulty]

    def _power_up(self, faulty: bool) -> int:
        fresh = Board(CONFIG, FAULT["reset_in_motion"] if faulty else 0)
        key = fresh.key(NOW_MS)
        return self._number((*key, *self._told(fresh)))

    def step(self, number: int, given: Input) -> int:
        found = self._steps.get((number, given))
        if found is None:
            found = self._steps[number, given] = self._work_out(number, given)
        return found

    def _work_out(self, number: int, given: Input) -> int:
        board, wires, now = self._board, self._wires, NOW_MS + STEP_MS
        self._load(self._keys[number])
        board.motion.position.set_mm(HERE_MM, 0)  # more is accepted than a real board would: it believes any place
        board.travel.next = "arrives" if given.touches else ""
        wires.open = frozenset(name for at, name in enumerate(WIRES) if given.open >> at & 1)
        wires.gap_left, wires.gap_right, wires.closed = given.gap_left, given.gap_right, given.closed
        snap = self._snap.read(wires, board.motion.proof.tests)
        if given.stop:
            board.motion.stop(board.safety)
        if given.order == FORGET:
            board.motion.forget(board.safety, 0)
        elif given.order and board.motion.phase != PROVING:
            target_mm, opens = ORDERS[given.order]
            board.motion.arm(board.safety, snap, MOVE, target_mm, 50, 0, opens)
        board.motion.ack = None
        seq = board.motion.permit._seq
        if given.permit:
            board.renew(now, MOVE, 0 if seq is None else seq + 1)
        if board.motion.permit._seq is not None:
            board.motion.permit._seq = 0
        board.control(now, snap)
        return self._number((*board.key(now), *self._told(board)))

    def _told(self, board: Board) -> tuple[int, int, int]:
        if not self._tell:
            return (0, 0, 0)
        ended = board.motion.end_reason if board.motion.phase == RESTING else 0
        return (board.safety.left.why, board.safety.right.why, ended)

    def _load(self, key: Key) -> None:
        board = self._board
        board.load(key)
        board.safety.left.why, board.safety.right.why, board.motion.end_reason = key[board.size() :]

    def _number(self, key: Key) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._keys)
            self._keys.append(key)
            self._load(key)
            self.seen.append(self._look())
        return number

    def _look(self) -> Seen:
        s, m = self._board.safety, self._board.motion
        return Seen(
            m.phase, run_state(m, s), self._board.on(), m.enable, m._trip._to_left, bool(m.proof.tests),
            bool(s.faults), m.proved, s.left.state, s.right.state, (s.left.why, s.right.why), m.end_reason,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self._keys)
