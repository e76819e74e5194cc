"""Stand-in for MicroPython's machine: pins and peripherals of one virtual board, for the VM and for CPython.

Reading the shift registers (SPI) is the one exchange with the plant: it hands over all outputs and fetches all
inputs; encoder and ADCs answer from that snapshot. A sensor board exchanges when it reads I2C or a pin.
"""

import io
import struct
import time

import exchange
import micropython
import plant_link

PWRON_RESET = 1
WDT_RESET = 3
SOFT_RESET = 5

_SNAPSHOT_MS = 20  # a sensor board's inputs are fetched anew after this long


class _Board:
    """What the pins of this board carry."""

    def __init__(self):
        self.levels = 0
        self.duty = 0
        self.slot_light = 0
        self.inputs = (0, 0, 0, 0, 0, 0, 0, 0)
        self.fetched_ms = None

    def swap(self):
        """The exchange with the plant belongs to the harness: it may allocate where the board's loop may not."""
        micropython.heap_lock()
        locked = micropython.heap_unlock()
        if locked:
            micropython.heap_unlock()
        try:
            self._swap()
        finally:
            if locked:
                micropython.heap_lock()

    def _swap(self):
        answer = plant_link.ask(struct.pack(exchange.OUTPUTS, self.levels, self.duty, self.slot_light))
        is_carriage = plant_link.kind == 1
        self.inputs = struct.unpack(exchange.CARRIAGE_INPUTS if is_carriage else exchange.SENSOR_INPUTS, answer)
        self.fetched_ms = time.ticks_ms()

    def swap_when_old(self):
        if self.fetched_ms is None or time.ticks_diff(time.ticks_ms(), self.fetched_ms) > _SNAPSHOT_MS:
            self.swap()


board = _Board()


def unique_id():
    return b"SRVB" + struct.pack(">I", plant_link.address)


def reset_cause():
    return {"power": PWRON_RESET, "watchdog": WDT_RESET}.get(plant_link.reset, SOFT_RESET)


def reset():
    """The harness starts a board that ended anew, as its watchdog would."""
    raise SystemExit


class Timer:
    PERIODIC = 1

    def __init__(self, id=-1, mode=PERIODIC, period=-1, callback=None):
        pass


class Pin:
    IN = 0
    OUT = 1
    PULL_UP = 1
    PULL_DOWN = 2

    def __init__(self, id, mode=-1, pull=-1, value=None):
        self.gpio = id
        self._output = mode == Pin.OUT
        if value is not None:
            self.value(value)

    def value(self, level=None):
        bit = 1 << self.gpio
        if level is not None:
            board.levels = board.levels | bit if level else board.levels & ~bit
            return None
        if self._output:
            return 1 if board.levels & bit else 0
        board.swap_when_old()
        return board.inputs[3] >> (self.gpio - 6) & 1  # leak_dry and leak_wire are GPIO 6 and 7


class PWM:
    def __init__(self, pin, freq=0, duty_u16=0):
        board.duty = duty_u16

    def duty_u16(self, duty):
        board.duty = duty


class SPI:
    MSB = 0

    def __init__(self, id, baudrate=0, polarity=0, phase=0, bits=8, firstbit=0, sck=None, mosi=None, miso=None):
        pass

    def readinto(self, buffer):
        board.swap()
        raw = board.inputs[0]
        for i in range(len(buffer)):
            buffer[i] = raw >> 8 * i & 0xFF


class ADC:
    _FIRST_GPIO = 26

    def __init__(self, pin):
        self._index = 2 + pin.gpio - ADC._FIRST_GPIO

    def read_u16(self):
        return board.inputs[self._index]


class UART(io.IOBase):
    def __init__(self, id, baudrate=0, bits=8, parity=None, stop=1, tx=None, rx=None, rxbuf=0, timeout=0):
        self._port = plant_link.Port()

    def readinto(self, buffer):
        return self._port.readinto(buffer)

    def write(self, data, count):
        return self._port.write(data, count)

    def flush(self):
        pass

    def fileno(self):
        return self._port.fd

    def ioctl(self, request, _argument):
        return self._port.fd if request == 10 else 0  # MP_STREAM_GET_FILENO


class WDT:
    """Fed or not, the harness sees a hung board by its silence and resets it as the watchdog would."""

    def __init__(self, timeout):
        self.timeout = timeout

    def feed(self):
        pass


class I2C:
    """The bus with an SHT31 (0x44) and a BH1750 (0x23) on it."""

    def __init__(self, id, scl=None, sda=None, freq=0):
        self._asked_ms = None

    def writeto(self, address, data):
        self._present(address)
        if address == 0x44 and data[0] in (0x24, 0x2C):  # single shot
            self._asked_ms = time.ticks_ms()
        return len(data)

    def readfrom(self, address, count):
        self._present(address)
        if address == 0x23:
            return struct.pack(">H", board.inputs[2])[:count]
        if self._asked_ms is None or time.ticks_diff(time.ticks_ms(), self._asked_ms) < 15:
            raise OSError(5)  # still measuring: it does not acknowledge
        self._asked_ms = None
        return (_with_crc(board.inputs[0]) + _with_crc(board.inputs[1]))[:count]

    def _present(self, address):
        board.swap_when_old()
        if address not in (0x44, 0x23) or not board.inputs[4]:
            raise OSError(5)


def _with_crc(word):
    data = struct.pack(">H", word)
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31) & 0xFF if crc & 0x80 else crc << 1
    return data + bytes((crc,))
