"""From a chosen move to a moving carriage: proof, lit Start, warning, travel (shelving-safety rules 2, 3, 4, 12, 14).

Pure: commands are plain calls that give an ACK_* code (None = the proof runs, ``ack`` follows), ``step`` runs once per
control loop after safety. Only a fresh press of Start, seen here, with a permit that names the move, starts the motor;
under the maintenance key only a fresh press at the local control point does, for as long as it lasts. Every end but
arrival drops the contactors and the brake at once. Nothing resumes or reverses by itself.
"""

from firmware.carriage.aisle import Button
from firmware.carriage.drive import FAULT, Drive
from firmware.carriage.local import Local
from firmware.carriage.permit import Permit
from firmware.carriage.position import Position
from firmware.carriage.proof import Proof
from firmware.carriage.safety import HELD_KEY, HELD_LOCK
from firmware.registers import (
    ACK_ACCEPTED,
    ACK_CONFIG,
    ACK_FAULT,
    ACK_LOCKED,
    ACK_MAINTENANCE,
    ACK_OCCUPIED,
    ACK_POSITION,
    ACK_PROOF,
    ACK_RANGE,
    ACK_STATE,
    ACK_SUPPLY,
    END_CANCELLED,
    END_FAULT,
    END_LOCKED,
    END_MAINTENANCE,
    END_NONE,
    END_NOT_STARTED,
    END_OCCUPIED,
    END_PERMIT_LOST,
    END_REACHED,
    END_RELEASED,
    END_STOPPED,
    LOCAL_MOST_MM_S,
    LOCAL_MOVE_ID,
    PROOF_ALL,
    SIDE_LEFT,
    SIDE_NONE,
    SIDE_RIGHT,
    START_WITHIN_MS,
    STATE_ARMED,
    STATE_FAULT,
    STATE_FIND_ARMED,
    STATE_FINDING,
    STATE_FOUND,
    STATE_LOCKED,
    STATE_MAINTENANCE,
    STATE_MOVING,
    STATE_READY,
    STATE_UNKNOWN,
    STATE_WARNING,
    WARNING_MS,
)

RESTING = 0
PROVING = 1
ARMED = 2
WARNING = 3
RUNNING = 4

FIND_MOST_MM_S = 25
DELAY_MOST_MS = 60000
CLOSED_MM = 20  # an aisle that was no wider when Start was pressed does not close: its carriages go together
AISLE_FAULTS = FAULT["beam"] | FAULT["occupied"]


