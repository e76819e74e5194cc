"""ROHM BH1750: ambient light, continuous high resolution. Without a checksum, only silence is told."""

EVERY_MS = 500
START_MS = 200  # data sheet: 180 ms for the first value
POWER_ON = b"\x01"
CONTINUOUS = b"\x10"


class Bh1750:
    """``lux`` as of ``good_ms`` (None = never); ``silent`` of the last try."""

    def __init__(self, i2c, address):
        self._i2c = i2c
        self._address = address
        self._started = False
        self._next_ms = None
        self.lux = 0
        self.good_ms = None
        self.silent = False

    def step(self, now_ms):
        """Read each EVERY_MS; after silence start the chip again, as it may have lost its mode."""
        if self._next_ms is not None and now_ms < self._next_ms:
            return
        self._next_ms = now_ms + EVERY_MS
        try:
            if not self._started:
                self._i2c.writeto(self._address, POWER_ON)
                self._i2c.writeto(self._address, CONTINUOUS)
                self._started = True
                self._next_ms = now_ms + START_MS
                return
            data = self._i2c.readfrom(self._address, 2)
        except OSError:
            self._started = False
            self.silent = True
            return
        self.silent = False
        self.lux = (data[0] << 8 | data[1]) * 5 // 6
        self.good_ms = now_ms
