"""What stops a carriage, and in how many millimetres: one cause after another at an instant of a move.

The same for a technician's room and for the virtual bench; tests/proofs/faults.py runs it by the thousand, with causes
that only a virtual room can have. A run holds when the carriage came to rest within BUDGET_MM of what must stop it and
its cause is recorded by name. Before each Start a hostile node sends valid permits, replays and floods: nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from firmware import registers as r
from hardware_tests.bench import Bench
from hardware_tests.commission.hands import Block
from hardware_tests.commission.travel import GAP, OTHER, SIDES, groups, ready

BUDGET_MM = 100.0
PATIENCE_MS = 2_500
NARROW_MS = 1_500
WIDE_MM, WIDEST_MM = 350, 500
ENDS = {r.END_STOPPED: "stopped", r.END_PERMIT_LOST: "permit_lost", r.END_REACHED: "reached"}


class NotHeld(Exception):
    """A run in which something did not stop, or was not told. ``story``: what was done."""

    def __init__(self, what: str, story: list[str]) -> None:
        super().__init__("\n  ".join([what, *story]))
        self.what, self.story = what, story


@dataclass(frozen=True)
class Trip:
    """One carriage beside the open aisle goes into it."""

    column: int
    address: int
    way: str
    from_mm: int
    to_mm: int
    move: int

    @property
    def closes(self) -> int:
        return self.column - 1 if self.way == "left" else self.column

    @property
    def opens(self) -> int:
        return self.column if self.way == "left" else self.column - 1


Do = Callable[[Bench, Trip, Random], None]


@dataclass(frozen=True)
class Cause:
    """``records``: names of faults or ends of which one must be told; empty: the move may go on to its target.

    ``by_hand``: a person does it, so that on a real block it takes a moment; ``mend`` undoes it.
    """

    do: Do
    records: frozenset[str] = frozenset()
    mend: Do = field(default=lambda _bench, _trip, _random: None)
    by_hand: bool = False


def _hand(name: str, act: str, undo: str = "let_go", **args: Callable[[Trip], Any]) -> Cause:
    """An act of hardware_tests/virtual/acts.py whose arguments depend on the trip; ``undo`` "" = the same, off."""

    def given(trip: Trip) -> dict[str, object]:
        return {key: value(trip) for key, value in args.items()}

    def mend(bench: Bench, trip: Trip, _random: Random) -> None:
        if undo:
            bench.person(undo)
        else:
            off = "inserted" if act == "crank" else "on"
            bench.person(act, **given(trip), **{off: False})

    return Cause(lambda bench, trip, _random: bench.begin(act, **given(trip)), frozenset({name}), mend, by_hand=True)


def _silent(bench: Bench, _trip: Trip, _random: Random) -> None:
    bench.master.permit_for = 0


def _replay(bench: Bench, trip: Trip, _random: Random) -> None:
    """The node is gone; somebody repeats its last permit, ten times as fast."""
    bench.master.permit_for = 0
    for _ in range(8):
        bench.master.permit_seq -= 1
        bench.master.permit(trip.move)


def _flood(bench: Bench, _trip: Trip, random: Random) -> None:
    """A hostile node: permits of other moves, commands and halves of frames as fast as the bus takes them."""
    bench.master.permit_for = 0
    for _ in range(12):
        bench.master.permit(random.randrange(1, 60_000))
        bench.master.write(r.BROADCAST, r.HR_COMMAND, [random.randrange(65_536) for _ in range(8)])
        bench.master.line.say(random.randbytes(random.randrange(1, 30)))


def _wrong_order(bench: Bench, trip: Trip, random: Random) -> None:
    """References, arming and finding in mid-move, in any order, permits going on."""
    for code in random.sample([r.CMD_ARM, r.CMD_FIND, r.CMD_REFERENCE], 3):
        seq = random.randrange(1, 60_000)
        words = [seq, code, trip.move, 1500, 50, 0, r.SIDE_LEFT, r.SIDE_RIGHT]
        bench.master.write(trip.address, r.HR_COMMAND, words)


# Each is told in words stop.<name>.
CAUSES: dict[str, Cause] = {
    "beam_closing": _hand("beam", "hand_in_beam", aisle=lambda t: t.closes),
    "beam_opening": _hand("beam", "hand_in_beam", aisle=lambda t: t.opens),
    "edge_left": _hand("edge_left", "edge_press", column=lambda t: t.column, side=lambda _t: "left"),
    "edge_right": _hand("edge_right", "edge_press", column=lambda t: t.column, side=lambda _t: "right"),
    "estop": _hand("estop", "estop_press", "estop_release"),
    "fire": _hand("fire", "fire", ""),
    "gas": _hand("gas", "gas", ""),
    "crank": _hand("crank", "crank", "", column=lambda t: t.column),
    "stop": Cause(lambda bench, _t, _r: bench.master.stop(), frozenset({"stopped"})),
    "node_silent": Cause(_silent, frozenset({"permit_lost"})),
    "replay": Cause(_replay, frozenset({"permit_lost"})),
    "flood": Cause(_flood, frozenset({"permit_lost"})),
    "wrong_order": Cause(_wrong_order),
}


def with_leak(bench: Bench) -> dict[str, Cause]:
    """The causes that this block can have: a leak only where a rope hangs on one of its sensor boards."""
    if not bench.sensors:
        return CAUSES
    place = bench.sensors[0]
    return {**CAUSES, "leak": _hand("leak", "wet", "", place=lambda _t: place)}


def begin(block: Block, move: int, random: Random) -> Trip:
    """Every aisle walked, every position known: one carriage armed, a hostile node without effect, Start pressed.

    Returns once the carriage moves. Raises NotHeld, or StepFailed where the block cannot be made ready.
    """
    ready(block)
    trip = _trip(block, move)
    story = [f"column {trip.column} from {trip.from_mm} to {trip.to_mm} mm"]
    bench = block.bench
    accepted = bench.master.arm(trip.address, trip.to_mm, SIDES[OTHER[trip.way]], move)
    if accepted != r.ACK_ACCEPTED:
        raise NotHeld(f"a healthy carriage refused to be armed: ACK {accepted}", story)
    bench.master.permit_for = move
    _hostile_before_start(block, trip, random, story)
    bench.begin("start_press")
    if not bench.master.run_until(lambda: _running(block, trip), r.START_WITHIN_MS):
        raise NotHeld("it was not started", story)
    return trip


def under_way(block: Block, trip: Trip, cause: Cause, random: Random) -> None:
    """Goes on to an instant after which the opening aisle is either still narrow or wide enough to be walked.

    By hand it is always the latter: nobody does a thing in the first second.
    """
    master = block.bench.master
    if not cause.by_hand and random.random() < 0.5:
        master.run(random.uniform(0, NARROW_MS))
        return
    mm = min(random.randint(WIDE_MM, WIDEST_MM), max(0, abs(trip.to_mm - trip.from_mm) - WIDE_MM // 2))
    master.run_until(lambda: abs(block.state(trip.column)[r.IR_POSITION_MM] - trip.from_mm) >= mm, 60_000)


def finish(block: Block, trip: Trip) -> None:
    """Let a move that goes on come to its end."""
    block.bench.master.run_until(lambda: block.state(trip.column)[r.IR_END_REASON] != r.END_NONE, 60_000)


def spoil(block: Block, trip: Trip, cause: Cause, random: Random) -> tuple[float, set[str], bool]:
    """(mm from the last place before the cause to rest, what the board told, whether it goes on), as the board sees it.

    By hand the cause may take a person's time, so the place is read until the board ends the move.
    """
    bench = block.bench
    last_mm = block.state(trip.column)[r.IR_POSITION_MM]
    cause.do(bench, trip, random)
    deadline_ms = bench.master.line.now_ms + (bench.patience_ms if cause.by_hand else PATIENCE_MS)
    while cause.by_hand and bench.master.line.now_ms < deadline_ms:
        state = block.state(trip.column)
        if state[r.IR_END_REASON] != r.END_NONE:
            break
        last_mm = state[r.IR_POSITION_MM]
        bench.master.run(1)
    bench.master.run(PATIENCE_MS)
    rest = block.state(trip.column)
    if rest[r.IR_END_REASON] == r.END_NONE:
        return 0.0, set(), True
    rest_mm = rest[r.IR_POSITION_MM]
    return (0.0 if rest_mm == r.UNKNOWN else abs(rest_mm - last_mm)), told(block, trip.column), False


def told(block: Block, column: int) -> set[str]:
    """Everything that a board says of a move's end."""
    state = block.state(column)
    bits = state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]
    return {name for name, bit in r.FAULTS if bits & bit} | {ENDS.get(state[r.IR_END_REASON], "")} - {""}


