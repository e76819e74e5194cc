"""One travel of the motor: soft start, speed, soft stop, and what may go wrong on the way.

Pure: ``begin`` then ``step`` at each control loop. Lengths in micrometres, speeds in micrometres per second.
"""

from firmware import board
from firmware.registers import FAULTS

FAULT = {}
for _name, _bit in FAULTS:
    FAULT[_name] = _bit

RAMP_UM_S2 = 40000  # soft start and stop
CREEP_UM_S = 5000  # slowest commanded speed, at the very end of the ramp
ARRIVED_UM = 1000
NEAR_UM = 15000  # pressed against a neighbour this close to the target is arrival, not a stall
FAR_UM = 1000000  # from further away the way to stop is no limit
JUMP_UM = 1000000  # more than this in a window, or in a second, is only told as this: products stay below 30 bits
ROOT_OF_1000 = 31623  # in thousandths
WINDOW = 10  # control loops over which the speed is measured

WRONG_WAY_UM = 5000
OVERSHOOT_UM = 15000
STALL_MS = 400
OVER_CURRENT_MS = 100
RUN_AWAY_MS = 100
PROGRESS_MS = 1500
PROGRESS_UM = 2000
PRESSED_MS = 300


class _Lasting:
    """True once a condition has held without a break for ``limit_ms``."""

    def __init__(self, limit_ms):
        self._limit_ms = limit_ms
        self._since_ms = None

    def begin(self):
        self._since_ms = None

    def step(self, now_ms, condition):
        if not condition:
            self._since_ms = None
            return False
        if self._since_ms is None:
            self._since_ms = now_ms
        return now_ms - self._since_ms >= self._limit_ms


def square_root(value):
    """The whole part of the square root, without the floats that would have to be allocated."""
    if value < 2:
        return max(0, value)
    guess = value
    better = (value + 1) // 2
    while better < guess:
        guess = better
        better = (guess + value // guess) // 2
    return guess


class Drive:
    """``duty`` for hal.drive, ``arrived``, ``fault`` (FAULT_* bits), ``peak_ma``."""

    def __init__(self, stall_ma):
        self._stall_ma = stall_ma
        self._from_um = self._target_um = 0  # all attributes exist from the start: a new one would be allocated
        self._way = 1
        self._limit_um_s = self._set_um_s = 0
        self._integral = 0
        self._last_ms = 0
        self._seen_ms = [0] * WINDOW
        self._seen_um = [0] * WINDOW
        self._seen_at = 0
        self._progress_ms = 0
        self._progress_um = 0
        self._stalled = _Lasting(STALL_MS)
        self._over = _Lasting(OVER_CURRENT_MS)
        self._runs = _Lasting(RUN_AWAY_MS)
        self._pressed = _Lasting(PRESSED_MS)
        self.duty = 0
        self.arrived = False
        self.fault = 0
        self.peak_ma = 0

    def begin(self, now_ms, at_um, target_um, speed_mm_s):
        self._from_um = at_um
        self._target_um = target_um
        self._way = 1 if target_um >= at_um else -1
        self._limit_um_s = speed_mm_s * 1000
        self._set_um_s = 0
        self._integral = 0
        self._last_ms = now_ms
        for i in range(WINDOW):
            self._seen_ms[i] = now_ms
            self._seen_um[i] = at_um
        self._seen_at = 0
        self._progress_ms = now_ms
        self._progress_um = at_um
        self._stalled.begin()
        self._over.begin()
        self._runs.begin()
        self._pressed.begin()
        self.duty = 0
        self.arrived = False
        self.fault = 0
        self.peak_ma = 0

    def step(self, now_ms, at_um, motor_ma, touches):
        """``touches`` = the contact switch of the face that leads is closed."""
        speed = self._measure(now_ms, at_um)
        left_um = (self._target_um - at_um) * self._way
        self.peak_ma = max(self.peak_ma, motor_ma)
        pressed = touches and abs(left_um) <= NEAR_UM and abs(speed) < 2000 and self._set_um_s > 0
        if left_um <= ARRIVED_UM and left_um > -OVERSHOOT_UM:
            self.arrived = True
        elif self._pressed.step(now_ms, pressed):
            self.arrived = True
        else:
            self.fault = self._watch(now_ms, at_um, left_um, speed, motor_ma, pressed)
        if self.arrived or self.fault:
            self.duty = 0
        else:
            self._control(now_ms, left_um, speed)
        self._last_ms = now_ms

    def _measure(self, now_ms, at_um):
        """Speed along the way, over the last WINDOW loops."""
        at = self._seen_at
        went_um = max(-JUMP_UM, min(JUMP_UM, at_um - self._seen_um[at]))
        took_ms = max(1, now_ms - self._seen_ms[at])
        self._seen_ms[at] = now_ms
        self._seen_um[at] = at_um
        self._seen_at = (at + 1) % WINDOW
        return max(-JUMP_UM, min(JUMP_UM, went_um * 1000 // took_ms)) * self._way

    def _control(self, now_ms, left_um, speed):
        dt = min(now_ms - self._last_ms, 50)
        braking = square_root(2 * RAMP_UM_S2 // 1000 * min(left_um, FAR_UM)) * ROOT_OF_1000 // 1000
        wanted = max(CREEP_UM_S, min(self._limit_um_s, braking))
        self._set_um_s = min(wanted, self._set_um_s + RAMP_UM_S2 * dt // 1000)
        most = board.DUTY_FULL * 2 // 5
        self._integral += (self._set_um_s - speed) * dt * 13 // 20000
        self._integral = max(-most, min(most, self._integral))
        forward = self._set_um_s * (board.DUTY_FULL // board.DRIVE_FULL_MM_S) // 1000
        self.duty = max(0, min(board.DUTY_FULL, forward + self._integral)) * self._way

    def _watch(self, now_ms, at_um, left_um, speed, motor_ma, pressed):
        if (at_um - self._from_um) * self._way < -WRONG_WAY_UM:
            return FAULT["wrong_direction"]
        too_fast = abs(speed) > self._limit_um_s + max(10000, self._limit_um_s // 3)
        if self._runs.step(now_ms, too_fast) or left_um <= -OVERSHOOT_UM:
            return FAULT["run_away"]
        if self._over.step(now_ms, motor_ma > self._stall_ma * 3):
            return FAULT["over_current"]
        if self._stalled.step(now_ms, motor_ma > self._stall_ma and not pressed):
            return FAULT["stall"]
        if pressed or abs(at_um - self._progress_um) >= PROGRESS_UM:
            self._progress_ms = now_ms
            self._progress_um = at_um
        elif now_ms - self._progress_ms >= PROGRESS_MS:
            return FAULT["stall"] if motor_ma > self._stall_ma else FAULT["no_progress"]
        return 0
