"""A block's signed file for rooms that are built without a bench: every board as its report says."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.block import Layout
from edge.domain.commissioning import BlockFile, ProvedBoard, ProvedSensors, Signer
from edge.domain.monthly_proof import Terms
from edge.store import block_file
from edge.store.commissioning import Commissioning
from edge.store.database import Database
from firmware.registers import MAP_VERSION

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CRC = 0x1234
SENSORS = (ProvedSensors(21, 0, 0, 0),)


def file(layout: Layout, serial: int = 1, utc_ms: int = 1_000, **changed: int) -> BlockFile:
    """``changed``: values of every board that differ from what the reports of these tests say."""
    board = {"board_id": 0, "firmware_version": 1, "image": 0, "config_crc": CRC} | changed
    boards = tuple(ProvedBoard(**{"column": c.no, "address": c.address, **board}) for c in layout.columns if c.address)
    signers = Signer("p-technician", "周建国"), Signer("p-archivist", "陈静")
    limits = {"speed_mm_s": 50, "estops": 2}
    return BlockFile(layout.area, serial, utc_ms, *signers, MAP_VERSION >> 8, boards, SENSORS, limits, {})


def commissioning(database: Database, folder: Path, layout: Layout, *, written: bool = True) -> Commissioning:
    """With its file in ``folder``; ``written`` False: the one that lies there."""
    path = folder / block_file.NAME
    if written:
        block_file.write(path, file(layout, utc_ms=database.clock.utc_ms()), KEY)
    asked = {column.no: CRC for column in layout.columns if not column.fixed}
    return Commissioning(database, path, KEY.public_key(), layout.area, asked, [21], Terms())
