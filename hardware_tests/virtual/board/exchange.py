"""What a virtual board and the plant tell each other, once per control loop. Runs under MicroPython and CPython.

The board says hello once, then sends all its outputs and gets all its inputs, always as whole frames.
"""

import struct

HELLO = "<HH"  # address, KIND_* of firmware.registers
OUTPUTS = "<IHH"  # GPIO levels (bit n = GPIO n), PWM duty u16, lit LED 1..n or 0
CARRIAGE_INPUTS = "<IiHHHH"  # raw 74HC165 word, encoder count, ADC gap left, gap right, motor, supply
SENSOR_INPUTS = "<HHHHHHHH"  # SHT31 temperature, humidity, BH1750 light, leak pins, I2C alive, three spare

HELLO_BYTES = struct.calcsize(HELLO)
OUTPUT_BYTES = struct.calcsize(OUTPUTS)
INPUT_BYTES = struct.calcsize(CARRIAGE_INPUTS)
