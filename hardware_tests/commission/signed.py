"""From a ladder climbed to its end to the block's signed file, in the data directory of the node that will obey it."""

from __future__ import annotations

from pathlib import Path

from edge.config import Config
from edge.domain.commissioning import BlockFile, ProvedBoard
from edge.store import block_file
from edge.store.keys import read_keys
from firmware.registers import MAP_VERSION
from hardware_tests.commission.ladder import Progress

PROGRESS = "commissioning.json"


def made_of(progress: Progress, address: dict[int, int]) -> BlockFile:
    """``address``: column → its board's. Raises KeyError where a step is missing."""
    boards = progress.steps["boards"].found
    last = progress.steps["limits"]
    return BlockFile(
        area=progress.area,
        serial=progress.serial,
        utc_ms=max(step.utc_ms for step in progress.steps.values()),
        technician=last.technician,
        witness=last.witness,
        map_major=MAP_VERSION >> 8,
        boards=tuple(
            ProvedBoard(no, at, boards[str(no)]["board_id"], boards[str(no)]["firmware"], boards[str(no)]["config_crc"])
            for no, at in address.items()
        ),
        limits={name: round(value) for name, value in last.found.items()},
        steps={name: step.utc_ms for name, step in progress.steps.items()},
    )


def sign(progress: Progress, address: dict[int, int], node: Config) -> Path:
    """Write the file with the node's own key; the next one will carry the next number."""
    path = node.node.data_dir / block_file.NAME
    block_file.write(path, made_of(progress, address), read_keys(node.node.keys_dir).signing)
    progress.serial += 1
    progress.save()
    return path
