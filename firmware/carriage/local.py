"""The block's one local control point: selector and two hold-to-run buttons (shelving-safety rule 14).

Pure. It counts only under the turned key and only at the carriage that its selector names; a button that was down
before counts for nothing, both together are none.
"""

from firmware.carriage.aisle import Button
from firmware.registers import SIDE_LEFT, SIDE_NONE, SIDE_RIGHT


class Local:
    """``held``: SIDE_* that a hand asks for now; ``began``: the same, in the one step in which its press begins."""

    def __init__(self):
        self.held = SIDE_NONE
        self.began = SIDE_NONE
        self._left = Button()
        self._right = Button()

    def step(self, now_ms, snap):
        left, right = self._left, self._right
        left.step(now_ms, snap.ok("jog_left_released"), None)
        right.step(now_ms, snap.ok("jog_right_released"), None)
        self.held = self.began = SIDE_NONE
        if snap.ok("key_normal") or snap.ok("jog_elsewhere") or left.pressed == right.pressed:
            return
        self.held = SIDE_LEFT if left.pressed else SIDE_RIGHT
        if left.fell or right.fell:
            self.began = self.held
