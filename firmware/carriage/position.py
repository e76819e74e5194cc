"""Where the carriage is: a reference given once, then the encoder, while a fixed neighbour agrees.

Between two carriages both faces may move, so one board cannot compare gap and encoder there; the node adds up all
gaps of the rail. Beside a wall or a fixed column the gap is the position, and this file compares them.
"""

AGREE_MM = 15
DISAGREE_MS = 300


class Position:
    """``known`` False until ``set_mm``; everything that can move the carriage unseen calls ``lose``."""

    def __init__(self, config):
        self._config = config
        self.known = False
        self._zero_um = 0
        self._agreed_ms = 0

    def lose(self):
        self.known = False

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


def _differs(is_board, gap_mm, expected_mm):
    return not is_board and gap_mm is not None and abs(gap_mm - expected_mm) > AGREE_MM
