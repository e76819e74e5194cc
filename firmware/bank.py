"""The registers of one board as the bus sees them: an identity block and a state block of input registers."""

from firmware.modbus_rtu import BAD_ADDRESS, READ_INPUT
from firmware.registers import IR_IDENTITY, IR_IDENTITY_COUNT, IR_STATE, IR_WHO


class Bank:
    """``put`` keeps the words up to date; IR_WHO rolls with each reply from the state block."""

    def __init__(self, address, state_count):
        self._address = address
        self._identity = [0] * IR_IDENTITY_COUNT
        self._state = [0] * state_count
        self._replies = 0

    def put(self, register, word):
        """Set one input register; ``word`` is cut to 16 bits, so negative values become two's complement."""
        if register >= IR_STATE:
            self._state[register - IR_STATE] = word & 0xFFFF
        else:
            self._identity[register - IR_IDENTITY] = word & 0xFFFF

    def read(self, function, start, count):
        """The words, or None where any of them does not exist."""
        if function != READ_INPUT:
            return None
        if start < IR_STATE:
            words = self._identity[start - IR_IDENTITY : start - IR_IDENTITY + count]
        else:
            self._replies = (self._replies + 1) & 0xFF
            self._state[IR_WHO - IR_STATE] = self._address << 8 | self._replies
            words = self._state[start - IR_STATE : start - IR_STATE + count]
        return words if len(words) == count else None

    def write(self, _start, _words, _broadcast):
        """Nothing to write here: an exception code."""
        return BAD_ADDRESS
