"""config.json: what commissioning wrote about one board. Damaged or out of range = no configuration at all."""

from firmware.modbus_rtu import crc16
from firmware.registers import CONFIG_FIELDS, KIND_CARRIAGE, KIND_SENSORS

FILE = "config.json"
LOST_ADDRESS = 247  # a board without configuration can be asked here; it refuses to move
SENSOR_FIELDS = ("address",)


def fields(kind):
    """Names of the values of one board kind, in the order of the CRC."""
    return SENSOR_FIELDS if kind == KIND_SENSORS else CONFIG_FIELDS


def crc(kind, values):
    """CRC-16/MODBUS over the values as big-endian words: what IR_CONFIG_CRC reports."""
    data = bytearray()
    for name in fields(kind):
        data.append(values[name] >> 8 & 0xFF)
        data.append(values[name] & 0xFF)
    return crc16(data)


def sealed(kind, values):
    """The dictionary to write as config.json."""
    file = {name: values[name] for name in fields(kind)}
    file["kind"] = kind
    file["crc"] = crc(kind, values)
    return file


def opened(kind, file):
    """The values of a config.json (dictionary or None), or None if anything in it is missing, altered or impossible."""
    if not file or file.get("kind") != kind:
        return None
    for name in fields(kind):
        value = file.get(name)
        if not isinstance(value, int) or not 0 <= value <= 0xFFFF:
            return None
    if file.get("crc") != crc(kind, file) or not 1 <= file["address"] <= 247:
        return None
    if kind == KIND_CARRIAGE and not _possible(file):
        return None
    return {name: file[name] for name in fields(kind)}


def _possible(values):
    return (
        values["min_mm"] < values["max_mm"]
        and values["max_mm"] + values["width_mm"] <= values["rail_mm"] < 60000
        and 1 <= values["max_speed_mm_s"] <= 100
        and 1 <= values["find_speed_mm_s"] <= 25
        and values["stall_ma"] > 0
        and 1 <= values["um_per_count"] <= 1000
        and values["hold_last_mm"] <= 1000
    )
