"""The board's hardware: the only file that imports machine, rp2 and neopixel.

Carriage: ``read()`` takes one snapshot (shift registers first, then encoder and ADCs) at the start of each loop;
its raw values lie in ``raw_inputs``, ``count`` and ``*_u16`` until the next one. Outputs keep their last value.
Both boards: RS-485, clock, watchdog and three small files in flash.
"""
# mypy: disable-error-code="name-defined"

import errno
import json
import os
import select
import time
from array import array

import machine
import micropython
import neopixel
import rp2

from firmware import board
from firmware.registers import BOOT_POWER_ON, BOOT_SOFT, BOOT_WATCHDOG

FOLDER_MODE = 0x4000
SMALL_INT = 1 << 30  # integers below live in the reference itself on this chip


# Counts in Y on every edge of A and B and pushes it without waiting. The jump table needs offset 0; the
# padding to all 32 words makes the loader put it there.
@rp2.asm_pio(in_shiftdir=rp2.PIO.SHIFT_LEFT, out_shiftdir=rp2.PIO.SHIFT_RIGHT)
def _quadrature():
    jmp("update")  # noqa: F821  was 00, reads 00
    jmp("decrement")  # noqa: F821  01
    jmp("increment")  # noqa: F821  10
    jmp("update")  # noqa: F821  11
    jmp("increment")  # noqa: F821  was 01
    jmp("update")  # noqa: F821
    jmp("update")  # noqa: F821
    jmp("decrement")  # noqa: F821
    jmp("decrement")  # noqa: F821  was 10
    jmp("update")  # noqa: F821
    jmp("update")  # noqa: F821
    jmp("increment")  # noqa: F821
    jmp("update")  # noqa: F821  was 11
    jmp("increment")  # noqa: F821
    label("decrement")  # noqa: F821
    jmp(y_dec, "update")  # noqa: F821
    wrap_target()  # noqa: F821
    label("update")  # noqa: F821
    mov(isr, y)  # noqa: F821
    push(noblock)  # noqa: F821
    out(isr, 2)  # noqa: F821
    in_(pins, 2)  # noqa: F821
    mov(osr, isr)  # noqa: F821
    mov(pc, isr)  # noqa: F821
    label("increment")  # noqa: F821
    mov(y, invert(y))  # noqa: F821
    jmp(y_dec, "increment_end")  # noqa: F821
    label("increment_end")  # noqa: F821
    mov(y, invert(y))  # noqa: F821
    wrap()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821
    nop()  # noqa: F821


