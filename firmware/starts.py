"""This start of this image: what it is, and the word to the loader once it has lasted."""

from firmware import loader
from firmware.registers import (
    HEALTHY_MS,
    IR_IMAGE_HI,
    IR_IMAGE_LO,
    IR_SLOT,
    IR_START_TRIES,
    LOG_REVERTED,
    SLOTS,
)
from firmware.update import image_of


class Start:
    """``number`` SLOT_*; ``reverted`` the SLOT_* that the loader has just given up, or 0."""

    def __init__(self, hal, slot):
        self._hal = hal
        self._slot = slot
        self._record = loader.record_from(hal.load(loader.RECORD))
        self._lasted = slot not in ("a", "b")
        self._on_trial = slot != "" and self._record["trial"] == slot
        self.number = SLOTS.index(slot)
        reverted = self._record["reverted"]
        self.reverted = SLOTS.index(reverted) if reverted in SLOTS else 0

    def put(self, bank):
        image = image_of(self._hal.read_file(self._slot + "/" + loader.MANIFEST)) if self._slot else 0
        bank.put(IR_SLOT, self.number)
        bank.put(IR_IMAGE_HI, image >> 16)
        bank.put(IR_IMAGE_LO, image)
        bank.put(IR_START_TRIES, self._record["tries"])

    def log(self, log, boot_count):
        """Write down once what the loader gave up."""
        if self.reverted:
            log.add(LOG_REVERTED, boot_count, 0, self.reverted)
            self._record["reverted"] = ""
            self._hal.save(loader.RECORD, self._record)

    def step(self, up_ms, answered):
        """After HEALTHY_MS the image counts as good; one under trial must have answered on the bus too. True once.

        Writes flash, so call it at standstill.
        """
        if self._lasted or up_ms < HEALTHY_MS or (self._on_trial and not answered):
            return False
        record = loader.record_from(self._hal.load(loader.RECORD))
        if self._on_trial:
            record["previous"] = record["active"]
            record["active"] = self._slot
            record["trial"] = ""
        record["tries"] = 0
        self._lasted = True
        self._record = record
        self._hal.save(loader.RECORD, record)
        return True
