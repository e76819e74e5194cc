"""Run by the real MicroPython VM with a board's heap: plain asserts, exit code 0 = all well."""

import gc
import random

gc.threshold(16384)  # as main.py does before it loads a program: compiling leaves holes otherwise

from rig import MOVE, Rig  # noqa: E402

from firmware import config, loop  # noqa: E402
from firmware import registers as r  # noqa: E402
from firmware.bank import Bank  # noqa: E402
from firmware.carriage.bank import CarriageBank  # noqa: E402
from firmware.carriage.drive import FAULT  # noqa: E402
from firmware.identity import Boot  # noqa: E402
from firmware.modbus_rtu import Slave, with_crc  # noqa: E402
from firmware.sensors.sht31 import crc8  # noqa: E402


def check_move():
    rig = Rig().ready()
    assert rig.arm() == r.ACK_ACCEPTED
    rig.run(100)
    rig.press("start_released")
    assert rig.state() == r.STATE_WARNING
    rig.run(25000)
    assert rig.motion.end_reason == r.END_REACHED
    assert abs(rig.position_mm() - 2550) <= 2
    assert rig.safety.right.state == r.AISLE_OCCUPIED


def check_no_start_no_motion():
    rig = Rig().ready()
    rig.arm()
    rig.run(12000)
    assert rig.travel_um == 0
    assert rig.motion.end_reason == r.END_NOT_STARTED


def check_stops():
    for name, fault in (("estop_ok", "estop"), ("edge_left_ok", "edge_left"), ("beam_right_ok", "beam")):
        rig = Rig().moving()
        rig.open.add(name)
        rig.loop()
        assert not rig.motion.enable, name
        assert rig.safety.faults == FAULT[fault], name
        gc.collect()
    rig = Rig().moving()
    rig.permits = False
    rig.run(400)
    assert rig.motion.end_reason == r.END_PERMIT_LOST


class Asked:
    """The app's side of a bank."""

    def __init__(self):
        self.stops = 0
        self.permits = []

    def command(self, words):
        pass

    def permit(self, words):
        self.permits.append(words[1])

    def stop(self):
        self.stops += 1

    def was_read(self, start):
        pass


def frame(head, words):
    data = bytearray(head)
    for word in words:
        data.append(word >> 8)
        data.append(word & 0xFF)
    return with_crc(data)


def give(slave, data):
    slave.feed(data, len(data))


def check_bus():
    """Random bursts: nothing raises, a broadcast STOP among other boards' frames is never lost."""
    random.seed(1)
    app = Asked()
    slave = Slave(5, CarriageBank(5, app))
    stop = frame((0, 16, 0, r.HR_STOP, 0, 1, 2), [r.STOP_WORD])
    request = frame((5, 4, 0, r.IR_STATE, 0, r.IR_STATE_COUNT), [])
    for i in range(300):
        words = [random.getrandbits(16) for _ in range(random.getrandbits(4) + 1)]
        give(slave, frame((9, 4, 2 * len(words)), words))
        give(slave, stop)
        give(slave, request)
        assert slave.end_of_burst() == 5 + 2 * r.IR_STATE_COUNT
        assert app.stops == i + 1
        give(slave, bytes([random.getrandbits(8) for _ in range(60)]))
        slave.end_of_burst()
        if i % 20 == 0:
            gc.collect()
    permit = frame((0, 16, 0, r.HR_PERMIT, 0, 4, 8), [MOVE, 1, 2, MOVE ^ 1 ^ 2 ^ r.PERMIT_SALT])
    give(slave, permit)
    assert slave.end_of_burst() == 0
    assert app.permits == [1]


def check_small_things():
    assert crc8(b"\xbe\xef") == 0x92
    file = config.sealed(r.KIND_SENSORS, {"address": 21})
    assert config.opened(r.KIND_SENSORS, file) == {"address": 21}
    bank = Bank(21, r.IR_SENSE_COUNT)
    assert bank.find(4, r.IR_SENSE, r.IR_SENSE_COUNT)
    assert bank.word(0) >> 8 == 21
    assert loop.CONTROL_MS == 10
    assert Boot is not None


for check in (check_move, check_no_start_no_motion, check_stops, check_bus, check_small_things):
    gc.collect()
    check()
    gc.collect()
    print(check.__name__, gc.mem_free())
print("all well")
