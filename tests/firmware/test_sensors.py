"""The drivers of the sensor board against chips that are slow, silent or garbled."""

from firmware.sensors.bh1750 import Bh1750
from firmware.sensors.leak import LeakRope
from firmware.sensors.sht31 import Sht31, crc8


class Chip:
    """One I2C chip: answers ``data``, or not at all while ``silent``."""

    def __init__(self, data):
        self.data = data
        self.silent = False
        self.written = []

    def writeto(self, address, data):
        if self.silent:
            raise OSError(5)
        self.written.append((address, bytes(data)))

    def readfrom(self, address, count):
        if self.silent:
            raise OSError(5)
        return self.data[:count]


def climate(temp_raw, rh_raw):
    t, h = temp_raw.to_bytes(2, "big"), rh_raw.to_bytes(2, "big")
    return t + bytes([crc8(t)]) + h + bytes([crc8(h)])


def run(driver, start_ms, ms):
    for now_ms in range(start_ms, start_ms + ms, 10):
        driver.step(now_ms)
    return start_ms + ms


def test_crc_is_the_one_of_the_data_sheet():
    assert crc8(b"\xbe\xef") == 0x92


def test_temperature_below_zero_and_humidity_are_in_hundredths():
    chip = Chip(climate(14979, 32768))  # -5 degC, 50 %RH
    sensor = Sht31(chip, 0x44)
    run(sensor, 0, 100)
    assert abs(sensor.temp_cc + 500) <= 1
    assert abs(sensor.rh_cpct - 5000) <= 1
    assert chip.written[0] == (0x44, b"\x24\x00")


def test_a_garbled_climate_value_is_not_taken_over():
    chip = Chip(climate(26214, 32768))
    sensor = Sht31(chip, 0x44)
    now = run(sensor, 0, 600)
    good_ms = sensor.good_ms
    chip.data = chip.data[:2] + bytes([chip.data[2] ^ 1]) + chip.data[3:]
    now = run(sensor, now, 1000)
    assert sensor.corrupt
    assert sensor.good_ms == good_ms
    chip.data = climate(26214, 32768)
    run(sensor, now, 1000)
    assert not sensor.corrupt
    assert sensor.good_ms > good_ms


def test_a_silent_climate_chip_is_told_and_comes_back():
    chip = Chip(climate(26214, 32768))
    chip.silent = True
    sensor = Sht31(chip, 0x44)
    now = run(sensor, 0, 1000)
    assert sensor.silent
    assert sensor.good_ms is None
    chip.silent = False
    run(sensor, now, 1000)
    assert not sensor.silent
    assert sensor.good_ms is not None


def test_light_is_started_read_and_started_again_after_silence():
    chip = Chip(b"\x01\x2c")
    sensor = Bh1750(chip, 0x23)
    now = run(sensor, 0, 1000)
    assert sensor.lux == 250
    chip.silent = True
    now = run(sensor, now, 1000)
    assert sensor.silent
    chip.silent = False
    run(sensor, now, 1500)
    assert not sensor.silent
    assert [data for _, data in chip.written].count(b"\x10") == 2


class Rope:
    pins = (1, 0)

    def leak_pins(self):
        return self.pins


def test_a_wet_rope_counts_after_a_moment_and_a_splash_does_not():
    pins = Rope()
    rope = LeakRope(pins)
    now = run(rope, 0, 500)
    pins.pins = (0, 0)
    now = run(rope, now, 100)
    assert not rope.wet
    now = run(rope, now, 300)
    assert rope.wet
    pins.pins = (1, 0)
    run(rope, now, 500)
    assert not rope.wet


def test_a_rope_cut_off_says_nothing_about_water():
    pins = Rope()
    rope = LeakRope(pins)
    now = run(rope, 0, 500)
    good_ms = rope.good_ms
    pins.pins = (1, 1)
    run(rope, now, 1000)
    assert rope.cut
    assert rope.good_ms - good_ms <= 210
