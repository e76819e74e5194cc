"""One reading of everything a carriage board sees, in units, from the raw values that hal.read() left behind."""

from firmware import board
from firmware.registers import INPUTS

IN = {}
for _name, _bit in INPUTS:
    IN[_name] = _bit

ALL_IN = (1 << len(INPUTS)) - 1
TIED = IN["test_high"] | IN["test_low_inverted"]
CONTACT_AGREES_MM = 60  # a closed contact switch beside a wider gap: one of the two is wrong, so the gap is unknown


def gap_mm(u16):
    """Distance from a 4-20 mA reading; None = silent or shorted, and the gap is unknown."""
    ua = u16 * board.ADC_FULL_MV // board.ADC_FULL * 1000 // board.SHUNT_OHM
    if ua < board.GAP_SILENT_UA or ua > board.GAP_OVER_UA:
        return None
    span = board.GAP_20MA_MM - board.GAP_4MA_MM
    return max(0, board.GAP_4MA_MM + (ua - 4000) * span // 16000)


def _middle(a, b, c):
    return max(min(a, b), min(max(a, b), c))


class Snapshot:
    """``bits`` as registers.INPUTS; ``travel_um`` counts from boot, + = to the right; gaps None = unknown."""

    def __init__(self):
        self.bits = 0
        self.absent = False  # True = the circuit that does not exist answered
        self.travel_um = 0
        self.gap_left_mm = None
        self.gap_right_mm = None
        self.motor_ma = 0
        self.supply_mv = 0
        self._left = [0, 0]  # the last two raw values: one odd sample is not believed
        self._right = [0, 0]

    def fill(self, hal, um_per_count):
        """Take over what ``hal.read()`` saw."""
        self.bits = (hal.raw_inputs ^ board.RAW_TIED_LOW) & ALL_IN
        self.absent = bool(hal.raw_inputs & board.RAW_ABSENT)
        self.travel_um = hal.count * um_per_count
        left = gap_mm(_middle(self._left[0], self._left[1], hal.gap_left_u16))
        right = gap_mm(_middle(self._right[0], self._right[1], hal.gap_right_u16))
        self._left[0] = self._left[1]
        self._left[1] = hal.gap_left_u16
        self._right[0] = self._right[1]
        self._right[1] = hal.gap_right_u16
        self.gap_left_mm = None if left is not None and left > CONTACT_AGREES_MM and self.touches_left() else left
        self.gap_right_mm = None if right is not None and right > CONTACT_AGREES_MM and self.touches_right() else right
        self.motor_ma = hal.motor_u16 * board.MOTOR_FULL_MA // board.ADC_FULL
        # A quarter of it: the product must stay below 30 bits, or it would be an object of its own.
        self.supply_mv = hal.supply_u16 // 4 * board.SUPPLY_FULL_MV // (board.ADC_FULL // 4)

    def ok(self, name):
        """True = the input called ``name`` is safe, released or resting."""
        return bool(self.bits & IN[name])

    def touches_left(self):
        return not self.bits & IN["contact_left_open"]

    def touches_right(self):
        return not self.bits & IN["contact_right_open"]
