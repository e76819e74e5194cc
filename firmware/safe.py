"""The safe program: no image can be trusted, so this board only answers, says why, and takes a new image.

It lies in a slot of its own that is written over USB only. Nothing here can drive anything: the outputs are set to
rest in each loop, and every command is refused. It reads as a board in fault with everything unknown and occupied.
"""

from firmware import config
from firmware.bank import Bank
from firmware.identity import Boot, Record, put_identity, put_uptime
from firmware.loop import Loop
from firmware.modbus_rtu import Slave
from firmware.registers import (
    AISLE_OCCUPIED,
    FAULTS,
    INPUTS,
    IR_AISLE_LEFT,
    IR_AISLE_RIGHT,
    IR_FAULTS_HI,
    IR_FAULTS_LO,
    IR_GAP_LEFT_MM,
    IR_GAP_RIGHT_MM,
    IR_POSITION_MM,
    IR_RUN_STATE,
    IR_SENSE_AGE_MS,
    IR_SENSE_COUNT,
    IR_SENSE_FAULTS,
    IR_STATE_COUNT,
    IR_TARGET_MM,
    IR_WHY_LEFT,
    IR_WHY_RIGHT,
    KIND_CARRIAGE,
    KIND_SENSORS,
    SENSE_FAULT_SAFE,
    STATE_FAULT,
    UNKNOWN,
    WHY_CIRCUIT,
)

START_RELEASED = dict(INPUTS)["start_released"]
SAFE_MODE = dict(FAULTS)["safe_mode"]


class App(Loop):
    """``step(now_ms)`` in a harness, ``run()`` on the board."""

    def __init__(self, hal):
        file = hal.load(config.FILE)
        self._is_carriage = (file or {}).get("kind") != KIND_SENSORS
        kind = KIND_CARRIAGE if self._is_carriage else KIND_SENSORS
        values = config.opened(kind, file)
        address = values["address"] if values else config.LOST_ADDRESS
        boot = Boot(hal)
        self.bank = Bank(address, IR_STATE_COUNT if self._is_carriage else IR_SENSE_COUNT)
        super().__init__(hal, Slave(address, self.bank))
        put_identity(self.bank, hal, kind, address, config.crc(kind, values) if values else 0, boot, False)
        boot.begin()
        self.record = Record(hal, self.bank, boot, self._is_carriage)
        self._began_ms = None
        self._put_state()

    def _put_state(self):
        put = self.bank.put
        if not self._is_carriage:
            put(IR_SENSE_AGE_MS, UNKNOWN)
            put(IR_SENSE_FAULTS, SENSE_FAULT_SAFE)
            return
        put(IR_RUN_STATE, STATE_FAULT)
        put(IR_FAULTS_HI, SAFE_MODE >> 16)
        put(IR_FAULTS_LO, SAFE_MODE)
        for register in (IR_POSITION_MM, IR_GAP_LEFT_MM, IR_GAP_RIGHT_MM, IR_TARGET_MM):
            put(register, UNKNOWN)
        for register in (IR_AISLE_LEFT, IR_AISLE_RIGHT):
            put(register, AISLE_OCCUPIED)
        for register in (IR_WHY_LEFT, IR_WHY_RIGHT):
            put(register, WHY_CIRCUIT)

    def control(self, now_ms):
        """One control loop."""
        if self._began_ms is None:
            self._began_ms = now_ms
        update = self.record.update
        if self._is_carriage:
            self.hal.read()
            self.rest()
            pressed = not self.hal.raw_inputs & START_RELEASED
            self.hal.lamps(update.waiting() and now_ms % 1000 < 500, False, True, True)
            update.look_for_somebody(now_ms, pressed, True)
        self.hal.feed()
        put_uptime(self.bank, (now_ms - self._began_ms) // 1000)

    def keep(self, now_ms):
        if self.record.keep(now_ms - self._began_ms, self.slave.answered):
            self.hal.reset()

    def rest(self):
        """Let go of everything."""
        if self._is_carriage:
            self.hal.drive(False, 0, False)
            self.hal.test(0)
