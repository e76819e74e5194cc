"""What every board says about itself, and what it keeps about itself in flash."""

import firmware
from firmware.fault_log import FaultLog
from firmware.registers import (
    FIRMWARE_VERSION,
    IR_ADDRESS,
    IR_BOARD_ID_HI,
    IR_BOARD_ID_LO,
    IR_BOARD_KIND,
    IR_BOOT_COUNT,
    IR_BOOT_REASON,
    IR_CONFIG_CRC,
    IR_FIRMWARE_VERSION,
    IR_FLASH_OK,
    IR_MAP_VERSION,
    IR_UPDATE_AT,
    IR_UPDATE_FILE,
    IR_UPDATE_IMAGE_HI,
    IR_UPDATE_IMAGE_LO,
    IR_UPDATE_RESULT,
    IR_UPDATE_STATE,
    IR_UPTIME_S_HI,
    IR_UPTIME_S_LO,
    LOG_BOOT,
    LOG_REFUSED,
    LOG_UPDATED,
    MAP_VERSION,
    REFUSED_NOT,
)
from firmware.starts import Start
from firmware.update import Update

BOOT_FILE = "boot.json"


class Boot:
    """boot.json: {"count", "running"}. ``was_running`` True when the last life may have ended in mid-move."""

    def __init__(self, hal):
        self._hal = hal
        file = hal.load(BOOT_FILE)
        self.readable = file != {}
        file = {"count": 0, "running": False} if file is None else file
        count = file.get("count", 0)
        self.count = (count if isinstance(count, int) else 0) + 1 & 0xFFFF
        self.was_running = file.get("running") is not False
        self._running = False

    def begin(self):
        """Count this boot. What the last life left must be latched elsewhere before."""
        self._write()

    def running(self, running):
        """Remember across a reset whether a move runs. Writes flash at a change only, so call it at standstill."""
        if running != self._running:
            self._running = running
            self._write()

    def _write(self):
        self._hal.save(BOOT_FILE, {"count": self.count, "running": self._running})


def put_identity(bank, hal, kind, address, config_crc, boot, flash_ok):
    """Fill the identity block once at boot."""
    unique = hal.unique_id()
    low = 0
    for byte in unique[-4:]:
        low = low << 8 | byte
    bank.put(IR_MAP_VERSION, MAP_VERSION)
    bank.put(IR_FIRMWARE_VERSION, FIRMWARE_VERSION)
    bank.put(IR_BOARD_KIND, kind)
    bank.put(IR_BOARD_ID_HI, low >> 16)
    bank.put(IR_BOARD_ID_LO, low)
    bank.put(IR_BOOT_COUNT, boot.count)
    bank.put(IR_BOOT_REASON, hal.boot_reason())
    bank.put(IR_ADDRESS, address)
    bank.put(IR_CONFIG_CRC, config_crc)
    bank.put(IR_FLASH_OK, 1 if flash_ok else 0)


def put_uptime(bank, seconds):
    bank.put(IR_UPTIME_S_HI, seconds >> 16)
    bank.put(IR_UPTIME_S_LO, seconds)


class Record:
    """What a board keeps about itself beside its work: its fault log, its starts and the image it receives."""

    def __init__(self, hal, bank, boot, has_start):
        slot = firmware.SLOT
        self.update = Update(hal, slot, has_start)
        self._hal = hal
        self._bank = bank
        self._boot = boot
        self._start = Start(hal, slot)
        self._log = FaultLog(hal)
        self._result = REFUSED_NOT
        self._log.add(LOG_BOOT, boot.count, 0, hal.boot_reason() << 8 | self._start.number)
        self._start.log(self._log, boot.count)
        self._start.put(bank)
        self._log.put(bank)
        bank.update = self.update

    def note(self, kind, uptime_s, detail):
        """One entry of the fault log, at standstill."""
        self._log.add(kind, self._boot.count, uptime_s, detail)
        self._log.put(self._bank)

    def keep(self, up_ms, answered):
        """One slice of slow work, at standstill. True = reset the board now, into its new image."""
        update = self.update
        if self._start.step(up_ms, answered):
            self._start.put(self._bank)
        before = update.taken
        update.step()
        self.show()
        if update.result != self._result:
            self._result = update.result
            if update.result:
                self.note(LOG_REFUSED, up_ms // 1000, update.result)
        if update.taken and not before:
            self.note(LOG_UPDATED, up_ms // 1000, update.image)
            return update.has_start
        return False

    def show(self):
        bank, update = self._bank, self.update
        bank.put(IR_UPDATE_STATE, update.state)
        bank.put(IR_UPDATE_RESULT, update.result)
        bank.put(IR_UPDATE_FILE, update.file)
        bank.put(IR_UPDATE_AT, update.at)
        bank.put(IR_UPDATE_IMAGE_HI, update.image >> 16)
        bank.put(IR_UPDATE_IMAGE_LO, update.image)
