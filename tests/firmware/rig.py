"""One carriage on a desk: the real safety and motion, inputs set by hand, a motor that does what it is told.

Runs under CPython and in the MicroPython VM, so it keeps to what both know.
"""

from firmware import board
from firmware.carriage.motion import Motion
from firmware.carriage.proof import CIRCUITS
from firmware.carriage.report import run_state
from firmware.carriage.safety import Safety
from firmware.carriage.snapshot import ALL_IN, IN, Snapshot
from firmware.registers import PERMIT_SALT, SIDE_RIGHT

LOOP_MS = 10
NODE = 0x4E4F
MOVE = 77
HOME_MM = 3450

CONFIG = {
    "address": 5,
    "rail_mm": 6950,
    "width_mm": 700,
    "min_mm": 2550,
    "max_mm": 3450,
    "max_speed_mm_s": 50,
    "find_speed_mm_s": 25,
    "stall_ma": 1500,
    "um_per_count": 100,
    "left_is_board": 1,
    "right_is_board": 1,
    "hold_last_mm": 0,
}


class Rig:
    """``run(ms)`` steps the control loop; everything a test may disturb is an attribute."""

    def __init__(self, faults=0, **config):
        self.config = dict(CONFIG)
        self.config.update(config)
        self.safety = Safety(faults)
        self.motion = Motion(self.config)
        self.snap = Snapshot()
        self.now_ms = 1000
        self.open = set()  # names of inputs that are pressed or broken
        self.gap_left_mm = 900
        self.gap_right_mm = 0
        self.travel_um = 0
        self.current_ma = 400
        self.supply_mv = 24000
        self.deaf = set()  # inputs that no longer answer their test
        self.absent = False
        self.contactor_follows = True
        self.contactor_closed = False
        self.drop_out_ms = 0  # so long the contactors stay in after the enable has gone
        self._enabled_ms = 0
        self.way = 1  # -1 = the motor is wired the wrong way round
        self.slip = False  # the motor turns nothing
        self.extra_um_s = 0  # somebody pushes
        self.permits = True
        self.permit_seq = 0
        self.loops = 0
        self.tests = 0  # what the loop before drives: a command comes after it
        self.peak_duty = 0
        self.run(50)

    # --- time and physics ------------------------------------------------------------------------
    def run(self, ms):
        """Whole control loops for this long."""
        end_ms = self.now_ms + ms
        while self.now_ms < end_ms:
            self.loop()

    def loop(self, ms=LOOP_MS):
        self.now_ms += ms
        self._physics(ms)
        if self.permits and self.motion.order.move_id and self.loops % 10 == 0:
            self.permit()
        self.loops += 1
        snap, safety, motion = self.snap, self.safety, self.motion
        self._read(snap)
        safety.step(self.now_ms, snap, motion.proof.masked, motion.enable, motion.driven())
        motion.step(self.now_ms, snap, safety)
        self.tests = motion.proof.tests
        self.peak_duty = max(self.peak_duty, abs(motion.duty()))

    def _physics(self, ms):
        motion = self.motion
        if motion.enable:
            self._enabled_ms = self.now_ms
        if self.contactor_follows:
            dropping = self.contactor_closed and self.now_ms - self._enabled_ms <= self.drop_out_ms
            self.contactor_closed = motion.enable or dropping
        um = self.extra_um_s * ms // 1000
        if motion.driven() and self.contactor_closed and not self.slip:
            um += motion.duty() * board.DRIVE_FULL_MM_S * ms // board.DUTY_FULL * self.way
        self.travel_um += um
        self.gap_left_mm = self._shifted(self.gap_left_mm, um)
        self.gap_right_mm = self._shifted(self.gap_right_mm, -um)

    def _shifted(self, gap_mm, um):
        """Gaps are kept in hundredths through a float: the rig's, not the firmware's."""
        return None if gap_mm is None else max(0, gap_mm + um / 1000)

    def _read(self, snap):
        bits = ALL_IN
        for name in self.open:
            bits &= ~IN[name]
        for test, opens, _proofs in CIRCUITS:
            if self.tests & test:
                bits &= ~opens
        for name in self.deaf:
            bits |= IN[name]
        if self.contactor_closed:
            bits &= ~IN["contactor_open"]
        if self.gap_left_mm is not None and self.gap_left_mm < 3:
            bits &= ~IN["contact_left_open"]
        if self.gap_right_mm is not None and self.gap_right_mm < 3:
            bits &= ~IN["contact_right_open"]
        snap.bits = bits
        snap.absent = self.absent
        snap.travel_um = self.travel_um
        snap.gap_left_mm = None if self.gap_left_mm is None else int(self.gap_left_mm)
        snap.gap_right_mm = None if self.gap_right_mm is None else int(self.gap_right_mm)
        snap.motor_ma = self.current_ma if self.motion.duty() else 0
        snap.supply_mv = self.supply_mv

    # --- what people and the node do -----------------------------------------------------------------
    def press(self, name, ms=200):
        """Push a button, hold it, let go."""
        self.open.add(name)
        self.run(ms)
        self.open.remove(name)
        self.run(100)

    def walk(self, side):
        """The walk-through reset of one aisle: deep button, then mouth button."""
        self.press("deep_" + side + "_released")
        self.press("mouth_" + side + "_released")

    def permit(self, move_id=None, seq=None, node=NODE, check=None):
        """One renewal as the bus delivers it. True when it counted."""
        move_id = self.motion.order.move_id if move_id is None else move_id
        if seq is None:
            self.permit_seq = (self.permit_seq + 1) & 0xFFFF
            seq = self.permit_seq
        check = move_id ^ seq ^ node ^ PERMIT_SALT if check is None else check
        return self.motion.permit.renew(self.now_ms, move_id, seq, node, check)

    def ready(self):
        """Both aisles walked, position known."""
        self.walk("left")
        self.walk("right")
        self.motion.position.set_mm(HOME_MM, self.travel_um)
        return self

    def arm(self, target_mm=2550, speed_mm_s=50, delay_ms=0, opens=SIDE_RIGHT, move_id=MOVE, late_ms=LOOP_MS):
        """CMD_ARM and its proof; the ACK_*. ``late_ms``: when the first loop after the command comes."""
        ack = self.motion.arm(self.safety, self.snap, move_id, target_mm, speed_mm_s, delay_ms, opens)
        return ack if ack is not None else self._proved(late_ms)

    def find(self, way, move_id=MOVE):
        ack = self.motion.find(self.safety, self.snap, move_id, way, 0)
        return ack if ack is not None else self._proved()

    def _proved(self, late_ms=LOOP_MS):
        self.loop(late_ms)
        for _ in range(200):
            self.loop()
            if self.motion.ack is not None:
                ack, self.motion.ack = self.motion.ack, None
                return ack
        raise AssertionError("the proof never ended")

    def moving(self, opens=SIDE_RIGHT, **move):
        """Armed, started, warned, and half a second under way."""
        assert self.ready().arm(opens=opens, **move) == 1
        self.run(100)
        self.press("start_released")
        self.run(2500)
        assert self.motion.driven(), "it should be moving"
        return self

    def state(self):
        return run_state(self.motion, self.safety)

    def position_mm(self):
        return self.motion.position.mm(self.travel_um) if self.motion.position.known else None
