"""From an order to a moving carriage: proof, lit Start, warning, travel (shelving-safety rules 2, 3, 4, 12, 14).

Pure: commands are plain calls that give an ACK_* code (None = the proof runs, ``ack`` follows), ``step`` runs once per
control loop after safety. Only a fresh press of Start, seen here, with a permit that names the move, starts the motor;
under the maintenance key only a fresh press at the local control point does, for as long as it lasts. Every end but
arrival drops the contactors and the brake at once. Nothing resumes or reverses by itself.
"""

from firmware.carriage.drive import FAULT
from firmware.carriage.local import Local
from firmware.carriage.loss import Loss
from firmware.carriage.order import Order, cut_short, refused, refused_here, unproved
from firmware.carriage.permit import Permit
from firmware.carriage.position import Position, touches
from firmware.carriage.proof import Proof
from firmware.carriage.safety import HELD_KEY
from firmware.carriage.snapshot import IN
from firmware.carriage.start import Start
from firmware.carriage.trip import DOUBTFUL, Trip
from firmware.registers import (
    ACK_ACCEPTED,
    ACK_PROOF,
    ACK_STATE,
    END_CANCELLED,
    END_FAULT,
    END_NONE,
    END_NOT_STARTED,
    END_PERMIT_LOST,
    END_REACHED,
    END_RELEASED,
    END_STOPPED,
    LOSS_CRANKED,
    LOSS_JAMMED,
    LOSS_MOVED,
    PROOF_ALL,
    SIDE_NONE,
    WARNING_MS,
    WHY_FORGOTTEN,
    WHY_MOVED_UNASKED,
)

RESTING = 0
PROVING = 1
ARMED = 2
WARNING = 3
RUNNING = 4


