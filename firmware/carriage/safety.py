"""What this board holds against moving: latched faults and the latches of both aisles (shelving-safety rules 5 to 11).

Pure: ``step(now_ms, snapshot, …)`` once per control loop, before motion. Nothing here starts a motor; faults are
cleared only by the edge of the block's Reset line, and only those whose cause is gone.
"""

from firmware import board
from firmware.carriage.aisle import Aisle, Button
from firmware.carriage.drive import FAULT
from firmware.carriage.snapshot import IN, TIED
from firmware.registers import (
    AISLE_CLEAR,
    AISLE_OCCUPIED,
    SIDE_LEFT,
    SIDE_RIGHT,
    WHY_CIRCUIT,
    WHY_MOVED_UNASKED,
    WHY_WORK,
)

# Inputs that are a fault by themselves, moving or not.
DIRECT = (
    (IN["estop_ok"], FAULT["estop"]),
    (IN["edge_left_ok"], FAULT["edge_left"]),
    (IN["edge_right_ok"], FAULT["edge_right"]),
    (IN["crank_out"], FAULT["crank"]),
    (IN["level_ok"], FAULT["tilt"]),
    (IN["straight_ok"], FAULT["skew"]),
    (IN["fire_ok"], FAULT["fire"]),
    (IN["gas_ok"], FAULT["gas"]),
    (IN["leak_ok"], FAULT["leak"]),
)
MOVED = FAULT["crank"] | FAULT["tilt"] | FAULT["skew"] | FAULT["moved_unasked"]
UNPLACED = MOVED | FAULT["run_away"] | FAULT["wrong_direction"]
# A quake, or a motor that its own board cannot stop: nothing in the room may have voltage.
ROOM = FAULT["tilt"] | FAULT["moved_unasked"] | FAULT["run_away"] | FAULT["wrong_direction"] | FAULT["contactor_welded"]
STANDS = IN["crank_out"] | IN["level_ok"] | IN["straight_ok"]  # any of them open: somebody has been at the carriage
CONSEQUENCES = (FAULT["chain_open"], FAULT["occupied"])
HELD_KEY = 1  # the maintenance key is turned, or its wire is broken
HELD_LOCK = 2  # the padlock point is open, or its wire is broken

CONTACTOR_MS = 300
MOVED_UM = 10000
COAST_UM = 60000  # a stop from full speed
COAST_MS = 1000
LOOP_LATE_MS = 250
SUPPLY_START_MV = board.SUPPLY_NOMINAL_MV * 9 // 10
SUPPLY_STOP_MV = board.SUPPLY_NOMINAL_MV * 8 // 10
BROWN_OUT_MS = 50


