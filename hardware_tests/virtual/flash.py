"""The flash of every board as a directory, and what commissioning writes into it."""

from __future__ import annotations

import json
from pathlib import Path

from edge.config import Motion
from edge.devices.carriage_modbus import board_config
from edge.domain.block import Layout
from firmware.config import FILE, sealed
from firmware.registers import KIND_CARRIAGE, KIND_SENSORS


def board_dir(flash_dir: Path, address: int) -> Path:
    return flash_dir / f"board-{address:02d}"


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
