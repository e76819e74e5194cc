"""The latch of one bordering aisle: occupied by opportunity, freed only by the walk (shelving-safety rules 5 and 6).

Pure: time and readings are passed in. Times are milliseconds that never run backwards.
"""

from firmware.registers import (
    AISLE_CLEAR,
    AISLE_LATCH_MM,
    AISLE_OCCUPIED,
    AISLE_OPENING,
    RESET_WALK_MS,
    WHY_BEAM,
    WHY_CIRCUIT,
    WHY_GAP_UNKNOWN,
    WHY_NONE,
    WHY_OPENED,
    WHY_POWER_UP,
)

BOUNCE_MS = 30
STUCK_MS = 10000  # a reset button held longer than a hand would


class Button:
    """A push-button with bounce removed. Must be seen released before a press counts."""

    def __init__(self):
        self.pressed = False
        self.fell = False  # True in the one step in which a press begins
        self.rose = False  # True in the one step in which a press ends
        self.stuck = False
        self._armed = False
        self._raw = False
        self._since_ms = 0
        self._pressed_ms = 0

    def step(self, now_ms, released, stuck_ms=STUCK_MS):
        """``stuck_ms`` None = may be held for any time."""
        self.fell = self.rose = False
        raw = not released
        if raw != self._raw:
            self._raw = raw
            self._since_ms = now_ms
        if now_ms - self._since_ms >= BOUNCE_MS:
            if not raw:
                self.rose = self.pressed and self._armed
                self._armed = True
            elif not self.pressed:
                self.fell = self._armed
                self._pressed_ms = now_ms
            self.pressed = raw
        self.stuck = self.pressed and stuck_ms is not None and now_ms - self._pressed_ms >= stuck_ms


class Aisle:
    """``state`` AISLE_*, ``why`` WHY_*; ``changed`` True in the step that changed it."""

    def __init__(self):
        self.state = AISLE_OCCUPIED
        self.why = WHY_POWER_UP
        self.stuck = False
        self._deep = Button()
        self._mouth = Button()
        self._walked_ms = None  # when the deep button was let go
        self._mouth_began = False  # the mouth button was pressed within the walk
        self._wide = True
        self._crossed = False  # grew past the latch width since the opening began
        self._freed = False

    def occupy(self, why):
        """Count as occupied from now on. The first cause is kept until the walk."""
        if self.state != AISLE_OCCUPIED:
            self.state = AISLE_OCCUPIED
            self.why = why
        self._walked_ms = None
        self._mouth_began = False

    def begin_opening(self):
        """A started move that names this aisle opens it. Only a clear aisle can be opened."""
        if self.state == AISLE_CLEAR:
            self.state = AISLE_OPENING
            self._crossed = False

    def end_opening(self, only_if_crossed=False):
        """The motor stopped: what was being opened is occupied. Finding, which may not travel at all,
        leaves it clear if it never grew past the latch width."""
        if self.state == AISLE_OPENING:
            if only_if_crossed and not self._crossed:
                self.state = AISLE_CLEAR
            else:
                self.occupy(WHY_OPENED)

    def step(self, now_ms, gap_mm, beam_ok, deep_released, mouth_released, may_clear):
        """``gap_mm`` None = unknown; ``may_clear`` False while this carriage moves."""
        self._deep.step(now_ms, deep_released)
        self._mouth.step(now_ms, mouth_released)
        self.stuck = self._deep.stuck or self._mouth.stuck
        wide = gap_mm is None or gap_mm > AISLE_LATCH_MM
        if not beam_ok and self.state != AISLE_OCCUPIED:
            self.occupy(WHY_BEAM)
        elif gap_mm is None:
            self.occupy(WHY_GAP_UNKNOWN)
        elif self.stuck:
            self.occupy(WHY_CIRCUIT)
        elif wide and not self._wide:
            self._crossed = True
            if self.state == AISLE_CLEAR:
                self.occupy(WHY_OPENED)
        self._wide = wide
        self._walk(now_ms, not wide)
        if self._freed and may_clear and beam_ok and gap_mm is not None and not self.stuck:
            self.state = AISLE_CLEAR
            self.why = WHY_NONE

    def _walk(self, now_ms, closed):
        """Follow deep button, then mouth button; where the aisle is closed the deep one cannot be reached."""
        self._freed = False
        if self.state != AISLE_OCCUPIED:
            self._walked_ms = None
            self._mouth_began = False
            return
        if self._deep.fell:
            self._walked_ms = None
            self._mouth_began = False
        if self._deep.rose:
            self._walked_ms = now_ms
        walked = self._walked_ms is not None and now_ms - self._walked_ms <= RESET_WALK_MS
        if self._mouth.fell:
            self._mouth_began = walked or closed
        if self._mouth.rose:
            self._freed = self._mouth_began and (walked or closed) and not self._deep.pressed
            self._walked_ms = None
            self._mouth_began = False
