"""``node.toml`` → frozen dataclasses. Config is what needs a screwdriver: ports, pins, paths, cameras, bus addresses.

An unknown key, a missing one or a value out of range is an error; all are reported together, each with its line.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.config_block import check_free_rail, layout_in
from edge.config_camera import Camera, camera_in
from edge.config_table import Problems, Table, Where
from edge.domain.block import Layout
from edge.domain.monthly_proof import Terms
from edge.errors import InputRefused
from edge.words import Words

BAUD_RATES = (9600, 19200, 38400, 57600, 115200)
SHIP_LEVELS = ("open", "internal")


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    zone: str
    language: str
    ship_level: str
    data_dir: Path
    run_dir: Path
    keys_dir: Path


@dataclass(frozen=True, slots=True)
class Panel:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Bus:
    id: str
    port: str
    baud: int
    parity: str


@dataclass(frozen=True, slots=True)
class SensorBoard:
    address: int
    bus: str
    place: str


@dataclass(frozen=True, slots=True)
class CardReader:
    port: str
    address: int
    key_file: Path


@dataclass(frozen=True, slots=True)
class CodeScanner:
    port: str


@dataclass(frozen=True, slots=True)
class StoreroomDoor:
    """``lock``: what it does without power. ``reader``: the one outside at the door; None: the panel lets people in."""

    strike_pin: int
    contact_pin: int
    exit_pin: int
    unlock_s: int
    lock: str
    reader: CardReader | None


@dataclass(frozen=True, slots=True)
class AlarmSounder:
    pin: int


@dataclass(frozen=True, slots=True)
class Sync:
    host: str
    port: int
    username: str
    password_file: Path
    centre_key_file: Path
    ca_file: Path | None


@dataclass(frozen=True, slots=True)
class Motion:
    """What the boards were commissioned with; their config CRC is compared with it."""

    max_speed_mm_s: int
    find_speed_mm_s: int
    stall_ma: int
    um_per_count: int


@dataclass(frozen=True, slots=True)
class Config:
    node: Node
    panel: Panel
    buses: tuple[Bus, ...]
    block: Layout
    block_bus: str
    motion: Motion
    proof: Terms
    list_printer: str
    sensor_boards: tuple[SensorBoard, ...]
    cameras: tuple[Camera, ...]
    reader: CardReader | None
    scanner: CodeScanner | None
    door: StoreroomDoor | None
    sounder: AlarmSounder | None
    sync: Sync | None
    path: Path


def load(path: Path) -> Config:
    """Read and check ``path``. Raises InputRefused: missing, not TOML, or ``problems`` (all of them, with lines)."""
    try:
        text = path.read_text("utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError as error:
        raise InputRefused("config_missing", "make_config", file=str(path)) from error
    except OSError as error:
        raise InputRefused("config_unreadable", "check_config_path", file=str(path), why=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRefused("config_not_toml", "mend_config", file=str(path), why=str(error)) from error
    problems = Problems(text)
    top = Table(raw, (), problems)
    config = _config(top, path)
    top.finish()
    _check_addresses(config, raw, problems)
    if found := problems.in_order():
        raise InputRefused("config_problems", "mend_config", file=str(path), count=len(found), problems=found)
    return config


def _config(top: Table, path: Path) -> Config:
    here = path.resolve().parent
    node = top.table("node")
    panel = top.table("panel")
    block = top.table("block")
    reader, scanner, door = top.maybe("reader"), top.maybe("scanner"), top.maybe("door")
    sounder, sync = top.maybe("sounder"), top.maybe("sync")
    layout = layout_in(block)
    return Config(
        node=Node(
            id=node.text("id", pattern=r"[a-z0-9-]{1,32}"),
            name=node.text("name"),
            zone=node.zone("zone", default="Asia/Shanghai"),
            language=node.choice("language", ("zh-Hans", "zh-Hant", "en"), default="zh-Hans"),
            ship_level=node.choice("ship_level", SHIP_LEVELS, default="internal"),
            data_dir=node.path("data_dir", here),
            run_dir=node.path("run_dir", here),
            keys_dir=node.path("keys_dir", here),
        ),
        panel=Panel(host=panel.text("host", default="127.0.0.1"), port=panel.whole("port", 1, 65535, default=8080)),
        buses=tuple(
            Bus(
                id=bus.text("id"),
                port=bus.text("port"),
                baud=bus.one_of("baud", BAUD_RATES, default=115200),
                parity=bus.choice("parity", ("N", "E", "O"), default="E"),
            )
            for bus in top.tables("bus")
        ),
        block=layout,
        block_bus=block.text("bus", default="" if layout.drive == "crank" else None),
        motion=Motion(
            max_speed_mm_s=block.whole("speed_mm_s", 5, 50, default=50),
            find_speed_mm_s=block.whole("find_speed_mm_s", 5, 25, default=25),
            stall_ma=block.whole("stall_ma", 100, 20000, default=4000),
            um_per_count=block.whole("um_per_count", 1, 1000, default=100),
        ),
        proof=Terms(
            every_days=block.whole("proof_every_days", 7, 31, default=31),
            grace_days=block.whole("proof_grace_days", 0, 14, default=7),
        ),
        list_printer=node.text("list_printer", default=""),
        sensor_boards=tuple(
            SensorBoard(address=board.whole("address", 1, 247), bus=board.text("bus"), place=board.text("place"))
            for board in top.tables("sensors")
        ),
        cameras=tuple(camera_in(camera) for camera in top.tables("camera")),
        reader=_reader(reader, here) if reader else None,
        scanner=CodeScanner(scanner.text("port")) if scanner else None,
        door=_door(door, here) if door else None,
        sounder=AlarmSounder(sounder.whole("pin", 0, 27)) if sounder else None,
        sync=_sync(sync, here) if sync else None,
        path=path,
    )


def _reader(reader: Table, here: Path) -> CardReader:
    return CardReader(reader.text("port"), reader.whole("address", 0, 126), reader.path("key_file", here))


def _door(door: Table, here: Path) -> StoreroomDoor:
    reader = door.maybe("reader")
    return StoreroomDoor(
        strike_pin=door.whole("strike_pin", 0, 27),
        contact_pin=door.whole("contact_pin", 0, 27),
        exit_pin=door.whole("exit_pin", 0, 27),
        unlock_s=door.whole("unlock_s", 1, 30, default=5),
        lock=door.choice("lock", ("fail_secure", "fail_safe"), default="fail_secure"),
        reader=_reader(reader, here) if reader else None,
    )


def _sync(sync: Table, here: Path) -> Sync:
    return Sync(
        host=sync.text("host"),
        port=sync.whole("port", 1, 65535, default=8883),
        username=sync.text("username"),
        password_file=sync.path("password_file", here),
        centre_key_file=sync.path("centre_key_file", here),
        ca_file=sync.maybe_path("ca_file", here),
    )


def _check_addresses(config: Config, raw: dict[str, Any], problems: Problems) -> None:
    """Things no single key can show: two devices on one address, a bus nobody has, columns out of order."""
    if problems.in_order() or "block" not in raw:
        return

    def wrong(where: Where, code: str, **params: Any) -> None:
        problems.add(where, Words(f"config_problem.{code}", params))

    bus_ids = [bus.id for bus in config.buses]
    if config.block_bus not in bus_ids and (config.block_bus or any(one.address for one in config.block.columns)):
        wrong(("block", "bus"), "no_such_bus", bus=config.block_bus)
    for index, twin in enumerate(bus_ids):
        if twin in bus_ids[:index]:
            wrong(("bus", index, "id"), "two_buses", bus=twin)
    taken: dict[tuple[str, int], Words] = {}
    for index, column in enumerate(config.block.columns):
        if column.no != index + 1:
            wrong(("block", "column", index, "no"), "column_order", no=column.no)
        if column.address is None:
            continue
        where = (config.block_bus, column.address)
        if where in taken:
            wrong(("block", "column", index, "address"), "address_taken", address=column.address, by=taken[where])
        taken[where] = Words("config_problem.a_column", {"no": column.no})
    for index, board in enumerate(config.sensor_boards):
        if board.bus not in bus_ids:
            wrong(("sensors", index, "bus"), "no_such_bus", bus=board.bus)
        where = (board.bus, board.address)
        if where in taken:
            wrong(("sensors", index, "address"), "address_taken", address=board.address, by=taken[where])
        taken[where] = Words("config_problem.a_sensor_board", {"place": board.place})
    if config.block.columns:
        check_free_rail(config.block, wrong)
    if not any(not column.fixed for column in config.block.columns):
        wrong(("block",), "nothing_movable")
