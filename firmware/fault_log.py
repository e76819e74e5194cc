"""What went wrong on this board, kept in flash: a bounded log that survives power cuts.

Records of 16 bytes with a CRC each are appended to one of two files in turn; the older one is begun anew when the
newer one is full. One append is one small flash write, and faults are latched until a person presses Reset, so the
flash outlives the board. What a power cut tore is counted, and taken out before anything is appended behind it.
"""

import struct

from firmware.modbus_rtu import crc16
from firmware.registers import (
    IR_LOG,
    IR_LOG_COUNT,
    IR_LOG_ENTRIES,
    IR_LOG_LOST,
    IR_LOG_WORDS,
)

FILES = ("log.0", "log.1")
RECORD = "<HHHII"  # number, kind, boot count, uptime in seconds, detail; the CRC follows
RECORD_BYTES = 16
FULL = 64  # records in one file
NUMBERS = 0x10000


class FaultLog:
    """``entries``: (number, kind, boot count, uptime_s, detail), newest first; ``lost``: torn or altered records."""

    def __init__(self, hal):
        self._hal = hal
        self.entries = []
        self.lost = 0
        self._file = 0
        self._records = 0  # in the current file
        newest = None
        for i in range(len(FILES)):
            found = self._read(FILES[i])
            if found and (newest is None or _newer(found[-1][0], newest)):
                newest = found[-1][0]
                self._file = i
                self._records = len(found)
            self.entries += found
        self._next = 0 if newest is None else (newest + 1) % NUMBERS
        self.entries.sort(key=lambda entry: (self._next - 1 - entry[0]) % NUMBERS)
        del self.entries[IR_LOG_ENTRIES:]

    def _read(self, name):
        """The good records of a file, which afterwards holds nothing else."""
        data = self._hal.read_file(name) or b""
        good = bytearray()
        found = []
        for at in range(0, len(data), RECORD_BYTES):
            record = data[at : at + RECORD_BYTES]
            if len(record) == RECORD_BYTES and crc16(record) == 0:
                found.append(struct.unpack(RECORD, record[:-2]))
                good += record
            else:
                self.lost += 1
        if len(good) < len(data):
            self._hal.replace_file(name, good)
        return found

    def add(self, kind, boot_count, uptime_s, detail):
        """Append one entry. Writes flash, so call it at standstill."""
        entry = (self._next, kind, boot_count & 0xFFFF, uptime_s & 0xFFFFFFFF, detail & 0xFFFFFFFF)
        record = bytearray(struct.pack(RECORD, *entry))
        record += struct.pack("<H", crc16(record))
        fresh = self._records >= FULL
        if fresh:
            self._file = 1 - self._file
            self._records = 0
        try:
            self._hal.write_file(FILES[self._file], record, not fresh)
            self._records += 1
        except OSError:
            self.lost += 1  # a full or broken flash must not stop the board from answering
        self._next = (self._next + 1) % NUMBERS
        self.entries.insert(0, entry)
        del self.entries[IR_LOG_ENTRIES:]

    def put(self, bank):
        """Show the newest entries in the registers."""
        bank.put(IR_LOG_COUNT, len(self.entries))
        bank.put(IR_LOG_LOST, self.lost)
        for i in range(len(self.entries)):
            _number, kind, boot_count, uptime_s, detail = self.entries[i]
            at = IR_LOG + i * IR_LOG_WORDS
            words = (kind, boot_count, uptime_s >> 16, uptime_s, detail >> 16, detail)
            for j in range(IR_LOG_WORDS):
                bank.put(at + j, words[j])


def _newer(number, than):
    return 0 < (number - than) % NUMBERS < NUMBERS // 2
