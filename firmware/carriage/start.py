"""The block's Start, lit for one order: which press of it counts (shelving-safety rule 3).

Pure. A press that began before the lamp was lit starts nothing; only finding goes from carriage to carriage under one
Start that stays held, pressed while the node wanted this very finding.
"""

from firmware.carriage.aisle import Button
from firmware.registers import START_WITHIN_MS


class Start:
    """``step`` once per control loop; ``counts`` in each loop in which it is lit."""

    def __init__(self):
        self._button = Button()
        self._lit_ms = 0
        self._seen_released = False
        self._held_for = 0  # the move that the node wanted when the press began that still lasts

    def step(self, now_ms, snap, permit):
        button = self._button
        button.step(now_ms, snap.ok("start_released"), None)
        if button.fell:
            self._held_for = permit.heard(now_ms)
        elif not button.pressed:
            self._held_for = 0

    def pressed(self):
        return self._button.pressed

    def light(self, now_ms):
        self._lit_ms = now_ms
        self._seen_released = False

    def late(self, now_ms):
        return now_ms - self._lit_ms > START_WITHIN_MS

    def counts(self, order, snap):
        """Whether ``order`` is started now."""
        button = self._button
        if not button.pressed:
            self._seen_released = self._seen_released or snap.ok("start_released")
        held_on = order.way and self._held_for == order.move_id
        return held_on or (button.fell and self._seen_released)

    def no_more(self):
        """A Start that is still held counts for nothing that comes."""
        self._held_for = 0