class Hal:
    """What every board has: bus, clock, watchdog, flash, identity."""

    def __init__(self, pins):
        self._pins = pins
        self._de = self._out("bus_de")
        self._uart = machine.UART(
            board.BUS_UART,
            baudrate=board.BUS_BAUD,
            bits=8,
            parity=None,
            stop=1,
            tx=machine.Pin(board.gpio(pins, "bus_tx")),
            rx=machine.Pin(board.gpio(pins, "bus_rx")),
            rxbuf=512,
            timeout=0,
        )
        self._poll = select.poll()
        self._poll.register(self._uart, select.POLLIN)
        self._last_ms = time.ticks_ms()
        self._now_ms = 0
        self._heard_us = time.ticks_us()
        self._watchdog = None
        self._echo = bytearray(256)

    def _out(self, name):
        return machine.Pin(board.gpio(self._pins, name), machine.Pin.OUT, value=0)

    def now_ms(self):
        """Milliseconds since this object was made; never wraps while called at least once in six days."""
        now = time.ticks_ms()
        self._now_ms += time.ticks_diff(now, self._last_ms)
        self._last_ms = now
        return self._now_ms

    def wait(self, ms):
        """Rest until a byte comes in, at most ``ms``."""
        self._poll.poll(ms)

    def lock_heap(self, _now_ms):
        """From here on nothing may allocate. A sensor board moves nothing and allocates as it likes."""

    def unlock_heap(self):
        """The end of it."""

    def bus_read(self, buffer):
        """Fill ``buffer`` with what came in since the last call; how many bytes."""
        count = self._uart.readinto(buffer) or 0
        if count:
            self._heard_us = time.ticks_us()
        return count

    def bus_quiet_us(self):
        """Microseconds since ``bus_read`` last got a byte."""
        return time.ticks_diff(time.ticks_us(), self._heard_us)

    def bus_write(self, frame, count):
        """Send frame[:count], then throw away what was heard meanwhile: the board's own echo."""
        self._de.value(1)
        self._uart.write(frame, count)  # type: ignore[call-arg]  # streams take a length, the stubs forgot it
        self._uart.flush()
        self._de.value(0)
        self._uart.readinto(self._echo)

    def start_watchdog(self):
        self._watchdog = machine.WDT(timeout=board.WATCHDOG_MS)

    def feed(self):
        if self._watchdog is not None:
            self._watchdog.feed()

    def stay_awake(self):
        """The program has ended and the outputs rest: keep the watchdog from biting, until power-down or reset."""
        self._watchdog = machine.WDT(timeout=board.WATCHDOG_SERVICE_MS)
        self._feeder = machine.Timer(
            -1, period=board.WATCHDOG_SERVICE_MS // 8, mode=machine.Timer.PERIODIC, callback=lambda _timer: self.feed()
        )

    def unique_id(self):
        return bytes(machine.unique_id())

    def boot_reason(self):
        """BOOT_*. On this chip machine.reset() also shows as a watchdog reset."""
        cause = machine.reset_cause()
        if cause == machine.PWRON_RESET:
            return BOOT_POWER_ON
        return BOOT_WATCHDOG if cause == machine.WDT_RESET else BOOT_SOFT

    def load(self, name):
        """The dictionary in a flash file; None = never written, {} = there, but unreadable."""
        return load(name)

    def save(self, name, values):
        """Replace a dictionary in flash."""
        self.replace_file(name, json.dumps(values).encode())

    def replace_file(self, name, data):
        """Write the new file beside the old one, then rename: a power cut leaves one of the two whole."""
        self.write_file(name + ".new", data)
        os.rename(name + ".new", name)

    def reset(self):
        reset()

    def read_file(self, name):
        """The bytes of a flash file, or None when there is none."""
        try:
            with open(name, "rb") as file:
                return file.read()
        except OSError:
            return None

    def open_file(self, name, mode):
        return open(name, mode)

    def open_new(self, name):
        """A new file for writing bytes; its folders are made."""
        at = name.find("/")
        while at > 0:
            try:
                os.mkdir(name[:at])
            except OSError:
                pass  # there already; if not, open says so
            at = name.find("/", at + 1)
        return open(name, "wb")

    def remove_file(self, name):
        os.remove(name)

    def list_files(self, folder):
        """Paths of all files below ``folder``; none when it is not there."""
        found = []  # type: list[str]
        try:
            names = os.listdir(folder)
        except OSError:
            return found
        for name in names:
            path = folder + "/" + name
            if os.stat(path)[0] & FOLDER_MODE:
                found += self.list_files(path)
            else:
                found.append(path)
        return found

    def write_file(self, name, data, append=False):
        """The whole file, or more at its end. A power cut may leave any part of it."""
        with open(name, "ab" if append else "wb") as file:
            file.write(data)


def reset():
    """Start the board anew, as its watchdog would."""
    machine.reset()


def load(name):
    """The dictionary in a flash file; None = never written, {} = there, but unreadable."""
    try:
        with open(name) as file:
            values = json.load(file)
    except OSError as error:
        return None if error.errno == errno.ENOENT else {}
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


