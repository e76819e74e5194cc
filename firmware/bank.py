"""The registers of one board as the bus sees them: blocks of input registers, each read within itself."""

from firmware.modbus_rtu import BAD_ADDRESS, READ_INPUT, WRITE_FILE, WRITE_MANY
from firmware.registers import (
    HR_UPDATE,
    HR_UPDATE_COUNT,
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
        self._shown = self._identity  # what find found, and where
        self._at = 0

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

    def find(self, function, start, count):
        """Whether all of these registers exist; then ``word(i)`` gives the i-th."""
        if function != READ_INPUT:
            return False
        block = self._block(start)
        if block is self._state:
            self._replies = (self._replies + 1) & 0xFF
            block[IR_WHO - IR_STATE] = self._address << 8 | self._replies
        return self._found(block, start - self._first, count)

    def _found(self, block, at, count):
        self._shown = block
        self._at = at
        return at >= 0 and at + count <= len(block)

    def word(self, i):
        return self._shown[self._at + i]

    def is_slow(self, function, start):
        """Whether a request writes flash, so that it must not be handled within the control loop."""
        return function == WRITE_FILE or (function == WRITE_MANY and start == HR_UPDATE)

    def write(self, start, words, count, broadcast):
        """0 or an exception code; ``words`` is good only until this returns."""
        if start == HR_UPDATE and count == HR_UPDATE_COUNT and not broadcast and self.update is not None:
            return self.update.command(words)
        return BAD_ADDRESS

    def record(self, file, at, data):
        """One file record of an image: 0 or an exception code."""
        return BAD_ADDRESS if self.update is None else self.update.record(file, at, data)
