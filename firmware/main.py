"""The program of an image: config.json says which board this is. One without it is a carriage: it refuses to move."""

import gc

import firmware
from firmware import hal
from firmware.registers import KIND_SENSORS

COLLECT_BYTES = 16384  # compiling a program leaves holes; collected this often it fits with room to spare


def run():
    """Until the power goes. In the slot ``safe`` only the program that answers and never moves."""
    gc.threshold(COLLECT_BYTES)
    sensors = (hal.load("config.json") or {}).get("kind") == KIND_SENSORS
    if firmware.SLOT == "safe":
        from firmware.safe import App as SafeApp

        SafeApp(hal.SensorHal() if sensors else hal.CarriageHal()).run()
    elif sensors:
        from firmware.sensors.app import App as SensorApp

        SensorApp(hal.SensorHal()).run()
    else:
        from firmware.carriage.app import App as CarriageApp

        CarriageApp(hal.CarriageHal()).run()


if __name__ == "__main__":
    run()
