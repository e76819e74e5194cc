"""The board's entry: config.json says which board this is. One without it is a carriage: it refuses to move."""

from firmware import hal
from firmware.registers import KIND_SENSORS

if __name__ == "__main__":
    if (hal.load("config.json") or {}).get("kind") == KIND_SENSORS:
        from firmware.sensors.app import App

        App(hal.SensorHal()).run()
    else:
        from firmware.carriage.app import App as CarriageApp

        CarriageApp(hal.CarriageHal()).run()
