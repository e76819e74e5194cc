"""What took the place away, until the whole block was told (shelving-safety rule 7).

One board cannot make its neighbours forget: it only says that it lost its place, with a number for each loss, and goes
on saying so until CMD_FORGET answers that very number. Pure; what is said here moves nothing and holds nothing up.
"""

from firmware.registers import LOSS_POWER_UP, LOSS_RESET_IN_MOTION, LOSS_TOLD


class Loss:
    """``word`` as IR_LOSS."""

    def __init__(self):
        self._count = 0
        self._cause = LOSS_POWER_UP
        self._last = LOSS_POWER_UP
        self._lasts = False

    def word(self):
        return self._count << 8 | self._cause

    def booted(self, count, was_running):
        """Every start loses the place; the boards' count of starts keeps two of them apart."""
        self._count = count & 0xFF
        self._cause = self._last = LOSS_RESET_IN_MOTION if was_running else LOSS_POWER_UP

    def happened(self, cause):
        self._count = (self._count + 1) & 0xFF
        self._cause = self._last = cause

    def step(self, lost, cause):
        """``lost``: what takes the place away is there now. A crank that goes in is one loss, and that it is out again
        another: what was turned in between, everybody forgets after it."""
        if lost and not self._lasts:
            self.happened(cause)
        elif self._lasts and not lost:
            self.happened(self._last)
        self._lasts = lost

    def answer(self, word):
        """The block was told of this loss. One that came since stays."""
        if word == self.word():
            self._cause = LOSS_TOLD
