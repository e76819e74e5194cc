"""Stand-in for MicroPython's rp2: a state machine that has counted what the plant's encoder says.

The PIO program itself is not run here; it is proved on a real chip (hardware_tests/test_motion.py).
"""

import machine


class PIO:
    SHIFT_LEFT = 0
    SHIFT_RIGHT = 1


def asm_pio(**_settings):
    return lambda program: program


class StateMachine:
    def __init__(self, id, program, freq=0, in_base=None):
        self._zero = None

    def active(self, on):
        pass

    def rx_fifo(self):
        return 1

    def get(self, buffer):
        """The count since this board started, into ``buffer[0]``."""
        if machine.board.fetched_ms is None:
            buffer[0] = 0
            return
        count = machine.board.inputs[1]
        if self._zero is None:
            self._zero = count
        buffer[0] = count - self._zero
