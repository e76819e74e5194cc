"""Leak rope: a contact that closes when wet, and an end-of-line wire that tells a dry rope from one cut off."""

HOLD_MS = 200  # water does not come and go in less


class LeakRope:
    """``wet`` as of ``good_ms`` (None = never); ``cut`` True = the rope is not connected, so nothing is known."""

    def __init__(self, hal):
        self._hal = hal
        self._raw = None
        self._since_ms = 0
        self.wet = False
        self.cut = False
        self.good_ms = None

    def step(self, now_ms):
        raw = self._hal.leak_pins()
        if raw != self._raw:
            self._raw = raw
            self._since_ms = now_ms
        if now_ms - self._since_ms < HOLD_MS:
            return
        dry, wire = raw
        self.cut = wire == 1
        if not self.cut:
            self.wet = dry == 0
            self.good_ms = now_ms
