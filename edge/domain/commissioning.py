"""What a block was commissioned with (shelving-safety rule 13), and whether it still is. Pure comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from edge.domain.block import CarriageReport

FORMAT = 1
Changed = Literal["board", "firmware", "config", "address", "column"]


@dataclass(frozen=True, slots=True)
class ProvedBoard:
    """The board of one column as it was proved, by chip id, firmware and configuration."""

    column: int
    address: int
    board_id: int
    firmware_version: int
    config_crc: int


@dataclass(frozen=True, slots=True)
class BlockFile:
    """``serial`` counts a block's files up. ``steps``: what was proved → when, UTC ms. ``limits``: measured and set."""

    area: str
    serial: int
    utc_ms: int
    technician: str
    witness: str
    map_major: int
    boards: tuple[ProvedBoard, ...]
    limits: Mapping[str, int]
    steps: Mapping[str, int]

    def as_body(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self), "boards": [asdict(board) for board in self.boards]}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> BlockFile:
        """Raises KeyError, TypeError or ValueError on anything but a whole file of this format."""
        rest = dict(body)
        if rest.pop("format") != FORMAT:
            raise ValueError("format")
        boards = tuple(ProvedBoard(**one) for one in rest.pop("boards"))
        return cls(**rest, boards=boards)


@dataclass(frozen=True, slots=True)
class Difference:
    column: int
    what: Changed


def differences(
    file: BlockFile, config_crc: Mapping[int, int], carriages: Iterable[CarriageReport]
) -> tuple[Difference, ...]:
    """Where the block is no longer what was proved. ``config_crc``: column → what node.toml asks for now.

    A board that is silent is somebody else's finding: nothing is known about it.
    """
    proved = {board.column: board for board in file.boards}
    found = [Difference(column, "column") for column in sorted(set(proved) ^ set(config_crc))]
    for report in carriages:
        board = proved.get(report.column)
        if board is None or not report.online:
            continue
        here: tuple[tuple[Changed, bool], ...] = (
            ("address", report.address != board.address),
            ("board", report.board_id != board.board_id),
            ("firmware", report.firmware_version != board.firmware_version),
            ("config", config_crc.get(report.column) != board.config_crc),
        )
        found += [Difference(report.column, what) for what, so in here if so][:1]
    return tuple(found)
