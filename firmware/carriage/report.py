"""What a carriage board tells the bus: its run state, and the state block after each control loop."""

from firmware.carriage.motion import ARMED, PROVING, RESTING, RUNNING, WARNING
from firmware.carriage.safety import HELD_LOCK
from firmware.registers import (
    IR_ACK_RESULT,
    IR_ACK_SEQ,
    IR_AISLE_LEFT,
    IR_AISLE_RIGHT,
    IR_CHOSEN,
    IR_END_REASON,
    IR_FAULTS_HI,
    IR_FAULTS_LO,
    IR_GAP_LEFT_MM,
    IR_GAP_RIGHT_MM,
    IR_INPUTS_HI,
    IR_INPUTS_LO,
    IR_LOOK_MAX_MS,
    IR_LOOP_MAX_MS,
    IR_LOSS,
    IR_MOTOR_MA,
    IR_MOVE_ID,
    IR_PEAK_MA,
    IR_PERMIT_AGE_MS,
    IR_POSITION_MM,
    IR_PROOF,
    IR_RUN_STATE,
    IR_SPEED_MM_S,
    IR_SUPPLY_MV,
    IR_TARGET_MM,
    IR_WHY_LEFT,
    IR_WHY_RIGHT,
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
    UNKNOWN,
)

SPEED_MS = 100


def run_state(motion, safety):
    """STATE_*. A fault says more than work at the block, work more than a move."""
    phase, order = motion.phase, motion.order
    if safety.faults:
        return STATE_FAULT
    if safety.held & HELD_LOCK:
        return STATE_LOCKED
    if safety.held and (phase == RESTING or phase == PROVING):
        return STATE_MAINTENANCE
    if phase == ARMED:
        return STATE_FIND_ARMED if order.way else STATE_ARMED
    if phase == WARNING:
        return STATE_WARNING
    if phase == RUNNING:
        return STATE_FINDING if order.way and not order.is_local else STATE_MOVING
    if motion.position.found:
        return STATE_FOUND
    return STATE_READY if motion.position.known else STATE_UNKNOWN


class Report:
    """Puts words into the bank's state block; keeps nothing but the speed."""

    def __init__(self, bank):
        self._bank = bank
        self._from_ms = 0
        self._from_um = 0
        self._speed_mm_s = 0

    def put(self, now_ms, snap, safety, motion, chooser):
        """One control loop's state."""
        bank = self._bank
        bank.put(IR_RUN_STATE, run_state(motion, safety))
        bank.put(IR_POSITION_MM, _position_mm(motion.position, snap))
        bank.put(IR_GAP_LEFT_MM, UNKNOWN if snap.gap_left_mm is None else snap.gap_left_mm)
        bank.put(IR_GAP_RIGHT_MM, UNKNOWN if snap.gap_right_mm is None else snap.gap_right_mm)
        bank.put(IR_FAULTS_HI, safety.faults >> 16)
        bank.put(IR_FAULTS_LO, safety.faults)
        # Nobody is to hear of a fire that our own self-test made.
        bits = snap.bits | motion.proof.masked
        bank.put(IR_INPUTS_HI, bits >> 16)
        bank.put(IR_INPUTS_LO, bits)
        bank.put(IR_AISLE_LEFT, safety.left.state)
        bank.put(IR_AISLE_RIGHT, safety.right.state)
        bank.put(IR_WHY_LEFT, safety.left.why)
        bank.put(IR_WHY_RIGHT, safety.right.why)
        bank.put(IR_PROOF, motion.proved)
        bank.put(IR_MOVE_ID, motion.order.move_id)
        bank.put(IR_PERMIT_AGE_MS, motion.permit.age_ms(now_ms))
        bank.put(IR_MOTOR_MA, snap.motor_ma)
        bank.put(IR_SUPPLY_MV, min(snap.supply_mv, 0xFFFF))
        bank.put(IR_SPEED_MM_S, self._speed(now_ms, snap))
        bank.put(IR_TARGET_MM, UNKNOWN if motion.order.target_mm is None else motion.order.target_mm)
        bank.put(IR_END_REASON, motion.end_reason)
        bank.put(IR_PEAK_MA, motion.peak_ma())
        bank.put(IR_CHOSEN, chooser.left << 8 | chooser.right)
        bank.put(IR_LOSS, motion.loss.word())

    def put_answer(self, seq, result):
        """The newest command and what became of it."""
        self._bank.put(IR_ACK_SEQ, seq)
        self._bank.put(IR_ACK_RESULT, result)

    def put_pauses(self, loop_max_ms, look_max_ms):
        """The longest since the last read."""
        self._bank.put(IR_LOOP_MAX_MS, loop_max_ms)
        self._bank.put(IR_LOOK_MAX_MS, look_max_ms)

    def _speed(self, now_ms, snap):
        took_ms = now_ms - self._from_ms
        if took_ms >= SPEED_MS:
            went_um = snap.travel_um - self._from_um
            self._speed_mm_s = went_um // took_ms if went_um >= 0 else -(-went_um // took_ms)
            self._from_ms = now_ms
            self._from_um = snap.travel_um
        return self._speed_mm_s


def _position_mm(position, snap):
    return max(0, min(UNKNOWN - 1, position.mm(snap.travel_um))) if position.known else UNKNOWN
