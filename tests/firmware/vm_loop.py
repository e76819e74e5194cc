"""Run by the real MicroPython VM: the whole carriage board, its real hal.py, minutes of loop with the heap locked.

The chip's modules are the bench's stand-ins; behind them one carriage, one bus and one clock that this file drives.
"""

import gc
import struct
import sys

BOARD = 5
HOME_MM, AWAY_MM = 3450, 2550


class Module:
    """What ``import`` finds under a name."""

    def __init__(self, **names):
        for name in names:
            setattr(self, name, names[name])


class Clock:
    def __init__(self):
        self.us = 0


class Line:
    """The bus: ``heard`` waits for the board, ``said`` came from it. Allocates nothing while the board uses it."""

    def __init__(self):
        self.heard = b""
        self.said = bytearray(256)
        self.count = 0
        self.fd = -1

    def readinto(self, buffer):
        if not self.heard:
            return None
        count = len(self.heard)
        for i in range(count):
            buffer[i] = self.heard[i]
        self.heard = b""
        return count

    def write(self, data, count):
        for i in range(count):
            self.said[i] = data[i]
        self.count = count
        return count


clock = Clock()
line = Line()
sys.modules["time"] = Module(
    ticks_ms=lambda: clock.us // 1000, ticks_us=lambda: clock.us, ticks_diff=lambda later, earlier: later - earlier
)


