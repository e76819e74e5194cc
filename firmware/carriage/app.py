"""The carriage board: bus, safety, motion and hardware in one loop.

Each control loop reads every input once, then safety decides what may not be, then motion what is done, then the
outputs are set and the watchdog is fed. Between two of them every safety input is read once more; what changed there is
controlled at once. Flash is written only while the motor is off: it stops the chip for up to a
tenth of a second.
"""

from firmware import board, config
from firmware.carriage.bank import CarriageBank
from firmware.carriage.chooser import Chooser
from firmware.carriage.drive import FAULT
from firmware.carriage.motion import PROVING, RESTING, WARNING, Motion
from firmware.carriage.report import Report
from firmware.carriage.safety import Safety
from firmware.carriage.snapshot import Snapshot
from firmware.identity import Boot, Record, put_identity, put_uptime
from firmware.loop import Loop
from firmware.modbus_rtu import Slave
from firmware.registers import (
    ACK_ACCEPTED,
    ACK_NONE,
    ACK_RANGE,
    ACK_STATE,
    AISLE_OCCUPIED,
    CMD_ARM,
    CMD_DISARM,
    CMD_FIND,
    CMD_FORGET,
    CMD_LIGHT,
    CMD_REFERENCE,
    IR_STATE,
    KIND_CARRIAGE,
    LOG_FAULT,
)

LATCHES_FILE = "latches.json"
BLINK_MS = 1000
LEAVE = FAULT["gas"] | FAULT["fire"]


