"""The flash of every board as a directory: what the first flash by USB and commissioning write into it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from edge.config import Motion
from edge.devices import board_files, firmware_image
from edge.devices.carriage_modbus import board_config
from edge.domain.block import Layout
from firmware.config import FILE, sealed
from firmware.registers import KIND_CARRIAGE, KIND_SENSORS

KEY = "release.pem"
FLASHED = "flashed"  # SHA-256 of the sources that were written by USB


def board_dir(flash_dir: Path, address: int) -> Path:
    return flash_dir / f"board-{address:02d}"


def key_of(flash_dir: Path) -> rsa.RSAPrivateKey:
    """The private key whose images these boards take, kept beside them."""
    path = flash_dir / KEY
    if not path.exists():
        flash_dir.mkdir(parents=True, exist_ok=True)
        firmware_image.write_key(path, _bench_key())
    return firmware_image.read_key(path)


@cache
def _bench_key() -> rsa.RSAPrivateKey:
    return firmware_image.new_key()


def flash_boards(flash_dir: Path, addresses: list[int]) -> None:
    """What ``storeroom firmware flash`` writes, onto every board that was never flashed, or from other sources: the
    room is built anew then, and its block is to be commissioned again. An update over the bus stays.
    """
    sources = firmware_image.sources()
    release = hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()
    flashed = flash_dir / FLASHED
    same = flashed.exists() and flashed.read_text("ascii") == release
    blank = [no for no in addresses if not same or not (board_dir(flash_dir, no) / board_files.LOADER).exists()]
    if not blank:
        return
    key = key_of(flash_dir)
    files = board_files.first_flash(firmware_image.sign(sources, key), firmware_image.public_part(key))
    for address in blank:
        (board_dir(flash_dir, address) / FILE).unlink(missing_ok=True)
        for name, data in files.items():
            path = board_dir(flash_dir, address) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    flashed.write_text(release, "ascii")


def commission(flash_dir: Path, layout: Layout, motion: Motion, sensor_addresses: list[int]) -> None:
    """Write config.json of every board that has none yet. Latches and boot counts are the firmware's own business."""
    for column in layout.columns:
        if column.address is not None:
            values = board_config(layout, motion, column.no)
            _write_once(board_dir(flash_dir, column.address), sealed(KIND_CARRIAGE, values))
    for address in sensor_addresses:
        _write_once(board_dir(flash_dir, address), sealed(KIND_SENSORS, {"address": address}))


def _write_once(folder: Path, values: dict[str, int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / FILE).exists():
        (folder / FILE).write_text(json.dumps(values))
