"""The registers of one board as the bus sees them: blocks of input registers, each read within itself."""

from firmware.modbus_rtu import BAD_ADDRESS, READ_INPUT
from firmware.registers import (
    HR_UPDATE,
    IR_IDENTITY,
    IR_IDENTITY_COUNT,
    IR_LOG,
    IR_LOG_COUNT_ALL,
    IR_SELF,
    IR_SELF_COUNT,
    IR_STATE,
    IR_WHO,
)


class Bank:
    """``put`` keeps the words up to date; IR_WHO rolls with each reply from the state block."""

    def __init__(self, address, state_count):
        self._address = address
        self._identity = [0] * IR_IDENTITY_COUNT
        self._state = [0] * state_count
        self._self = [0] * IR_SELF_COUNT
        self._log = [0] * IR_LOG_COUNT_ALL
        self._replies = 0
        self.update = None  # whoever receives images
        self._first = 0  # of the block that _block found

    def _block(self, register):
        """The block that holds this register, or would."""
        if register >= IR_LOG:
            self._first = IR_LOG
            return self._log
        if register >= IR_SELF:
            self._first = IR_SELF
            return self._self
        if register >= IR_STATE:
            self._first = IR_STATE
            return self._state
        self._first = IR_IDENTITY
        return self._identity

    def put(self, register, word):
        """Set one input register; ``word`` is cut to 16 bits, so negative values become two's complement."""
        block = self._block(register)
        block[register - self._first] = word & 0xFFFF

    def read(self, function, start, count):
        """The words, or None where any of them does not exist."""
        if function != READ_INPUT:
            return None
        block = self._block(start)
        if block is self._state:
            self._replies = (self._replies + 1) & 0xFF
            block[IR_WHO - IR_STATE] = self._address << 8 | self._replies
        at = start - self._first
        words = block[at : at + count]
        return words if len(words) == count else None

    def write(self, start, words, broadcast):
        """0 or an exception code."""
        if start == HR_UPDATE and not broadcast and self.update is not None:
            return self.update.command(words)
        return BAD_ADDRESS

    def record(self, file, at, data):
        """One file record of an image: 0 or an exception code."""
        return BAD_ADDRESS if self.update is None else self.update.record(file, at, data)
