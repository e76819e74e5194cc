"""Where the carriage is: a reference given once, then the encoder, while a fixed neighbour agrees.

Between two carriages both faces may move, so one board cannot compare gap and encoder there; the node adds up all
gaps of the rail. Beside a wall or a fixed column the gap is the position, and this file compares them. A carriage has
one encoder: that its other end runs ahead or stays behind is told by that end's own switch (fault ``skew``).
"""

from firmware.registers import ACK_ACCEPTED, ACK_RANGE, ACK_STATE, SIDE_LEFT, SIDE_NONE

AGREE_MM = 15
DISAGREE_MS = 300


class Position:
    """``known`` False until ``set_mm``; everything that can move the carriage unseen calls ``lose``.

    ``found`` SIDE_*: where it touches the neighbour that it was found at, and waits for its reference.
    """

    def __init__(self, config):
        self._config = config
        self.known = False
        self.found = SIDE_NONE
        self._zero_um = 0
        self._agreed_ms = 0

    def lose(self):
        self.known = False
        self.found = SIDE_NONE

    def keep_touch(self, snap, worked_at):
        """The neighbour that gives the place may go away, or be moved by whoever works here."""
        if self.found and (worked_at or not touches(snap, self.found)):
            self.found = SIDE_NONE

    def refer(self, mm, travel_um):
        """Where it stands, told to a carriage that was found; ACK_*."""
        if not self.found:
            return ACK_STATE
        if not self._config["min_mm"] <= mm <= self._config["max_mm"]:
            return ACK_RANGE
        self.set_mm(mm, travel_um)
        self.found = SIDE_NONE
        return ACK_ACCEPTED

    def set_mm(self, mm, travel_um):
        self.known = True
        self._zero_um = mm * 1000 - travel_um

    def um(self, travel_um):
        """Left edge in micrometres from the rail's zero. Meaningless while unknown."""
        return self._zero_um + travel_um

    def mm(self, travel_um):
        return (self._zero_um + travel_um + 500) // 1000

    def agrees(self, now_ms, snap, moving):
        """False once a gap to something fixed has contradicted the encoder for DISAGREE_MS of one move.
        At rest a person may stand before the sensor, so only moves (whose aisles are clear) are compared."""
        if not self.known or not moving:
            self._agreed_ms = now_ms
            return True
        here = self.mm(snap.travel_um)
        config = self._config
        left = _differs(config["left_is_board"], snap.gap_left_mm, here - config["min_mm"])
        right = _differs(config["right_is_board"], snap.gap_right_mm, config["max_mm"] - here)
        if left or right:
            return now_ms - self._agreed_ms < DISAGREE_MS
        self._agreed_ms = now_ms
        return True


def touches(snap, side):
    return snap.touches_left() if side == SIDE_LEFT else snap.touches_right()


def _differs(is_board, gap_mm, expected_mm):
    return not is_board and gap_mm is not None and abs(gap_mm - expected_mm) > AGREE_MM