class Motion:
    """``enable``, ``duty``, ``brake_released`` go to the drive; ``start_lamp`` and ``warning`` to the lamps."""

    def __init__(self, config):
        """``config``: the values of config.json, or None; without them nothing is accepted."""
        self.config = config
        self.position = Position(config)
        self.loss = Loss()
        self.permit = Permit()
        self.proof = Proof()
        self.order = Order(config)
        self.phase = RESTING
        self.ack = None  # ACK_* of the proof that just ended; whoever reads it sets it back to None
        self.end_reason = END_NONE
        self.proved = 0
        self.enable = False
        self._trip = Trip(config)
        self._start = Start()
        self._local = Local()
        self._since_ms = 0  # the warning's

    # --- what is shown ----------------------------------------------------------------------------
    def start_lamp(self):
        return self.phase == ARMED

    def start_pressed(self):
        return self._start.pressed()

    def warning(self):
        return self.phase == WARNING or self.phase == RUNNING

    def driven(self):
        return self.phase == RUNNING

    def duty(self):
        return self._trip.duty() if self.phase == RUNNING else 0

    def peak_ma(self):
        return self._trip.peak_ma()

    # --- commands ------------------------------------------------------------------------------
    def arm(self, safety, snap, move_id, target_mm, speed_mm_s, delay_ms, opens):
        order = self.order
        no = refused(self.config, safety, snap, self.phase == RESTING)
        no = no or order.to(self.position, move_id, target_mm, speed_mm_s, delay_ms, opens)
        if no:
            return no
        self._begin()
        return None

    def find(self, safety, snap, move_id, way, speed_mm_s):
        """Hold-to-run towards ``way`` until a neighbour is touched. ``speed_mm_s`` 0 = as configured."""
        no = refused(self.config, safety, snap, self.phase == RESTING) or self.order.find(move_id, way, speed_mm_s)
        if no:
            return no
        self._begin()
        self.position.lose()
        return None

    def reference(self, target_mm, snap):
        return ACK_STATE if self.phase != RESTING else self.position.refer(target_mm, snap.travel_um)

    def cancel(self, safety):
        self._end(safety, END_CANCELLED)
        return ACK_ACCEPTED

    def stop(self, safety):
        """STOP. Costs nothing at rest; a Start still held counts no more, on any board."""
        self._start.no_more()
        self._end(safety, END_STOPPED)

    def forget(self, safety, loss):
        """Rule 7: one carriage lost its place, so no place of the block is believed and every aisle is walked."""
        self.stop(safety)
        self.position.lose()
        safety.occupy(WHY_FORGOTTEN)
        self.loss.answer(loss)
        return ACK_ACCEPTED

    def _begin(self):
        self.phase = PROVING
        self.end_reason = END_NONE
        self.position.found = SIDE_NONE
        self.proved = 0
        self.ack = None
        self.permit.expect(self.order.move_id)
        self.proof.begin()

    # --- one control loop ----------------------------------------------------------------------
    def step(self, now_ms, snap, safety):
        self._start.step(now_ms, snap, self.permit)
        self._local.step(now_ms, snap)
        if self.phase != PROVING:
            self.proof.settle(now_ms)
        self._believe(now_ms, snap, safety)
        order = self.order
        if self.phase == RESTING:
            if self._local.began:
                self._drive_locally(snap, safety)
            return
        ended = cut_short(order, safety, self._local.held)
        if ended:
            self._end(safety, ended)
        elif self.phase == PROVING:
            self._proving(now_ms, snap, safety)
        elif self.phase == ARMED:
            self._armed(now_ms, snap, safety)
        elif not self.permit.fresh(now_ms):
            self._end(safety, END_PERMIT_LOST)
        elif order.way and not order.is_local and not self._start.pressed():
            self._released(now_ms, safety)
        elif self.phase == WARNING:
            self._warning(now_ms, snap, safety)
        else:
            self._running(now_ms, snap, safety)

    def _believe(self, now_ms, snap, safety):
        """What can no longer be where it was believed to be is nowhere, until it is found."""
        position = self.position
        cranked = not (snap.bits | self.proof.masked) & IN["crank_out"]
        self.loss.step(safety.unplaced, LOSS_CRANKED if cranked else LOSS_MOVED)
        if safety.unplaced:
            position.lose()
        elif not position.agrees(now_ms, snap, self.phase == RUNNING):
            safety.latch(FAULT["slip"])
            self._doubt(safety)
        position.keep_touch(snap, safety.held)

    def _doubt(self, safety):
        """Rule 8: doubtful is unknown; and whoever looks for the cause may stand in either aisle."""
        self.loss.happened(LOSS_JAMMED)
        self.position.lose()
        safety.occupy(WHY_MOVED_UNASKED)

    def _proving(self, now_ms, snap, safety):
        if not self.proof.step(now_ms, snap, safety.supply_starts(snap)):
            return
        self.proved = self.proof.proved
        if self.proved != PROOF_ALL:
            safety.latch(FAULT["proof_failed"])
            self._answer(ACK_PROOF)
            self._end(safety, END_FAULT)
        elif self.order.is_local:
            self._warn(now_ms, snap, safety)
        else:
            self._answer(ACK_ACCEPTED)
            self._arm(now_ms)

    def _answer(self, ack):
        """Only a command is answered: what the local control point drives is none."""
        if not self.order.is_local:
            self.ack = ack

    def _drive_locally(self, snap, safety):
        """A press at the local control point began: proof, warning and travel for as long as it lasts. Rules 5 and 6
        hold under the key too, so both aisles are walked first."""
        way = self._local.began
        if self.config is None or safety.faults or safety.held != HELD_KEY or touches(snap, way):
            return
        if not refused_here(safety, snap):
            self.order.by_hand(way)
            self._begin()

    def _arm(self, now_ms):
        self.phase = ARMED
        self._start.light(now_ms)

    def _armed(self, now_ms, snap, safety):
        order = self.order
        if self._start.late(now_ms):
            self._end(safety, END_NOT_STARTED)
        elif not self._start.counts(order, snap) or not self.permit.fresh(now_ms):
            pass
        elif order.way and touches(snap, order.way):
            self._reached(safety)
        else:
            self._warn(now_ms, snap, safety)

    def _warn(self, now_ms, snap, safety):
        order = self.order
        self.phase = WARNING
        self.enable = True
        self._since_ms = now_ms
        self._trip.look_ahead(order, self.position, snap)
        safety.begin_opening(order.opens)

    def _warning(self, now_ms, snap, safety):
        if now_ms - self._since_ms < WARNING_MS + self.order.delay_ms:
            return
        if not safety.supply_starts(snap):
            safety.latch(FAULT["brown_out"])
            self._end(safety, END_FAULT)
        elif snap.ok("contactor_open"):
            safety.latch(FAULT["chain_open"])
            self._end(safety, END_FAULT)
        else:
            self.phase = RUNNING
            self._trip.begin(now_ms, self.order, self.position, snap)

    def _running(self, now_ms, snap, safety):
        ended = self._trip.step(now_ms, self.order, self.position, snap, safety, self._start.pressed())
        if ended == END_REACHED:
            self._reached(safety)
        elif ended:
            if safety.faults & DOUBTFUL:
                self._doubt(safety)
            self._end(safety, ended)

    def _reached(self, safety):
        way = SIDE_NONE if self.order.is_local else self.order.way
        self._end(safety, END_REACHED)
        self.position.found = way

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
        self._trip.let_go()
        safety.end_opening(self.order.way != SIDE_NONE)

    def _end(self, safety, reason):
        if self.phase == RESTING:
            return
        if self.phase == PROVING and self.ack is None:
            self._answer(unproved(safety))
        if reason != END_REACHED:
            self._start.no_more()
        self._let_go(safety)
        self.proof.cancel()
        self.permit.forget()
        self.phase = RESTING
        self.order.end()
        self.end_reason = reason