def judge(name: str, cause: Cause, stop_mm: float, recorded: set[str], goes_on: bool) -> str:
    """What is written into the table's last column. Raises NotHeld."""
    if not cause.records:
        return "goes on" if goes_on else "stopped"
    if goes_on:
        raise NotHeld(f"{name}: does not stop", [])
    if stop_mm > BUDGET_MM:
        raise NotHeld(f"{name}: stops in {stop_mm:.0f} mm", [])
    if not cause.records & recorded:
        raise NotHeld(f"{name}: recorded as {', '.join(sorted(recorded)) or 'nothing'}", [])
    return ", ".join(sorted(cause.records & recorded))


def _trip(block: Block, move: int) -> Trip:
    """The last of the carriages beside the open aisle, into it."""
    columns, way = groups(block)[0]
    column = columns[0]
    state = block.state(column)
    from_mm, room_mm = state[r.IR_POSITION_MM], state[GAP[way]] - 2
    to_mm = from_mm - room_mm if way == "left" else from_mm + room_mm
    return Trip(column, block.address[column], way, from_mm, to_mm, move)


def _running(block: Block, trip: Trip) -> bool:
    return block.state(trip.column)[r.IR_RUN_STATE] == r.STATE_MOVING


def _hostile_before_start(block: Block, trip: Trip, random: Random, story: list[str]) -> None:
    """Valid permits as fast as the bus takes them, random commands and permits; nobody presses Start."""
    bench = block.bench
    for _ in range(5):
        bench.master.permit(trip.move)
        bench.master.write(r.BROADCAST, r.HR_COMMAND, [random.randrange(65_536) for _ in range(8)])
        bench.master.write(r.BROADCAST, r.HR_PERMIT, [random.randrange(65_536) for _ in range(4)])
        bench.master.run(10)
    state = block.state(trip.column)
    if state[r.IR_RUN_STATE] != r.STATE_ARMED or abs(state[r.IR_POSITION_MM] - trip.from_mm) > 1:
        raise NotHeld("a carriage moved, or would no longer start, without Start", story)
