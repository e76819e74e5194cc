"""The carriage's own buttons, one for the aisle at each face: a press asks the node for it and does nothing here.

Presses are counted, so that a node that asks five times a second misses none.
"""

from firmware.carriage.aisle import Button


class Chooser:
    """``left`` and ``right``: presses since boot, 0..255 and round again."""

    def __init__(self):
        self.left = 0
        self.right = 0
        self._left = Button()
        self._right = Button()

    def step(self, now_ms, snap):
        self._left.step(now_ms, snap.ok("choose_left_released"))
        self._right.step(now_ms, snap.ok("choose_right_released"))
        if self._left.fell:
            self.left = self.left + 1 & 0xFF
        if self._right.fell:
            self.right = self.right + 1 & 0xFF
