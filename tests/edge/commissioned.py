"""A block's signed file for rooms that are built without a bench: every board as its report says."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.block import Layout
from edge.domain.commissioning import BlockFile, ProvedBoard
from edge.store import block_file
from edge.store.commissioning import Commissioning
from edge.store.database import Database
from firmware.registers import MAP_VERSION

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CRC = 0x1234


def file(layout: Layout, serial: int = 1, **changed: int) -> BlockFile:
    """``changed``: values of every board that differ from what the reports of these tests say."""
    board = {"board_id": 0, "firmware_version": 1, "config_crc": CRC} | changed
    boards = tuple(ProvedBoard(column=c.no, address=c.address, **board) for c in layout.columns if c.address)
    return BlockFile(layout.area, serial, 1_000, "周建国", "赵敏", MAP_VERSION >> 8, boards, {"speed_mm_s": 50}, {})


def commissioning(database: Database, folder: Path, layout: Layout) -> Commissioning:
    """With its file in ``folder``."""
    path = folder / block_file.NAME
    block_file.write(path, file(layout), KEY)
    asked = {column.no: CRC for column in layout.columns if not column.fixed}
    return Commissioning(database, path, KEY.public_key(), layout.area, asked)
