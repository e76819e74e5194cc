"""What every board says about itself, and its boot record in flash."""

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
    IR_UPTIME_S_HI,
    IR_UPTIME_S_LO,
    LOG_BOOT,
    MAP_VERSION,
)

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


def log_boot(log, boot, hal, bank):
    """Write this start into the fault log and show the log on the bus."""
    log.add(LOG_BOOT, boot.count, 0, hal.boot_reason() << 8)
    log.put(bank)
