"""From a ladder climbed to its end to the block's signed file, in the data directory of the node that will obey it."""

from __future__ import annotations

from pathlib import Path

from edge.config import Config
from edge.domain.commissioning import BlockFile, ProvedBoard, ProvedSensors, Signer
from edge.errors import StoreroomError
from edge.store import block_file
from edge.store.keys import read_keys
from firmware.registers import MAP_VERSION
from hardware_tests.commission.ladder import SENSORS, Progress


def made_of(progress: Progress, address: dict[int, int], technician: Signer, witness: Signer) -> BlockFile:
    """``address``: column → its board's. Raises KeyError where a step is missing."""
    boards = progress.steps["boards"].found
    last = progress.steps["limits"]
    return BlockFile(
        area=progress.area,
        serial=progress.serial,
        utc_ms=max(step.utc_ms for step in progress.steps.values()),
        technician=technician,
        witness=witness,
        map_major=MAP_VERSION >> 8,
        boards=tuple(
            ProvedBoard(no, at, one["board_id"], one["firmware"], one["image"], one["config_crc"])
            for no, at, one in ((no, at, boards[str(no)]) for no, at in address.items())
        ),
        sensors=tuple(
            ProvedSensors(int(of.removeprefix(SENSORS)), one["board_id"], one["firmware"], one["image"])
            for of, one in boards.items()
            if of.startswith(SENSORS)
        ),
        limits={name: round(value) for name, value in last.found.items()}
        | {"estops": progress.steps["room"].found["estops"]},
        steps={name: step.utc_ms for name, step in progress.steps.items()},
    )


def stands(node: Config) -> bool:
    """Whether the node has a whole file of its own signing for its block."""
    try:
        block_file.read(
            node.node.data_dir / block_file.NAME, read_keys(node.node.keys_dir).signing_public, node.block.area
        )
    except StoreroomError:
        return False
    return True


def withdraw(node: Config) -> None:
    """What is owed again is not commissioned, also where the ladder then stops half-way."""
    (node.node.data_dir / block_file.NAME).unlink(missing_ok=True)


def sign(progress: Progress, address: dict[int, int], node: Config, technician: Signer, witness: Signer) -> Path:
    """Write the file with the node's own key; the next one will carry the next number."""
    path = node.node.data_dir / block_file.NAME
    block_file.write(path, made_of(progress, address, technician, witness), read_keys(node.node.keys_dir).signing)
    progress.serial += 1
    progress.save()
    return path