class Safety:
    """``faults`` latched FAULT_* bits; ``left``, ``right`` the aisles; ``unplaced``: this step lost the position.

    ``held``: HELD_* bits, present now and not latched: somebody works at the block.
    """

    def __init__(self, faults):
        self.faults = faults
        self.left = Aisle()
        self.right = Aisle()
        self.unplaced = False
        self.held = 0
        self._causes = 0
        self._reset = Button()
        self._last_ms = None
        self._contactor_since_ms = None
        self._contactor_in = False
        self._brown_since_ms = None
        self._rest_um = None  # where the carriage came to rest
        self._driven_ms = None

    def latch(self, fault):
        """Motion, proof or start-up found this fault."""
        self.faults |= fault

    def occupy(self, why):
        """Both aisles count as occupied from now on."""
        self.left.occupy(why)
        self.right.occupy(why)

    def begin_opening(self, side):
        """A started order opens the aisle at SIDE_*."""
        if side == SIDE_LEFT:
            self.left.begin_opening()
        elif side == SIDE_RIGHT:
            self.right.begin_opening()

    def end_opening(self, only_if_crossed):
        self.left.end_opening(only_if_crossed)
        self.right.end_opening(only_if_crossed)

    def supply_starts(self, snap):
        return snap.supply_mv >= SUPPLY_START_MV

    def aisles_clear(self):
        return self.left.state == AISLE_CLEAR and self.right.state == AISLE_CLEAR

    def aisle_occupied(self):
        return self.left.state == AISLE_OCCUPIED or self.right.state == AISLE_OCCUPIED

    def room_drop(self):
        """Whether this board opens the whole room's enable."""
        return bool(self.faults & ROOM)

    def step(self, now_ms, snap, masked, enabled, driven):
        """``masked``: inputs opened by our own self-test; ``enabled``: contactors in; ``driven``: motor on too."""
        bits = snap.bits | masked
        causes = 0
        for bit, fault in DIRECT:
            if not bits & bit:
                causes |= fault
        if snap.bits & TIED != TIED:
            causes |= FAULT["proof_failed"]
        causes |= self._contactors(now_ms, snap, enabled)
        if driven and self._last_ms is not None and now_ms - self._last_ms > LOOP_LATE_MS:
            causes |= FAULT["loop_late"]
        self._last_ms = now_ms
        if self._brown(now_ms, snap.supply_mv < SUPPLY_STOP_MV and enabled):
            causes |= FAULT["brown_out"]
        moved = self._moved(now_ms, snap, driven)
        if moved and bits & IN["crank_out"]:
            causes |= FAULT["moved_unasked"]
        causes |= self._aisles(now_ms, snap, bits, enabled, moved)
        self._hold(snap)
        if self.held & HELD_LOCK:
            causes &= ~FAULT["chain_open"]
        for consequence in CONSEQUENCES:
            if causes & ~consequence:
                causes &= ~consequence  # the cause has a name of its own
        self._causes = causes
        self.faults |= causes
        self.unplaced = bool(causes & UNPLACED) or moved
        self._reset.step(now_ms, snap.ok("reset_released"))
        if self._reset.fell:
            self.faults &= causes | FAULT["config"]

    def _hold(self, snap):
        """Key back, or padlock off: whoever worked here may still stand in any aisle, so each is walked."""
        held = (0 if snap.ok("key_normal") else HELD_KEY) | (0 if snap.ok("unlocked") else HELD_LOCK)
        if self.held & ~held:
            self.occupy(WHY_WORK)
        self.held = held

    def _aisles(self, now_ms, snap, bits, enabled, moved):
        self.left.step(
            now_ms,
            snap.gap_left_mm,
            bool(bits & IN["beam_left_ok"]),
            snap.ok("deep_left_released"),
            snap.ok("mouth_left_released"),
            not enabled,
        )
        self.right.step(
            now_ms,
            snap.gap_right_mm,
            bool(bits & IN["beam_right_ok"]),
            snap.ok("deep_right_released"),
            snap.ok("mouth_right_released"),
            not enabled,
        )
        if moved or bits & STANDS != STANDS:
            self.occupy(WHY_MOVED_UNASKED)
        elif snap.bits & TIED != TIED:
            self.occupy(WHY_CIRCUIT)
        causes = FAULT["button_stuck"] if self.left.stuck or self.right.stuck else 0
        if enabled and self.aisle_occupied():
            causes |= self._why_occupied(snap, bits)
        return causes

    def _why_occupied(self, snap, bits):
        """The fault to name when a bordering aisle became occupied in mid-move."""
        if not bits & IN["beam_left_ok"] or not bits & IN["beam_right_ok"]:
            return FAULT["beam"]
        if snap.gap_left_mm is None or snap.gap_right_mm is None:
            return FAULT["gap_sensor"]
        return FAULT["occupied"]

    def _contactors(self, now_ms, snap, enabled):
        """Both contactors must follow the enable within CONTACTOR_MS. Once in, they must stay in: a chain that opened
        for a moment would otherwise close again under a driven motor and resume the move."""
        if enabled != snap.ok("contactor_open"):
            self._contactor_since_ms = None
            self._contactor_in = enabled
            return 0
        if enabled and self._contactor_in:
            return FAULT["chain_open"]
        if self._contactor_since_ms is None:
            self._contactor_since_ms = now_ms
        if now_ms - self._contactor_since_ms < CONTACTOR_MS:
            return 0
        return FAULT["chain_open"] if enabled else FAULT["contactor_welded"]

    def _brown(self, now_ms, low):
        if not low:
            self._brown_since_ms = None
            return False
        if self._brown_since_ms is None:
            self._brown_since_ms = now_ms
        return now_ms - self._brown_since_ms >= BROWN_OUT_MS

    def _moved(self, now_ms, snap, driven):
        """True in the step in which the carriage turns out to have moved without command."""
        if driven or self._rest_um is None:
            self._rest_um = snap.travel_um
            self._driven_ms = now_ms if driven else None
            return False
        coasting = self._driven_ms is not None
        away_um = abs(snap.travel_um - self._rest_um)
        if coasting and now_ms - self._driven_ms >= COAST_MS:
            self._driven_ms = None
            coasting = False
            if away_um <= COAST_UM:
                self._rest_um = snap.travel_um
                return False
        if away_um <= (COAST_UM if coasting else MOVED_UM):
            return False
        self._rest_um = snap.travel_um
        self._driven_ms = None
        return True
