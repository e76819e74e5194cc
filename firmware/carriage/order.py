"""What one carriage is asked to do, by the bus or by a hand at the local control point, and why it may be refused.

Pure. An order moves nothing: motion.py proves it, waits for Start and drives it (shelving-safety rules 3, 12, 14).
"""

from firmware.carriage.drive import FAULT
from firmware.carriage.safety import HELD_LOCK
from firmware.registers import (
    ACK_CONFIG,
    ACK_FAULT,
    ACK_LOCKED,
    ACK_MAINTENANCE,
    ACK_OCCUPIED,
    ACK_POSITION,
    ACK_RANGE,
    ACK_STATE,
    ACK_SUPPLY,
    END_FAULT,
    END_LOCKED,
    END_MAINTENANCE,
    END_NONE,
    END_OCCUPIED,
    END_RELEASED,
    LOCAL_MOST_MM_S,
    LOCAL_MOVE_ID,
    SIDE_LEFT,
    SIDE_NONE,
    SIDE_RIGHT,
)

FIND_MOST_MM_S = 25
DELAY_MOST_MS = 60000
AISLE_FAULTS = FAULT["beam"] | FAULT["occupied"]


class Order:
    """``way`` SIDE_*: gone for as long as it is held; SIDE_NONE = the order goes to ``target_mm``. ``opens`` SIDE_*.

    ``to``, ``find`` and ``by_hand`` give 0, or the ACK_* of what the carriage cannot do; then nothing is changed.
    """

    def __init__(self, config):
        self._config = config
        self.move_id = 0
        self.target_mm = None
        self.way = SIDE_NONE
        self.opens = SIDE_NONE
        self.speed_mm_s = 0
        self.delay_ms = 0
        self.is_local = False  # driven from the local control point, under the key

    def to(self, position, move_id, target_mm, speed_mm_s, delay_ms, opens):
        """One travel to a place on the rail."""
        config = self._config
        if not position.known:
            return ACK_POSITION
        if not config["min_mm"] <= target_mm <= config["max_mm"] or not 1 <= speed_mm_s <= config["max_speed_mm_s"]:
            return ACK_RANGE
        if not 1 <= move_id < LOCAL_MOVE_ID or delay_ms > DELAY_MOST_MS or not SIDE_NONE <= opens <= SIDE_RIGHT:
            return ACK_RANGE
        self._take(move_id, SIDE_NONE, opens, speed_mm_s, delay_ms)
        self.target_mm = target_mm
        return 0

    def find(self, move_id, way, speed_mm_s):
        """Hold-to-run towards ``way`` until a neighbour is touched. ``speed_mm_s`` 0 = as configured."""
        if not SIDE_LEFT <= way <= SIDE_RIGHT or not 1 <= move_id < LOCAL_MOVE_ID:
            return ACK_RANGE
        most = min(FIND_MOST_MM_S, self._config["find_speed_mm_s"])
        self._take(move_id, way, behind(way), min(speed_mm_s or most, most), 0)
        return 0

    def by_hand(self, way):
        """What a hand at the local control point asks for as long as it presses."""
        most = min(LOCAL_MOST_MM_S, self._config["find_speed_mm_s"])
        self._take(LOCAL_MOVE_ID, way, behind(way), most, 0)

    def _take(self, move_id, way, opens, speed_mm_s, delay_ms):
        self.move_id = move_id
        self.target_mm = None
        self.way = way
        self.opens = opens
        self.speed_mm_s = speed_mm_s
        self.delay_ms = delay_ms
        self.is_local = move_id == LOCAL_MOVE_ID

    def end(self):
        """Where it was to go stays to be read."""
        self.move_id = 0
        self.way = SIDE_NONE
        self.is_local = False


def held(safety):
    """ACK_* while somebody works at the block; 0 = nobody does."""
    if safety.held & HELD_LOCK:
        return ACK_LOCKED
    return ACK_MAINTENANCE if safety.held else 0


def refused(config, safety, snap, resting):
    """ACK_* why no order from the bus is taken now, whatever it asks; 0 = nothing is in the way."""
    if config is None:
        return ACK_CONFIG
    if safety.faults:
        return ACK_FAULT
    return held(safety) or (refused_here(safety, snap) if resting else ACK_STATE)


def refused_here(safety, snap):
    """The same for a hand under the key, which rules 5 and 6 bind as well."""
    if not safety.aisles_clear():
        return ACK_OCCUPIED
    return 0 if safety.supply_starts(snap) else ACK_SUPPLY


def cut_short(order, safety, hand):
    """END_* of what this order cannot go on with, or END_NONE. ``hand``: SIDE_* pressed at the local control point."""
    if safety.faults:
        return END_FAULT if safety.faults & ~AISLE_FAULTS else END_OCCUPIED
    if safety.held & HELD_LOCK:
        return END_LOCKED
    if order.is_local != bool(safety.held):
        return END_MAINTENANCE
    if order.is_local and hand != order.way:
        return END_RELEASED
    return END_OCCUPIED if safety.aisle_occupied() else END_NONE


def unproved(safety):
    """ACK_* of an order whose self-test was cut short."""
    if safety.faults:
        return ACK_FAULT
    return held(safety) or (ACK_OCCUPIED if safety.aisle_occupied() else ACK_STATE)


def behind(way):
    """What lies behind is opened by going away from it."""
    return SIDE_RIGHT if way == SIDE_LEFT else SIDE_LEFT
