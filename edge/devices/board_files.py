"""What a board's flash holds after its first flash by USB: the loader, the public key, and the image twice.

``/main.py`` and ``/safe`` are written over USB only; ``/a`` and ``/b`` take turns in updates over the bus.
"""

from __future__ import annotations

import json

from edge.devices.carriage_modbus import crc_of
from edge.devices.firmware_image import MANIFEST, SIGNATURE, SOURCES, Image

LOADER = "main.py"
KEY = "release.key"
CONFIG, SLOTS = "config.json", "slots.json"
FIRST_SLOT, SAFE_SLOT = "a", "safe"


def first_flash(image: Image, public: bytes) -> dict[str, bytes]:
    """Path on the board → content. The loader comes last: a board is startable only once everything lies there."""
    files = {KEY: public, SLOTS: json.dumps({"active": FIRST_SLOT}).encode()}
    for slot in (SAFE_SLOT, FIRST_SLOT):
        files |= {f"{slot}/{name}": data for name, data in image.files}
        files |= {f"{slot}/{MANIFEST}": image.manifest, f"{slot}/{SIGNATURE}": image.signature}
    return files | {LOADER: (SOURCES / "loader.py").read_bytes()}


def config_file(kind: int, values: dict[str, int]) -> bytes:
    """``config.json`` of one board: what commissioning reads back over the bus as the configuration's CRC."""
    return json.dumps({**values, "kind": kind, "crc": crc_of(list(values.values()))}).encode()
