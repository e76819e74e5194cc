"""Sensirion SHT31: temperature and humidity, single shots of high repeatability, each word with its CRC-8."""

EVERY_MS = 500
MEASURE_MS = 20  # data sheet: 15 ms at most


def crc8(data):
    """CRC-8 of the Sensirion data sheet: polynomial 0x31, start 0xFF."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31 if crc & 0x80 else crc << 1) & 0xFF
    return crc


class Sht31:
    """``temp_cc`` (0.01 degC) and ``rh_cpct`` (0.01 %RH) are of ``good_ms`` (None = never)."""

    def __init__(self, i2c, address):
        self._i2c = i2c
        self._address = address
        self._asked_ms = None
        self._tried_ms = None
        self.temp_cc = 0
        self.rh_cpct = 0
        self.good_ms = None
        self.silent = False
        self.corrupt = False

    def step(self, now_ms):
        """Ask, and fetch a little later; never waits."""
        try:
            if self._asked_ms is None:
                if self._tried_ms is None or now_ms - self._tried_ms >= EVERY_MS:
                    self._tried_ms = now_ms
                    self._i2c.writeto(self._address, b"\x24\x00")
                    self._asked_ms = now_ms
            elif now_ms - self._asked_ms >= MEASURE_MS:
                self._asked_ms = None
                self._take(now_ms, self._i2c.readfrom(self._address, 6))
        except OSError:
            self._asked_ms = None
            self.silent = True

    def _take(self, now_ms, data):
        self.silent = False
        self.corrupt = crc8(data[0:2]) != data[2] or crc8(data[3:5]) != data[5]
        if self.corrupt:
            return
        self.temp_cc = 17500 * (data[0] << 8 | data[1]) // 65535 - 4500
        self.rh_cpct = 10000 * (data[3] << 8 | data[4]) // 65535
        self.good_ms = now_ms