class Carriage:
    """Answers each exchange with what the pins of a healthy board would carry."""

    def __init__(self):
        self.open = set()
        self.um = 0
        self.ms = 0
        self.stall = False

    def ask(self, outputs):
        levels, duty, _led = struct.unpack(exchange.OUTPUTS, outputs)
        enabled = levels >> gpio["enable"] & 1
        took_ms = clock.us // 1000 - self.ms
        self.ms += took_ms
        if enabled and not self.stall:
            um = duty * board.DRIVE_FULL_MM_S * took_ms // board.DUTY_FULL
            self.um += um if levels >> gpio["motor_dir"] & 1 else -um
        bits = ALL_IN
        for name in self.open:
            bits &= ~IN[name]
        for i in range(len(board.TEST_PINS)):
            if levels >> gpio[board.TEST_PINS[i]] & 1:
                bits &= ~CIRCUITS[i][1]
        if enabled:
            bits &= ~IN["contactor_open"]
        left_mm = 900 + self.um // 1000
        gaps = [
            (4000 + mm * 16000 // 1200) * board.SHUNT_OHM // 1000 * 65535 // 3300 for mm in (left_mm, 900 - left_mm)
        ]
        motor = 25000 if self.stall else 4000 if duty else 0
        supply = 24000 * 65535 // board.SUPPLY_FULL_MV
        raw = bits ^ board.RAW_TIED_LOW
        return struct.pack(exchange.CARRIAGE_INPUTS, raw, self.um // 100, gaps[0], gaps[1], motor, supply)


carriage = Carriage()
sys.modules["plant_link"] = Module(address=BOARD, kind=1, reset="power", ask=carriage.ask, Port=lambda: line)

import exchange  # noqa: E402

from firmware import board, config, hal  # noqa: E402
from firmware import registers as r  # noqa: E402
from firmware.carriage.app import App  # noqa: E402
from firmware.carriage.drive import FAULT  # noqa: E402
from firmware.carriage.proof import CIRCUITS  # noqa: E402
from firmware.carriage.snapshot import ALL_IN, IN  # noqa: E402
from firmware.modbus_rtu import with_crc  # noqa: E402

gpio = {row[board.NAME]: row[board.GPIO] for row in board.CARRIAGE_PINS}
VALUES = {
    "address": BOARD, "rail_mm": 6950, "width_mm": 700, "min_mm": 2550, "max_mm": 3450, "max_speed_mm_s": 50,
    "find_speed_mm_s": 25, "stall_ma": 1500, "um_per_count": 100, "left_is_board": 1, "right_is_board": 1,
    "hold_last_mm": 300,
}  # fmt: skip


class Flash(hal.CarriageHal):
    """The real hal.py with its files in memory, so that the VM's working directory stays clean."""

    def __init__(self):
        self.files = {config.FILE: config.sealed(r.KIND_CARRIAGE, VALUES)}
        super().__init__()

    def load(self, name):
        return self.files.get(name)

    def save(self, name, values):
        self.files[name] = values

    def read_file(self, name):
        return None

    def write_file(self, name, data, append=False):
        pass

    def list_files(self, folder):
        return []


class Desk:
    """The board, stepped once a millisecond as its own loop would; counts what ran with the heap locked."""

    def __init__(self):
        self.app = App(Flash())
        self.steps = 0
        self.permit_for = 0
        self._seq = 0
        self.run(100)

    def run(self, ms):
        for _ in range(ms):
            clock.us += 1000
            if self.permit_for and clock.us // 1000 % 100 == 0:
                self.permit()
            self.app.step(self.app.hal.now_ms())
            self.steps += 1
        gc.collect()

    def say(self, head, words=()):
        data = bytearray(head)
        for word in words:
            data.append(word >> 8)
            data.append(word & 0xFF)
        line.heard = bytes(with_crc(data))
        line.count = 0

    def permit(self):
        self._seq += 1
        check = self.permit_for ^ self._seq ^ 9 ^ r.PERMIT_SALT
        self.say((0, 16, 0, r.HR_PERMIT, 0, 4, 8), (self.permit_for, self._seq, 9, check))

    def state(self, register):
        self.say((BOARD, 4, 0, r.IR_STATE, 0, r.IR_STATE_COUNT))
        self.run(8)
        assert line.count == 5 + 2 * r.IR_STATE_COUNT, line.count
        at = 3 + 2 * (register - r.IR_STATE)
        return line.said[at] << 8 | line.said[at + 1]

    def press(self, name, ms=200):
        carriage.open.add(name)
        self.run(ms)
        carriage.open.remove(name)
        self.run(100)

    def arm(self, seq, target_mm):
        self.say((BOARD, 16, 0, r.HR_COMMAND, 0, 8, 16), (seq, r.CMD_ARM, 77, target_mm, 50, 0, r.SIDE_RIGHT, 0))
        self.run(1000)
        assert self.state(r.IR_ACK_RESULT) == r.ACK_ACCEPTED


def check_a_move_with_bus_traffic(desk):
    for side in ("left", "right"):
        desk.press(f"deep_{side}_released")
        desk.press(f"mouth_{side}_released")
    desk.app.motion.position.set_mm(HOME_MM, desk.app.snapshot.travel_um)
    desk.arm(1, AWAY_MM)
    desk.permit_for = 77
    desk.run(150)
    carriage.open.add("start_released")  # held: the aisle closes below hold_last_mm
    desk.run(4000)
    assert desk.state(r.IR_RUN_STATE) == r.STATE_MOVING
    assert desk.state(r.IR_LOOK_MAX_MS) <= 5
    desk.run(22000)
    carriage.open.remove("start_released")
    assert desk.state(r.IR_END_REASON) == r.END_REACHED, desk.state(r.IR_END_REASON)
    assert abs(desk.state(r.IR_POSITION_MM) - AWAY_MM) <= 2
    desk.permit_for = 0


def check_finding_stop_garbage_and_refusals(desk):
    desk.press("deep_right_released")
    desk.press("mouth_right_released")
    desk.say((BOARD, 16, 0, r.HR_COMMAND, 0, 8, 16), (2, r.CMD_FIND, 78, 0, 0, 0, 0, r.SIDE_RIGHT))
    desk.run(1000)
    for head in (
        bytes((9, 4, 40)) + bytes(range(40)),
        (BOARD, 43, 1, 2),
        (BOARD, 4, 0, 90, 0, 120),
        (BOARD, 6, 0, 1, 0, 1),
    ):
        desk.say(head)
        desk.run(8)
    line.heard = bytes(range(200))
    desk.run(8)
    desk.say((0, 16, 0, r.HR_STOP, 0, 1, 2), (r.STOP_WORD,))
    desk.run(20)
    desk.say((BOARD, 16, 0, r.HR_COMMAND, 0, 8, 16), (3, r.CMD_LIGHT, 0, 3, 0, 0, 0, 7))
    desk.run(40)
    assert desk.state(r.IR_ACK_RESULT) == r.ACK_ACCEPTED


def check_what_an_update_asks(desk):
    desk.say((BOARD, 16, 0, r.HR_UPDATE, 0, 4, 8), (r.DO_BEGIN, 1, 2, 900))
    desk.run(50)
    assert desk.app.record.update.state == r.UPDATE_RECEIVING
    desk.say((BOARD, 21, 11, 6, 0, r.FILE_MANIFEST, 0, 0, 0, 2), (0x4142, 0x4344))
    desk.run(20)
    assert desk.app.record.update.at == 2
    desk.say((BOARD, 16, 0, r.HR_UPDATE, 0, 4, 8), (r.DO_CANCEL, 0, 0, 0))
    desk.run(20)
    assert desk.app.record.update.state == r.UPDATE_NONE


def check_key_control_point_and_padlock(desk):
    for side in ("left", "right"):
        desk.press(f"deep_{side}_released")
        desk.press(f"mouth_{side}_released")
    carriage.open |= {"key_normal", "jog_elsewhere"}
    desk.permit_for = r.LOCAL_MOVE_ID
    desk.run(150)
    carriage.open.add("jog_right_released")
    desk.run(3500)
    assert desk.state(r.IR_RUN_STATE) == r.STATE_MOVING
    carriage.open.add("unlocked")
    desk.run(20)
    assert desk.state(r.IR_RUN_STATE) == r.STATE_LOCKED
    carriage.open -= {"key_normal", "jog_elsewhere", "jog_right_released", "unlocked"}
    desk.permit_for = 0
    desk.run(100)
    assert desk.app.safety.faults == 0


def check_every_input_that_is_a_fault(desk):
    for name in [name for name, _bit in r.INPUTS[:10]] + ["straight_ok"]:
        desk.press(name, 400)
        desk.press("reset_released")
    desk.press("estop_ok")
    assert desk.app.safety.faults == FAULT["estop"]
    desk.press("reset_released")
    assert desk.app.safety.faults == 0


def check_a_stall(desk):
    for side in ("left", "right"):
        desk.press(f"deep_{side}_released")
        desk.press(f"mouth_{side}_released")
    desk.app.motion.position.set_mm(AWAY_MM, desk.app.snapshot.travel_um)
    desk.arm(9, HOME_MM)
    desk.permit_for = 77
    desk.run(150)
    desk.press("start_released")
    desk.run(2500)
    carriage.stall = True
    desk.run(1500)
    carriage.stall = False
    desk.permit_for = 0
    assert desk.app.safety.faults == FAULT["over_current"] or desk.app.safety.faults == FAULT["stall"]


def check_that_a_line_which_allocates_is_caught(desk):
    desk.app.safety.step = lambda *_inputs: [1, 2, 3]
    try:
        desk.run(20)
    except MemoryError:
        return
    raise AssertionError("the heap was not locked")


desk = Desk()
for check in (
    check_a_move_with_bus_traffic,
    check_finding_stop_garbage_and_refusals,
    check_what_an_update_asks,
    check_key_control_point_and_padlock,
    check_every_input_that_is_a_fault,
    check_a_stall,
    check_that_a_line_which_allocates_is_caught,
):
    check(desk)
    print(check.__name__, desk.steps, gc.mem_free())
assert desk.steps > 30000
print("all well")
