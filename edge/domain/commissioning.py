"""What a block was commissioned with (shelving-safety rule 13), and whether it still is. Pure comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from edge.domain.block import CarriageReport, SensorReport

FORMAT = 2  # 1 named neither images nor sensor boards, and its signers by what they typed
Changed = Literal["board", "firmware", "config", "map", "address", "column", "sensor"]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: enrolled here, and proved with PIN at that moment. ``id`` "" = a rehearsal on a virtual bench."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ProvedBoard:
    """The board of one column as it was proved. ``image``: the board's IR_IMAGE_*, which every file of it goes into."""

    column: int
    address: int
    board_id: int
    firmware_version: int
    image: int
    config_crc: int


@dataclass(frozen=True, slots=True)
class ProvedSensors:
    """A sensor board as it was proved; the leak rope on it reaches every carriage."""

    address: int
    board_id: int
    firmware_version: int
    image: int


@dataclass(frozen=True, slots=True)
class BlockFile:
    """``serial`` counts a block's files up. ``steps``: what was proved → when, UTC ms. ``limits``: measured and set."""

    area: str
    serial: int
    utc_ms: int
    technician: Signer
    witness: Signer
    map_major: int
    boards: tuple[ProvedBoard, ...]
    sensors: tuple[ProvedSensors, ...]
    limits: Mapping[str, int]
    steps: Mapping[str, int]

    @property
    def proved_ms(self) -> int:
        """UTC ms since when all of it stands proved: a later file keeps the steps that it did not repeat."""
        return min(self.steps.values(), default=self.utc_ms)

    def as_body(self) -> dict[str, Any]:
        parts = {name: [asdict(one) for one in getattr(self, name)] for name in ("boards", "sensors")}
        return {"format": FORMAT, **asdict(self), **parts}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> BlockFile:
        """Raises KeyError, TypeError or ValueError on anything but a whole file of this format."""
        rest = dict(body)
        if rest.pop("format") != FORMAT:
            raise ValueError("format")
        boards = tuple(ProvedBoard(**one) for one in rest.pop("boards"))
        sensors = tuple(ProvedSensors(**one) for one in rest.pop("sensors"))
        technician, witness = Signer(**rest.pop("technician")), Signer(**rest.pop("witness"))
        return cls(**rest, technician=technician, witness=witness, boards=boards, sensors=sensors)


@dataclass(frozen=True, slots=True)
class Difference:
    """``no``: the column, or with ``sensor`` the board's address."""

    no: int
    what: Changed


def differences(
    file: BlockFile,
    config_crc: Mapping[int, int],
    sensors: Iterable[int],
    carriages: Iterable[CarriageReport],
    reports: Iterable[SensorReport],
) -> tuple[Difference, ...]:
    """Where the block is no longer what was proved. ``config_crc``: column → what node.toml asks for now; ``sensors``:
    addresses of node.toml's sensor boards.

    A board that is silent is somebody else's finding: nothing is known about it. One that has not told its image yet
    differs.
    """
    proved = {board.column: board for board in file.boards}
    found = [Difference(column, "column") for column in sorted(set(proved) ^ set(config_crc))]
    for report in carriages:
        board = proved.get(report.column)
        if board is None or not report.online:
            continue
        program = (board.firmware_version, board.image)
        here: tuple[tuple[Changed, bool], ...] = (
            ("address", report.address != board.address),
            ("board", report.board_id != board.board_id),
            ("map", report.map_version >> 8 != file.map_major),
            ("firmware", (report.firmware_version, report.image) != program),
            ("config", {report.config_crc, config_crc.get(report.column)} != {board.config_crc}),
        )
        found += [Difference(report.column, what) for what, so in here if so][:1]
    known = {one.address: one for one in file.sensors}
    found += [Difference(address, "sensor") for address in sorted(set(known) ^ set(sensors))]
    for said in reports:
        one = known.get(said.address)
        told = (said.board_id, said.firmware_version, said.image)
        if one and said.online and told != (one.board_id, one.firmware_version, one.image):
            found.append(Difference(said.address, "sensor"))
    return tuple(found)
