"""The motor's part of an order, from the end of the warning until something ends it (shelving-safety rules 7, 8, 9).

Pure: where it goes, what it drives into, and which ends of a travel leave the carriage not knowing where it stands.
"""

from firmware.carriage.drive import FAULT, Drive
from firmware.carriage.position import touches
from firmware.registers import END_FAULT, END_NONE, END_REACHED, END_RELEASED, SIDE_LEFT

CLOSED_MM = 20  # an aisle that was no wider when Start was pressed does not close: its carriages go together
# Something held the carriage while its wheel was driven, or moved it: how far it really went, nobody knows.
DOUBTFUL = FAULT["stall"] | FAULT["no_progress"] | FAULT["slip"] | FAULT["run_away"] | FAULT["wrong_direction"]


class Trip:
    """``duty`` and ``peak_ma`` of the drive."""

    def __init__(self, config):
        self._hold_last_mm = config["hold_last_mm"] if config else 0
        self._reach_um = config["rail_mm"] * 1000 if config else 0
        self._drive = Drive(config["stall_ma"] if config else 0)
        self._to_left = False
        self._closes = False  # the aisle ahead is one that this move closes

    def duty(self):
        return self._drive.duty

    def peak_ma(self):
        return self._drive.peak_ma

    def look_ahead(self, order, position, snap):
        """As Start is pressed: whether the aisle ahead closes by this order."""
        ahead_mm = self._ahead_mm(order, position, snap)
        self._closes = not order.way and (ahead_mm is None or ahead_mm > CLOSED_MM)

    def begin(self, now_ms, order, position, snap):
        """The motor's first loop is the next one."""
        if order.way:
            here_um = snap.travel_um
            target_um = here_um - self._reach_um if order.way == SIDE_LEFT else here_um + self._reach_um
        else:
            here_um = position.um(snap.travel_um)
            target_um = (order.target_mm or 0) * 1000
        self._to_left = target_um < here_um
        self._drive.begin(now_ms, here_um, target_um, order.speed_mm_s)

    def step(self, now_ms, order, position, snap, safety, start_pressed):
        """END_* of what ended it, END_NONE while it goes on."""
        if order.way and touches(snap, order.way):
            return END_REACHED
        if self._closes and not start_pressed and (self._ahead_mm(order, position, snap) or 0) < self._hold_last_mm:
            return END_RELEASED
        at_um = snap.travel_um if order.way else position.um(snap.travel_um)
        leads = snap.touches_left() if self._to_left else snap.touches_right()
        self._drive.step(now_ms, at_um, snap.motor_ma, leads)
        if self._drive.fault:
            safety.latch(self._drive.fault)
            return END_FAULT
        return END_REACHED if self._drive.arrived else END_NONE

    def let_go(self):
        self._drive.duty = 0

    def _ahead_mm(self, order, position, snap):
        """Of the aisle that this order drives into; None = unknown."""
        to_left = (order.target_mm or 0) * 1000 < position.um(snap.travel_um)
        return snap.gap_left_mm if to_left else snap.gap_right_mm
