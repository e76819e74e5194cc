"""One carriage board as a finite machine: firmware's own Safety, Motion, Aisle, Permit and Proof, stepped by events.

What is the firmware's: every line of those five files. What is the model's: one event per step of 100 ms; timers
scaled to a few steps (SCALED); at any step the drive may arrive or fail and the gaps become anything: more than a real
block can do. Times are kept as ages, cut off once no limit can tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from firmware.carriage import aisle, motion, permit, proof, safety, start
from firmware.carriage.motion import PROVING
from firmware.carriage.proof import PROOF
from firmware.carriage.snapshot import IN
from firmware.registers import ACK_ACCEPTED, AISLE_CLEAR, AISLE_OCCUPIED, SIDE_LEFT, SIDE_NONE, SIDE_RIGHT
from tests.proofs.model_board import NOW_MS, Board, Key
from tests.proofs.model_wires import FIELDS, OLDEST_MS, Snap, World

STEP_MS = 100
CRANK = (*proof.CIRCUITS[6][:2], proof.CONTACTS[:1])  # one of the contacts that share a test output
CIRCUITS = (proof.CIRCUITS[1], proof.CIRCUITS[5], CRANK)  # the left edge, the circuit that does not exist, a contact
PROOF_ALL = (
    PROOF["edge_left"] | PROOF["absent"] | PROOF["crank"] | PROOF["contactor"] | PROOF["inputs"] | PROOF["supply"]
)
SCALED = (
    (motion, "WARNING_MS", 100), (start, "START_WITHIN_MS", 200), (aisle, "RESET_WALK_MS", 200),
    (aisle, "BOUNCE_MS", 0), (permit, "FRESH_MS", 100), (permit, "PERMIT_MS", 100),
    (safety, "CONTACTOR_MS", 100), (safety, "COAST_MS", 100), (proof, "CIRCUITS", CIRCUITS),
    (proof, "REST_MOST_MS", 200), (motion, "PROOF_ALL", PROOF_ALL),
)  # fmt: skip
PERMIT_MS = 200  # a permit counts for one step, and lapsing is noticed in the next
AT_ONCE = 2  # so many wires, buttons and troubles may be out of their rest at the same time
MOVE, OTHER_MOVE = 7, 8
CONFIG = {
    "address": 2, "rail_mm": 4000, "width_mm": 700, "min_mm": 0, "max_mm": 3000, "max_speed_mm_s": 50,
    "find_speed_mm_s": 25, "stall_ma": 1500, "um_per_count": 100, "left_is_board": 1, "right_is_board": 1,
    "hold_last_mm": 0,
}  # fmt: skip
DANGERS = ("estop_ok", "edge_left_ok", "crank_out")
BUTTONS = ("start_released", "reset_released", "deep_left_released", "mouth_left_released", "mouth_right_released")
BEAMS = ("beam_left_ok", "beam_right_ok")
WORK = ("key_normal", "unlocked")
JOGS = ("jog_left_released", "jog_right_released")
GAPS = (0, 100, 500, None)


BASE = ("nothing", "toggle start_released", "toggle permit", "arm left", "arrives", "toggle mouth_left_released",
        "toggle mouth_right_released", "forget")  # fmt: skip
# Each model is closed under its own events: every order, any number of times.
MODELS = {
    "start": (
        *BASE,
        "find",
        "refer",
        "disarm",
        "stop",
        "replay",
        "other permit",
        "toggle estop_ok",
        "right 0",
        "right 100",
    ),
    "faults": (
        *BASE,
        "arm none",
        "toggle reset_released",
        "toggle edge_left_ok",
        "toggle crank_out",
        "stalls",
        "pushed",
    ),
    "aisles": (
        *BASE,
        "toggle deep_left_released",
        *(f"toggle {name}" for name in BEAMS),
        *(f"left {gap}" for gap in GAPS),
    ),
    # The key that is turned has this carriage on its selector too.
    "maintenance": (
        *BASE,
        "toggle reset_released",
        "toggle key_normal",
        "toggle unlocked",
        "toggle jog_left_released",
        "toggle jog_right_released",
        "toggle estop_ok",
        "stop",
        "right 100",
    ),
    "circuits": (
        *BASE,
        "toggle reset_released",
        "toggle low",
        "toggle deaf",
        "toggle mute",
        "toggle stuck_out",
        "find",
        "right 100",
    ),
}
EVENTS = tuple(dict.fromkeys(event for events in MODELS.values() for event in events))

# From power-up to a carriage that was walked and found; exploring begins at both ends of this story.
TO_READY = (
    *("toggle mouth_left_released",) * 2, *("toggle mouth_right_released",) * 2, "toggle permit", "right 100",
    *("nothing",) * 2, "find", *("nothing",) * 5, "toggle start_released", "nothing", "nothing", "right 0", "nothing",
    "toggle start_released", "refer", "toggle permit", *("nothing",) * 4,
)  # fmt: skip


class Machine:
    """One board and its world; ``load`` a state, ``step`` an event, ``key`` it again."""

    def __init__(self) -> None:
        self.board, self.world = Board(CONFIG), World()
        self.safety, self.motion, self.travel = self.board.safety, self.board.motion, self.board.travel
        self.snap = Snap()
        self.now_ms = NOW_MS
        for _ in range(2):
            self.step("nothing")

    # --- states as keys --------------------------------------------------------------------------

    def key(self) -> Key:
        return (*self.board.key(self.now_ms), *(getattr(self.world, name) for name in FIELDS))

    def load(self, key: Key) -> None:
        self.now_ms = NOW_MS
        self.board.load(key)
        for name, value in zip(FIELDS, key[self.board.size() :], strict=True):
            setattr(self.world, name, value)
        self.snap.read(self.world, self.motion.proof.tests)  # a command is judged by the last snapshot

    # --- one step --------------------------------------------------------------------------------

    def step(self, event: str) -> None:
        self.now_ms += STEP_MS
        world, now = self.world, self.now_ms
        self.travel.next = event
        pressed_before = "start_released" in world.open
        mouths_before = {side: f"mouth_{side}_released" in world.open for side in ("left", "right")}
        self._world(event)
        if not pressed_before and "start_released" in world.open:
            world.armed_press = True
        self._command(event)
        world.permit_age = min(OLDEST_MS, world.permit_age + STEP_MS)
        self._permits(event, now)
        world.closed = self.motion.enable and not world.stuck_out and not world.open & set(DANGERS)
        snap = self.snap.read(world, self.motion.proof.tests)
        if event == "pushed":
            snap.travel_um = 20_000
        masked = self.motion.proof.masked
        self.board.control(now, snap)
        self._rebase(snap)
        self._remember(event, mouths_before, masked)

    def _world(self, event: str) -> None:
        world = self.world
        verb, _, what = event.partition(" ")
        if verb == "toggle" and what in FIELDS:
            setattr(world, what, not getattr(world, what))
        elif verb == "toggle":
            world.open = world.open ^ ({what, "jog_elsewhere"} if what == "key_normal" else {what})
            if what in WORK and what not in world.open:
                world.owed_left = world.owed_right = True  # whoever worked here may still stand anywhere
        elif verb in ("left", "right"):
            setattr(world, f"gap_{verb}", None if what == "None" else int(what))

    def _command(self, event: str) -> None:
        motion_, safety_, snap = self.motion, self.safety, self.snap
        if motion_.phase == PROVING and event.split()[0] in ("arm", "find", "refer"):
            return  # as App.command: the proof's answer is still owed
        if event in ("arm left", "arm none"):
            opens = SIDE_LEFT if event == "arm left" else SIDE_NONE
            if motion_.arm(safety_, snap, MOVE, 1000, 50, 0, opens) is None:
                self.world.armed_press = False
        elif event == "find":
            if motion_.find(safety_, snap, MOVE, SIDE_RIGHT, 0) is None:
                self.world.armed_press = "start_released" in self.world.open
        elif event == "refer":
            if motion_.reference(1000, snap) == ACK_ACCEPTED:
                self.world.forgot = False
        elif event == "forget":
            motion_.forget(safety_, 0)
            self.world.forgot = self.world.owed_left = self.world.owed_right = True
        elif event == "disarm":
            motion_.cancel(safety_)
        elif event == "stop":
            motion_.stop(safety_)
        motion_.ack = None

    def _permits(self, event: str, now: int) -> None:
        heard, world = self.motion.permit, self.world
        seq = heard._seq
        if event == "replay":
            counted = self.board.renew(now, MOVE, seq or 0)
            if counted and seq is None:
                world.permit_age = 0  # the first frame that a board hears of a move is nobody's replay
        elif event == "other permit":
            self.board.renew(now, OTHER_MOVE, 1)
        if world.permit and self.board.renew(now, self.motion.order.move_id or MOVE, 0 if seq is None else seq + 1):
            world.permit_age = 0
        if heard._seq is not None:
            heard._seq = 0  # only newer than the last matters

    def _rebase(self, snap: Snap) -> None:
        """The zero of travel is wherever the carriage stands now."""
        if snap.travel_um and self.safety._rest_um is not None:
            self.safety._rest_um -= snap.travel_um
        self.motion.position._zero_um = 0
        self.motion.proof._still_um = 0
        snap.travel_um = 0

    def _remember(self, event: str, mouths_before: dict[str, bool], masked: int) -> None:
        world, motion_ = self.world, self.motion
        if event == "toggle reset_released" and "reset_released" in world.open:
            world.danger = False
        # A touch that comes and goes within that circuit's own self-test, at standstill, is told by nobody.
        if any(name in world.open and not IN[name] & masked for name in DANGERS):
            world.danger = True
        for side in ("left", "right"):
            let_go = mouths_before[side] and f"mouth_{side}_released" not in world.open
            if let_go:
                setattr(world, f"owed_{side}", False)
            gap = world.gap_left if side == "left" else world.gap_right
            if f"beam_{side}_ok" in world.open or gap is None:
                setattr(world, f"owed_{side}", True)
        if not motion_.phase:
            world.armed_press = False

    # --- what must never be ------------------------------------------------------------------------

    def broken(self) -> str:
        """The rule that this state breaks, or ""."""
        motion_, safety_, world = self.motion, self.safety, self.world
        if not self.board.on():
            return ""
        local = "key_normal" in world.open and bool(world.open & set(JOGS))
        checks: tuple[tuple[bool, str], ...] = (
            (bool(world.open & set(DANGERS)), "rule 1: motor on with a safety input open"),
            (bool(safety_.faults), "rule 9: motor on with a latched fault"),
            (world.danger, "rule 9: motor on after a fault that was not reset"),
            (motion_.proved != PROOF_ALL, "rule 2: motor on without a whole proof"),
            (world.permit_age > PERMIT_MS, "rule 4: motor on without a fresh permit"),
            (not world.armed_press and not local, "rule 3: motor on without Start"),
            (
                bool(motion_.order.way) and not local and "start_released" not in world.open,
                "rule 7: finding though Start was let go",
            ),
            (
                world.forgot and not motion_.order.way,
                "rule 7: motor on though its place was forgotten",
            ),
            ("key_normal" in world.open and not local, "rule 14: motor on under the key with no hand on its buttons"),
            ("unlocked" in world.open, "rule 14: motor on behind the padlock"),
            (AISLE_OCCUPIED in (safety_.left.state, safety_.right.state), "rule 6: motor on beside an occupied aisle"),
            (world.owed_left or world.owed_right, "rule 5: motor on beside an aisle that owes its walk"),
            (bool(world.open & set(BEAMS)), "rule 6: motor on with a beam broken"),
        )
        return next((rule for bad, rule in checks if bad), "")

    def out_of_rest(self) -> int:
        """How many wires, buttons and circuits are not as they rest."""
        world = self.world
        return len(world.open - {"jog_elsewhere"}) + world.low + world.deaf + world.mute + world.stuck_out

    def on(self) -> bool:
        return bool(self.motion.driven() and self.motion.duty())

    def clear(self) -> bool:
        return self.safety.left.state == AISLE_CLEAR == self.safety.right.state


@contextmanager
def scaled(limits: tuple[tuple[Any, str, object], ...] = SCALED) -> Iterator[None]:
    """The firmware's limits at the model's scale, for as long as it is explored."""
    before = [(module, name, getattr(module, name)) for module, name, _value in limits]
    for module, name, value in limits:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