class CarriageHal(Hal):
    """The carriage board."""

    def __init__(self):
        super().__init__(board.CARRIAGE_PINS)
        self._load = self._out("shift_load")
        self._spi = machine.SPI(
            board.SHIFT_SPI,
            baudrate=board.SHIFT_BAUD,
            polarity=1,
            phase=0,
            bits=8,
            firstbit=machine.SPI.MSB,
            sck=machine.Pin(board.gpio(self._pins, "shift_sck")),
            mosi=machine.Pin(board.gpio(self._pins, "shift_mosi")),
            miso=machine.Pin(board.gpio(self._pins, "shift_miso")),
        )
        self._shift = bytearray(board.SHIFT_BYTES)
        self._tests = [self._out(name) for name in board.TEST_PINS]
        self._enable = self._out("enable")
        self._direction = self._out("motor_dir")
        self._brake = self._out("brake_release")
        self._pwm = machine.PWM(machine.Pin(board.gpio(self._pins, "motor_pwm")), freq=board.PWM_HZ, duty_u16=0)
        self._room_drop = self._out("room_drop")
        self._start_lamp = self._out("start_lamp")
        self._warning = self._out("warning")
        self._lamp_left = self._out("lamp_left")
        self._lamp_right = self._out("lamp_right")
        self._leds = neopixel.NeoPixel(machine.Pin(board.gpio(self._pins, "slot_leds")), board.SLOT_LEDS)
        self._encoder = rp2.StateMachine(
            0, _quadrature, freq=2000000, in_base=machine.Pin(board.gpio(self._pins, "encoder_a"), machine.Pin.IN)
        )
        self._encoder.active(1)
        self._adc = [
            machine.ADC(machine.Pin(board.gpio(self._pins, name)))
            for name in ("adc_gap_left", "adc_gap_right", "adc_motor", "adc_supply")
        ]
        self._locked = False
        self._fifo = array("i", [0])  # a 32-bit count as an object of its own would have to be allocated
        self.raw_inputs = 0
        self.count = 0
        self.gap_left_u16 = self.gap_right_u16 = self.motor_u16 = self.supply_u16 = 0

    def lock_heap(self, now_ms):
        """From here on nothing may allocate. After twelve days of uptime milliseconds are objects themselves, so
        then the loop runs with the heap open; a collection may then take some milliseconds between two loops."""
        self._locked = now_ms < SMALL_INT
        if self._locked:
            micropython.heap_lock()

    def unlock_heap(self):
        if self._locked:
            micropython.heap_unlock()

    def read_inputs(self):
        """Every contact, button and safety circuit, at one instant."""
        self._load.value(0)
        self._load.value(1)
        self._spi.readinto(self._shift)
        shift = self._shift
        self.raw_inputs = shift[0] | shift[1] << 8 | shift[2] << 16 | (shift[3] & 0x3F) << 24

    def read(self):
        """Take one snapshot of every input."""
        self.read_inputs()
        # The queue holds old counts (a full one refuses new ones): empty it, then take a fresh one.
        for _ in range(self._encoder.rx_fifo()):
            self._encoder.get(self._fifo)
        self._encoder.get(self._fifo)
        self.count = self._fifo[0]
        self.gap_left_u16 = self._adc[0].read_u16()
        self.gap_right_u16 = self._adc[1].read_u16()
        self.motor_u16 = self._adc[2].read_u16()
        self.supply_u16 = self._adc[3].read_u16()

    def test(self, bits):
        """Drive the test outputs named by board.TEST_* bits; the others rest."""
        for i in range(len(self._tests)):
            self._tests[i].value(bits >> i & 1)

    def drive(self, enable, duty, brake_released):
        """Contactors, bridge and brake. ``duty`` -65535..65535, + = to the right."""
        if not enable:
            duty = 0
        if duty:
            self._direction.value(1 if duty > 0 else 0)
        self._pwm.duty_u16(abs(duty))
        self._brake.value(1 if enable and brake_released else 0)
        self._enable.value(1 if enable else 0)

    def room_drop(self, on):
        """True opens the whole room's enable."""
        self._room_drop.value(1 if on else 0)

    def lamps(self, start, warning, left, right):
        """Start lamp, warning lamp and buzzer, lamps of both aisles."""
        self._start_lamp.value(1 if start else 0)
        self._warning.value(1 if warning else 0)
        self._lamp_left.value(1 if left else 0)
        self._lamp_right.value(1 if right else 0)

    def slot_light(self, number):
        """Light LED ``number`` (1..SLOT_LEDS) alone; 0 = all dark. Interrupts are off meanwhile: standstill only."""
        self._leds.fill((0, 0, 0))
        if number:
            self._leds[number - 1] = (60, 60, 60)
        self._leds.write()


class SensorHal(Hal):
    """The sensor board. ``i2c`` has writeto(address, bytes) and readfrom(address, n); both raise OSError."""

    def __init__(self):
        super().__init__(board.SENSOR_PINS)
        self.i2c = machine.I2C(
            board.I2C_BUS,
            scl=machine.Pin(board.gpio(self._pins, "i2c_scl")),
            sda=machine.Pin(board.gpio(self._pins, "i2c_sda")),
            freq=board.I2C_HZ,
        )
        self._dry = machine.Pin(board.gpio(self._pins, "leak_dry"), machine.Pin.IN, machine.Pin.PULL_UP)
        self._wire = machine.Pin(board.gpio(self._pins, "leak_wire"), machine.Pin.IN, machine.Pin.PULL_UP)

    def leak_pins(self):
        """(dry, wire) as 0 or 1: see board.SENSOR_PINS."""
        return self._dry.value(), self._wire.value()