class Motion:
    """``enable``, ``duty``, ``brake_released`` go to the drive; ``start_lamp`` and ``warning`` to the lamps."""

    def __init__(self, config):
        """``config``: the values of config.json, or None; without them nothing is accepted."""
        self.config = config
        self.position = Position(config)
        self.permit = Permit()
        self.proof = Proof()
        self.phase = RESTING
        self.ack = None  # ACK_* of the proof that just ended; whoever reads it sets it back to None
        self.move_id = 0
        self.target_mm = None
        self.end_reason = END_NONE
        self.proved = 0
        self.enable = False
        self.found = SIDE_NONE
        self._drive = Drive(config["stall_ma"] if config else 0)
        self._start = Button()
        self._seen_released = False
        self._held_for = 0  # the move that the node wanted when the press began that still lasts
        self._local = Local()
        self._is_local = False  # driven from the local control point, under the key
        self._closes = False  # the aisle ahead is one that this move closes
        self._finding = SIDE_NONE  # the way that is gone for as long as it is held
        self._opens = SIDE_NONE
        self._speed_mm_s = 0
        self._delay_ms = 0
        self._since_ms = 0
        self._to_left = False

    # --- what the registers show ---------------------------------------------------------------
    def state(self, faults, held):
        if faults:
            return STATE_FAULT
        if held & HELD_LOCK:
            return STATE_LOCKED
        if held and (self.phase == RESTING or self.phase == PROVING):
            return STATE_MAINTENANCE
        if self.phase == ARMED:
            return STATE_FIND_ARMED if self._finding else STATE_ARMED
        if self.phase == WARNING:
            return STATE_WARNING
        if self.phase == RUNNING:
            return STATE_FINDING if self._finding and not self._is_local else STATE_MOVING
        if self.found:
            return STATE_FOUND
        return STATE_READY if self.position.known else STATE_UNKNOWN

    def start_lamp(self):
        return self.phase == ARMED

    def start_pressed(self):
        return self._start.pressed

    def warning(self):
        return self.phase == WARNING or self.phase == RUNNING

    def driven(self):
        return self.phase == RUNNING

    def duty(self):
        return self._drive.duty if self.phase == RUNNING else 0

    def peak_ma(self):
        return self._drive.peak_ma

    # --- commands ------------------------------------------------------------------------------
    def arm(self, safety, snap, move_id, target_mm, speed_mm_s, delay_ms, opens):
        refused = self._refuse(safety, snap)
        if refused:
            return refused
        if not self.position.known:
            return ACK_POSITION
        config = self.config
        if not config["min_mm"] <= target_mm <= config["max_mm"] or not 1 <= speed_mm_s <= config["max_speed_mm_s"]:
            return ACK_RANGE
        if not 1 <= move_id < LOCAL_MOVE_ID or delay_ms > DELAY_MOST_MS or not SIDE_NONE <= opens <= SIDE_RIGHT:
            return ACK_RANGE
        self._begin(move_id, SIDE_NONE, opens, speed_mm_s, delay_ms)
        self.target_mm = target_mm
        return None

    def find(self, safety, snap, move_id, way, speed_mm_s):
        """Hold-to-run towards ``way`` until a neighbour is touched. ``speed_mm_s`` 0 = as configured."""
        refused = self._refuse(safety, snap)
        if refused:
            return refused
        if not SIDE_LEFT <= way <= SIDE_RIGHT or not 1 <= move_id < LOCAL_MOVE_ID:
            return ACK_RANGE
        most = min(FIND_MOST_MM_S, self.config["find_speed_mm_s"])
        self._begin(move_id, way, _behind(way), min(speed_mm_s or most, most), 0)
        self.position.lose()
        self.target_mm = None
        return None

    def reference(self, target_mm, snap):
        if self.phase != RESTING or not self.found:
            return ACK_STATE
        if not self.config["min_mm"] <= target_mm <= self.config["max_mm"]:
            return ACK_RANGE
        self.position.set_mm(target_mm, snap.travel_um)
        self.found = SIDE_NONE
        return ACK_ACCEPTED

    def cancel(self, safety):
        self._end(safety, END_CANCELLED)
        return ACK_ACCEPTED

    def stop(self, safety):
        """STOP. Costs nothing at rest; a Start still held counts no more, on any board."""
        self._held_for = 0
        self._end(safety, END_STOPPED)

    def _refuse(self, safety, snap):
        if self.config is None:
            return ACK_CONFIG
        if safety.faults:
            return ACK_FAULT
        return _held(safety) or self._refuse_here(safety, snap)

    def _refuse_here(self, safety, snap):
        if self.phase != RESTING:
            return ACK_STATE
        if not safety.aisles_clear():
            return ACK_OCCUPIED
        return 0 if safety.supply_starts(snap) else ACK_SUPPLY

    def _begin(self, move_id, finding, opens, speed_mm_s, delay_ms):
        self.phase = PROVING
        self.move_id = move_id
        self.end_reason = END_NONE
        self.found = SIDE_NONE
        self.proved = 0
        self.ack = None
        self._finding = finding
        self._is_local = move_id == LOCAL_MOVE_ID
        self._closes = False
        self._opens = opens
        self._speed_mm_s = speed_mm_s
        self._delay_ms = delay_ms
        self.permit.expect(move_id)
        self.proof.begin()

    # --- one control loop ----------------------------------------------------------------------
    def step(self, now_ms, snap, safety):
        self._start.step(now_ms, snap.ok("start_released"), None)
        if self._start.fell:
            self._held_for = self.permit.heard(now_ms)
        elif not self._start.pressed:
            self._held_for = 0
        self._local.step(now_ms, snap)
        if self.phase != PROVING:
            self.proof.settle(now_ms)
        if safety.unplaced or not self.position.agrees(now_ms, snap, self.phase == RUNNING):
            if not safety.unplaced:
                safety.latch(FAULT["gap_sensor"])
            self.position.lose()
            self.found = SIDE_NONE
        if self.found and (safety.held or not _touches(snap, self.found)):
            self.found = SIDE_NONE  # the neighbour that gave the place has gone, or may have
        if self.phase == RESTING:
            if self._local.began:
                self._drive_locally(snap, safety)
            return
        if safety.faults:
            self._end(safety, END_OCCUPIED if not safety.faults & ~AISLE_FAULTS else END_FAULT)
        elif safety.held & HELD_LOCK:
            self._end(safety, END_LOCKED)
        elif self._is_local != bool(safety.held):
            self._end(safety, END_MAINTENANCE)
        elif self._is_local and self._local.held != self._finding:
            self._end(safety, END_RELEASED)
        elif self.phase == PROVING:
            self._proving(now_ms, snap, safety)
        elif safety.aisle_occupied():
            self._end(safety, END_OCCUPIED)
        elif self.phase == ARMED:
            self._armed(now_ms, snap, safety)
        elif not self.permit.fresh(now_ms):
            self._end(safety, END_PERMIT_LOST)
        elif self._finding and not self._is_local and not self._start.pressed:
            self._released(now_ms, safety)
        elif self.phase == WARNING:
            self._warning(now_ms, snap, safety)
        else:
            self._running(now_ms, snap, safety)

    def _proving(self, now_ms, snap, safety):
        if not self.proof.step(now_ms, snap, safety.supply_starts(snap)):
            return
        self.proved = self.proof.proved
        if self.proved != PROOF_ALL:
            safety.latch(FAULT["proof_failed"])
            self._answer(ACK_PROOF)
            self._end(safety, END_FAULT)
        elif not safety.aisles_clear():
            self._answer(ACK_OCCUPIED)
            self._end(safety, END_OCCUPIED)
        elif self._is_local:
            self._warn(now_ms, snap, safety)
        else:
            self._answer(ACK_ACCEPTED)
            self._arm(now_ms)

    def _answer(self, ack):
        """Only a command is answered: what the local control point drives is none."""
        if not self._is_local:
            self.ack = ack

    def _drive_locally(self, snap, safety):
        """A press at the local control point began: proof, warning and travel for as long as it lasts. Rules 5 and 6
        hold under the key too, so both aisles are walked first."""
        way = self._local.began
        if self.config is None or safety.faults or safety.held != HELD_KEY or _touches(snap, way):
            return
        if self._refuse_here(safety, snap):
            return
        most = min(LOCAL_MOST_MM_S, self.config["find_speed_mm_s"])
        self._begin(LOCAL_MOVE_ID, way, _behind(way), most, 0)
        self.target_mm = None

    def _arm(self, now_ms):
        self.phase = ARMED
        self._since_ms = now_ms
        self._seen_released = False

    def _armed(self, now_ms, snap, safety):
        if now_ms - self._since_ms > START_WITHIN_MS:
            self._end(safety, END_NOT_STARTED)
            return
        if not self._start.pressed:
            self._seen_released = self._seen_released or snap.ok("start_released")
        # Finding goes from carriage to carriage under one held Start, pressed while this finding was wanted.
        held = self._finding and self._held_for == self.move_id
        if not (held or (self._start.fell and self._seen_released)) or not self.permit.fresh(now_ms):
            return
        if self._finding and _touches(snap, self._finding):
            self._touched(safety)
            return
        self._warn(now_ms, snap, safety)

    def _warn(self, now_ms, snap, safety):
        self.phase = WARNING
        self.enable = True
        self._since_ms = now_ms
        if not self._finding:
            ahead_mm = self._ahead_mm(snap)
            self._closes = ahead_mm is None or ahead_mm > CLOSED_MM
        if self._opens == SIDE_LEFT:
            safety.left.begin_opening()
        elif self._opens == SIDE_RIGHT:
            safety.right.begin_opening()

    def _warning(self, now_ms, snap, safety):
        if now_ms - self._since_ms < WARNING_MS + self._delay_ms:
            return
        if not safety.supply_starts(snap):
            safety.latch(FAULT["brown_out"])
            self._end(safety, END_FAULT)
            return
        if snap.ok("contactor_open"):
            safety.latch(FAULT["chain_open"])
            self._end(safety, END_FAULT)
            return
        self.phase = RUNNING
        if self._finding:
            here_um = snap.travel_um
            reach_um = self.config["rail_mm"] * 1000
            target_um = here_um - reach_um if self._finding == SIDE_LEFT else here_um + reach_um
        else:
            here_um = self.position.um(snap.travel_um)
            target_um = (self.target_mm or 0) * 1000
        self._drive.begin(now_ms, here_um, target_um, self._speed_mm_s)
        self._to_left = target_um < here_um

    def _running(self, now_ms, snap, safety):
        if self._finding and _touches(snap, self._finding):
            self._touched(safety)
            return
        if self._closes and not self._start.pressed and (self._ahead_mm(snap) or 0) < self.config["hold_last_mm"]:
            self._end(safety, END_RELEASED)
            return
        at_um = snap.travel_um if self._finding else self.position.um(snap.travel_um)
        leads = snap.touches_left() if self._to_left else snap.touches_right()
        self._drive.step(now_ms, at_um, snap.motor_ma, leads)
        if self._drive.fault:
            safety.latch(self._drive.fault)
            if self._drive.fault & (FAULT["run_away"] | FAULT["wrong_direction"]):
                self.position.lose()
            self._end(safety, END_FAULT)
        elif self._drive.arrived:
            self._end(safety, END_REACHED)

    def _touched(self, safety):
        way = SIDE_NONE if self._is_local else self._finding
        self._end(safety, END_REACHED)
        self.found = way

    def _ahead_mm(self, snap):
        """Of the aisle that this move drives into; None = unknown."""
        to_left = (self.target_mm or 0) * 1000 < self.position.um(snap.travel_um)
        return snap.gap_left_mm if to_left else snap.gap_right_mm

    def _released(self, now_ms, safety):
        """Hold-to-run was let go: motor off, and Start may be held again."""
        self._let_go(safety)
        self.end_reason = END_RELEASED
        if safety.aisles_clear():
            self._arm(now_ms)
        else:
            self._end(safety, END_RELEASED)

    def _let_go(self, safety):
        self.enable = False
        self._drive.duty = 0
        finding = self._finding != SIDE_NONE
        safety.left.end_opening(finding)
        safety.right.end_opening(finding)

    def _end(self, safety, reason):
        if self.phase == RESTING:
            return
        if self.phase == PROVING and self.ack is None:
            self._answer(ACK_FAULT if safety.faults else _held(safety) or ACK_STATE)
        if reason != END_REACHED:
            self._held_for = 0
        self._let_go(safety)
        self.proof.cancel()
        self.permit.forget()
        self.phase = RESTING
        self._finding = SIDE_NONE
        self._is_local = False
        self.move_id = 0
        self.end_reason = reason


def _held(safety):
    """ACK_* while somebody works at the block; 0 = nobody does."""
    if safety.held & HELD_LOCK:
        return ACK_LOCKED
    return ACK_MAINTENANCE if safety.held else 0


def _behind(way):
    """What lies behind is opened by going away from it."""
    return SIDE_RIGHT if way == SIDE_LEFT else SIDE_LEFT


def _touches(snap, side):
    return snap.touches_left() if side == SIDE_LEFT else snap.touches_right()
