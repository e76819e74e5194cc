"""What is soldered to which pin of each board: the one truth, read by hal.py, the wiring diagrams and the tests.

The chip is an RP2040 or RP2350A with all of GPIO0..29 brought out (GPIO23..25 and 29 are not on a Pico's edge).
Every output rests at 0 through a pull-down while the chip is in reset: contactors out, brake on, lamps off.
Tuples and integers only: this file runs under MicroPython and CPython alike.
"""

from firmware.registers import INPUTS

NAME = 0
GPIO = 1
ROLE = 2

# --- RS-485, the same on every board ---------------------------------------------------------
BUS_UART = 0
BUS_BAUD = 115200  # 8N1
BUS_PINS = (
    ("bus_tx", 0, "UART0 TX to the driver's DI"),
    ("bus_rx", 1, "UART0 RX from the driver's RO"),
    ("bus_de", 2, "driver enable, 1 = talk; RE stays on, so a board hears itself"),
)

# --- Carriage board --------------------------------------------------------------------------
CARRIAGE_PINS = BUS_PINS + (
    ("test_estop", 3, "1 = opens the reading branch of the e-stop chain"),
    ("test_edge_left", 4, "1 = opens the left safety edge"),
    ("test_edge_right", 5, "1 = opens the right safety edge"),
    ("test_beam_left", 6, "1 = left emitter off"),
    ("test_beam_right", 7, "1 = right emitter off"),
    ("test_absent", 8, "1 = would open a circuit that does not exist"),
    ("enable", 9, "1 = both contactors may pull in; the hard chain is in series"),
    ("motor_pwm", 10, "20 kHz into the bridge"),
    ("motor_dir", 11, "1 = to the right"),
    ("brake_release", 12, "1 = brake released"),
    ("room_drop", 13, "1 = opens the whole room's enable"),
    ("start_lamp", 14, "1 = Start is lit; one line for the block"),
    ("warning", 15, "1 = warning lamp and buzzer"),
    ("shift_miso", 16, "SPI0 RX from QH of U1"),
    ("shift_load", 17, "SH/LD of U1..U4: 0 = take the inputs, 1 = shift"),
    ("shift_sck", 18, "SPI0 SCK"),
    ("shift_mosi", 19, "SPI0 TX, not connected"),
    ("lamp_left", 20, "1 = lamp of the left aisle"),
    ("lamp_right", 21, "1 = lamp of the right aisle"),
    ("encoder_a", 22, "quadrature A; B must be the next GPIO"),
    ("encoder_b", 23, "quadrature B"),
    ("slot_leds", 24, "WS2812 strip, one LED for each shelf of both faces"),
    ("test_contacts", 25, "1 = opens crank, level, skew, fire, gas and leak, this board's reading of them"),
    ("adc_gap_left", 26, "ADC0, 4-20 mA on SHUNT_OHM"),
    ("adc_gap_right", 27, "ADC1, 4-20 mA on SHUNT_OHM"),
    ("adc_motor", 28, "ADC2, MOTOR_FULL_MA at full scale"),
    ("adc_supply", 29, "ADC3, SUPPLY_FULL_MV at full scale"),
)

# Four 74HC165 in a chain, U1 next to the chip. SPI mode 2, most significant bit first, four bytes:
# byte 0 = U1 (D7 first), byte 1 = U2 and so on; D0 of U1 is bit 0 of the 30-bit raw word.
# A closed circuit (24 V through the contact) reads 1. Bits 0..28 stand in the order of registers.INPUTS.
SHIFT_SPI = 0
SHIFT_BAUD = 1000000
SHIFT_BYTES = 4
RAW_TIED_LOW = 1 << 20  # tied low: raw 0, reported inverted as test_low_inverted
RAW_ABSENT = 1 << 29  # input of the circuit that does not exist: pulled low, reads 0 for ever
# D6 and D7 of U4 are tied low; the word leaves them out and stays below 2^30.
SHIFT_INPUTS = tuple(
    [(INPUTS[i][0], "U%d" % (i // 8 + 1), "D%d" % (i % 8)) for i in range(len(INPUTS))]
    + [("absent", "U4", "D5"), ("spare_1", "U4", "D6"), ("spare_2", "U4", "D7")]
)

# Bits for hal.test(): circuits whose test output is driven. In the order of TEST_PINS.
TEST_ESTOP = 1
TEST_EDGE_LEFT = 2
TEST_EDGE_RIGHT = 4
TEST_BEAM_LEFT = 8
TEST_BEAM_RIGHT = 16
TEST_ABSENT = 32
TEST_CONTACTS = 64
TEST_PINS = (
    "test_estop",
    "test_edge_left",
    "test_edge_right",
    "test_beam_left",
    "test_beam_right",
    "test_absent",
    "test_contacts",
)

# Analogue: read_u16() = 65535 at 3.3 V.
ADC_FULL = 65535
ADC_FULL_MV = 3300
SHUNT_OHM = 150
GAP_4MA_MM = 0  # laser distance sensors on both faces
GAP_20MA_MM = 1200
GAP_SILENT_UA = 3600  # below: wire or sensor broken, the gap is UNKNOWN
GAP_OVER_UA = 20500  # above: short circuit, the gap is UNKNOWN
MOTOR_FULL_MA = 6600
SUPPLY_FULL_MV = 36300
SUPPLY_NOMINAL_MV = 24000

# Drive: signed duty -65535..65535, + = to the right.
PWM_HZ = 20000
DUTY_FULL = 65535
DRIVE_FULL_MM_S = 80  # speed at full duty, nominal supply, no load

SLOT_LEDS = 96  # longest strip: two faces of 6 sections by 8 levels

# --- Sensor board ----------------------------------------------------------------------------
SENSOR_PINS = BUS_PINS + (
    ("i2c_sda", 4, "I2C0 SDA: SHT31 and BH1750"),
    ("i2c_scl", 5, "I2C0 SCL"),
    ("leak_dry", 6, "leak rope, pulled up; 1 = dry, 0 = wet"),
    ("leak_wire", 7, "end-of-line of the leak rope, pulled up; 0 = rope connected, 1 = cut off"),
)
I2C_BUS = 0
I2C_HZ = 100000
SHT31_ADDRESS = 0x44
BH1750_ADDRESS = 0x23

# Fed only by a loop that has just read every safety input. 500 ms at 50 mm/s = 25 mm; longer than a flash write.
WATCHDOG_MS = 500
WATCHDOG_SERVICE_MS = 8000  # while a technician works at the USB port and no program runs


def gpio(pins, name):
    """GPIO number of the pin called ``name`` in one board's table. KeyError when there is none."""
    for row in pins:
        if row[NAME] == name:
            return row[GPIO]
    raise KeyError(name)
