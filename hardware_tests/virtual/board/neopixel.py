"""Stand-in for MicroPython's neopixel: remembers which LED of the slot strip is lit."""

import machine


class NeoPixel:
    def __init__(self, pin, n):
        self._colours = [(0, 0, 0)] * n

    def fill(self, colour):
        self._colours = [colour] * len(self._colours)

    def __setitem__(self, index, colour):
        self._colours[index] = colour

    def write(self):
        lit = [i + 1 for i in range(len(self._colours)) if self._colours[i] != (0, 0, 0)]
        machine.board.slot_light = lit[0] if lit else 0