class App(Loop):
    """``step(now_ms)`` in a harness, ``run()`` on the board."""

    def __init__(self, hal):
        values = config.opened(KIND_CARRIAGE, hal.load(config.FILE))
        address = values["address"] if values else config.LOST_ADDRESS
        self._boot = Boot(hal)
        latches = hal.load(LATCHES_FILE)
        kept = (latches or {}).get("faults")
        self._saved_faults = kept if isinstance(kept, int) else 0
        self.safety = Safety(self._boot_faults(values, latches))
        self.motion = Motion(values)
        self.motion.loss.booted(self._boot.count, self._boot.was_running)
        self.snapshot = Snapshot()
        self.chooser = Chooser()
        self.bank = CarriageBank(address, self)
        super().__init__(hal, Slave(address, self.bank))
        crc = config.crc(KIND_CARRIAGE, values) if values else 0
        flash_ok = values is not None and latches != {} and self._boot.readable
        put_identity(self.bank, hal, KIND_CARRIAGE, address, crc, self._boot, flash_ok)
        self._um_per_count = values["um_per_count"] if values else 1
        self._began_ms = 0
        self._last_ms = None
        self._loop_max_ms = 0
        self._look_max_ms = 0
        self._seen_ms = 0  # when the safety inputs were read last
        self._now_ms = 0
        self._seq = 0
        self._result = ACK_NONE
        self._light = 0
        self._lit = 0  # what the strip shows
        self._lamps = 0
        self._report = Report(self.bank)
        self.record = Record(hal, self.bank, self._boot, True)
        self._remember_faults()
        self._boot.begin()

    def _boot_faults(self, values, latches):
        """Faults survive a reset. A file that cannot be read may have held any: someone must look, then press Reset."""
        faults = 0
        if latches is not None:
            kept = latches.get("faults")
            faults = kept & ~FAULT["config"] if isinstance(kept, int) else FAULT["reset_in_motion"]
        if self._boot.was_running:
            faults |= FAULT["reset_in_motion"]
        return faults | (0 if values else FAULT["config"])

    # --- control -------------------------------------------------------------------------------
    def look(self, now_ms):
        seen = self.hal.raw_inputs
        self.hal.read_inputs()
        self._inputs_read(now_ms)
        return self.hal.raw_inputs != seen

    def _inputs_read(self, now_ms):
        """How long they had not been read, while it matters; at rest, flash may be written in between."""
        if self.motion.enable:
            self._look_max_ms = max(self._look_max_ms, now_ms - self._seen_ms)
        self._seen_ms = now_ms

    def control(self, now_ms):
        """One control loop."""
        hal, safety = self.hal, self.safety
        motion, snap = self.motion, self.snapshot
        self._now_ms = now_ms
        if self._last_ms is not None:
            self._loop_max_ms = max(self._loop_max_ms, now_ms - self._last_ms)
        else:
            self._began_ms = now_ms
        self._last_ms = now_ms
        hal.read()
        self._inputs_read(now_ms)
        snap.fill(hal, self._um_per_count)
        safety.step(now_ms, snap, motion.proof.masked, motion.enable, motion.driven())
        motion.step(now_ms, snap, safety)
        self.chooser.step(now_ms, snap)
        if motion.ack is not None:
            self._result = motion.ack
            motion.ack = None
        hal.drive(motion.enable, motion.duty(), motion.driven())
        hal.test(motion.proof.tests)
        hal.room_drop(safety.room_drop())
        blinks = self.record.update.waiting() and now_ms % BLINK_MS < BLINK_MS // 2
        hal.lamps(
            motion.start_lamp() or blinks, motion.warning(), self._lamp(1, safety.left), self._lamp(2, safety.right)
        )
        hal.feed()
        self._show(snap)
        self.record.update.look_for_somebody(now_ms, motion.start_pressed(), motion.phase == RESTING)

    def _show(self, snap):
        put_uptime(self.bank, self._uptime_s())
        self._report.put(self._now_ms, snap, self.safety, self.motion, self.chooser)
        self._report.put_answer(self._seq, self._result)
        self._report.put_pauses(self._loop_max_ms, self._look_max_ms)

    def keep(self, now_ms):
        """Flash stops the chip for up to a tenth of a second: only while the motor is off."""
        if self.motion.driven():
            return
        self._boot.running(self.motion.phase == WARNING)
        self._remember_faults()
        if self._lit != self._light and not self.motion.enable:
            self._lit = self._light
            self.hal.slot_light(self._light)
        if self.motion.phase == RESTING and self.record.keep(now_ms - self._began_ms, self.slave.answered):
            self.rest()
            self.hal.reset()

    def _lamp(self, bit, aisle):
        """Lights never go off in an occupied aisle, and all are on while gas or fire is latched: people leave."""
        return bool(self._lamps & bit) or aisle.state == AISLE_OCCUPIED or bool(self.safety.faults & LEAVE)

    def _remember_faults(self):
        faults = self.safety.faults
        if faults == self._saved_faults:
            return
        new = faults & ~self._saved_faults
        self._saved_faults = faults
        self.hal.save(LATCHES_FILE, {"faults": faults})
        if new:
            self.record.note(LOG_FAULT, self._uptime_s(), new)

    def _uptime_s(self):
        return (self._now_ms - self._began_ms) // 1000

    def was_read(self, start):
        """A block has been sent from this register on."""
        if start == IR_STATE:
            self._loop_max_ms = 0
            self._look_max_ms = 0

    def rest(self):
        """The program ends, for whatever reason: let go of everything."""
        self.hal.drive(False, 0, False)
        self.hal.test(0)

    # --- what the bus asks ---------------------------------------------------------------------
    def stop(self):
        """STOP acts at once, without waiting for the next control loop."""
        self.motion.stop(self.safety)
        self.hal.drive(False, 0, False)

    def permit(self, words):
        self.motion.permit.renew(self._now_ms, words[0], words[1], words[2], words[3])

    def command(self, words):
        """One command block. The same sequence number again is a repeat of a lost answer and does nothing."""
        seq = words[0]
        if seq == self._seq or self._last_ms is None:
            return
        if self.motion.phase == PROVING and words[1] != CMD_DISARM and words[1] != CMD_FORGET:
            return  # the command whose proof runs is still to be acknowledged
        self._seq = seq
        self._result = ACK_NONE
        result = self._do(words)
        if result is not None:
            self._result = result
            self.motion.ack = None

    def _do(self, words):
        code, move_id = words[1], words[2]
        target, speed = words[3], words[4]
        opens, arg = words[6], words[7]
        motion, safety = self.motion, self.safety
        snap = self.snapshot
        if code == CMD_ARM:
            return motion.arm(safety, snap, move_id, target, speed, words[5], opens)
        if code == CMD_DISARM:
            return motion.cancel(safety)
        if code == CMD_FIND:
            return motion.find(safety, snap, move_id, arg, speed)
        if code == CMD_REFERENCE:
            return motion.reference(target, snap)
        if code == CMD_FORGET:
            return self._forget(arg)
        if code == CMD_LIGHT:
            return self._set_lights(arg, target)
        return ACK_RANGE

    def _forget(self, loss):
        result = self.motion.forget(self.safety, loss)
        self.hal.drive(False, 0, False)  # as STOP: at once
        return result

    def _set_lights(self, light, lamps):
        if light > board.SLOT_LEDS or lamps > 3:
            return ACK_RANGE
        if self.motion.enable:
            return ACK_STATE
        self._lamps = lamps
        self._light = light
        return ACK_ACCEPTED
