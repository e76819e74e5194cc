"""The sensor board: climate, light and leak, read in turn and reported with their age. It moves nothing."""

from firmware import board, config
from firmware.bank import Bank
from firmware.identity import Boot, Record, put_identity, put_uptime
from firmware.loop import Loop
from firmware.modbus_rtu import Slave
from firmware.registers import (
    IR_LEAK,
    IR_LUX,
    IR_RH_CPCT,
    IR_SENSE_AGE_MS,
    IR_SENSE_COUNT,
    IR_SENSE_FAULTS,
    IR_SENSE_OK,
    IR_TEMP_CC,
    KIND_SENSORS,
    SENSE_FAULT_CLIMATE_CRC,
    SENSE_FAULT_CLIMATE_SILENT,
    SENSE_FAULT_CONFIG,
    SENSE_FAULT_LEAK_WIRE,
    SENSE_FAULT_LIGHT_SILENT,
    SENSE_LEAK,
    SENSE_LUX,
    SENSE_RH,
    SENSE_TEMP,
    UNKNOWN,
)
from firmware.sensors.bh1750 import Bh1750
from firmware.sensors.leak import LeakRope
from firmware.sensors.sht31 import Sht31

OLD_MS = 3000  # a value older than this is no longer good


class App(Loop):
    """``step(now_ms)`` in a harness, ``run()`` on the board."""

    def __init__(self, hal):
        values = config.opened(KIND_SENSORS, hal.load(config.FILE))
        address = values["address"] if values else config.LOST_ADDRESS
        self._config_fault = 0 if values else SENSE_FAULT_CONFIG
        boot = Boot(hal)
        boot.begin()
        self.bank = Bank(address, IR_SENSE_COUNT)
        super().__init__(hal, Slave(address, self.bank))
        crc = config.crc(KIND_SENSORS, values) if values else 0
        put_identity(self.bank, hal, KIND_SENSORS, address, crc, boot, values is not None and boot.readable)
        self.record = Record(hal, self.bank, boot, False)
        self._climate = Sht31(hal.i2c, board.SHT31_ADDRESS)
        self._light = Bh1750(hal.i2c, board.BH1750_ADDRESS)
        self._leak = LeakRope(hal)
        self._began_ms = None

    def control(self, now_ms):
        """One control loop."""
        if self._began_ms is None:
            self._began_ms = now_ms
        self._climate.step(now_ms)
        self._light.step(now_ms)
        self._leak.step(now_ms)
        self.hal.feed()
        self._report(now_ms)

    def keep(self, now_ms):
        """It moves nothing: flash may be written at any time."""
        self.record.keep(now_ms - self._began_ms, self.slave.answered)

    def rest(self):
        """There is nothing to let go of."""

    def _report(self, now_ms):
        put, climate, light, leak = self.bank.put, self._climate, self._light, self._leak
        put_uptime(self.bank, (now_ms - self._began_ms) // 1000)
        oldest = 0
        good = 0
        for driver, bits in ((climate, SENSE_TEMP | SENSE_RH), (light, SENSE_LUX), (leak, SENSE_LEAK)):
            age = 0xFFFF if driver.good_ms is None else min(0xFFFF, now_ms - driver.good_ms)
            if age <= OLD_MS:
                good |= bits
                oldest = max(oldest, age)
        put(IR_TEMP_CC, climate.temp_cc if good & SENSE_TEMP else UNKNOWN)
        put(IR_RH_CPCT, climate.rh_cpct if good & SENSE_RH else UNKNOWN)
        put(IR_LUX, min(light.lux, UNKNOWN - 1) if good & SENSE_LUX else UNKNOWN)
        put(IR_LEAK, (1 if leak.wet else 0) if good & SENSE_LEAK else UNKNOWN)
        put(IR_SENSE_OK, good)
        put(IR_SENSE_AGE_MS, oldest if good else 0xFFFF)
        put(IR_SENSE_FAULTS, self._faults())

    def _faults(self):
        faults = self._config_fault
        if self._climate.silent:
            faults |= SENSE_FAULT_CLIMATE_SILENT
        if self._climate.corrupt:
            faults |= SENSE_FAULT_CLIMATE_CRC
        if self._light.silent:
            faults |= SENSE_FAULT_LIGHT_SILENT
        return faults | (SENSE_FAULT_LEAK_WIRE if self._leak.cut else 0)
