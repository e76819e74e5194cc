"""The room as a node has it: what stands on the disk, what is fitted, and the other two processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edge.clock import Clock
from edge.config import Config
from edge.devices import Carriages
from edge.devices.carriage_modbus import board_config, config_crc
from edge.devices.eyes_process import EyesProcess
from edge.devices.hand_cranked import HandCranked
from edge.devices.motion_process import MotionProcess
from edge.devices.page_reader_process import PageReaderProcess
from edge.devices.printer_cups import PrinterCups
from edge.fittings import Fittings
from edge.store import block_file, crank_pose
from edge.store.aisle_log import AisleLog
from edge.store.alarms import Alarms
from edge.store.batches import Batches
from edge.store.begin import LOOKS_FILE, READINGS_FILE, SCANS_FILE
from edge.store.block_work import BlockWork
from edge.store.catalogue import Catalogue
from edge.store.commissioning import Commissioning
from edge.store.database import Database
from edge.store.entrapments import Entrapments
from edge.store.fault_log import FaultLog
from edge.store.keys import Keys
from edge.store.loans import Loans
from edge.store.looks import Looks
from edge.store.moves import Moves
from edge.store.pages import Pages
from edge.store.people import People
from edge.store.pull_lists import PullLists
from edge.store.readings import Readings
from edge.store.scans import Scans
from edge.store.search import Search
from edge.workflows.room import Room


def fitted_room(
    config: Config,
    clock: Clock,
    database: Database,
    keys: Keys,
    motion: MotionProcess | None,
    fittings: Fittings,
    held: Callable[[Any], Any],
) -> Room:
    """``held`` takes what must be closed when the node ends."""
    node = config.node
    cranked = _cranked(config, database, motion)
    carriages: Carriages | None = cranked or motion
    assert carriages is not None, "config.load refuses motors without a bus"
    readings = held(Readings(node.data_dir / READINGS_FILE, keys.database))
    looks = held(Looks(node.data_dir / LOOKS_FILE, keys.database))
    return Room(
        node_id=node.id,
        name=node.name,
        zone=node.zone,
        layout=config.block,
        places={board.address: board.place for board in config.sensor_boards},
        counter_camera=next((camera.id for camera in config.cameras if camera.sees == "counter"), ""),
        mast_cameras=tuple(camera.id for camera in config.cameras if camera.sees == "mast"),
        fixed_cameras={
            bay: tuple(camera.id for camera in config.cameras if camera.bay == bay)
            for bay in sorted({camera.bay for camera in config.cameras} - {""})
        },
        page_camera=fittings.page_camera(),
        clock=clock,
        database=database,
        catalogue=Catalogue(database),
        search=Search(database),
        people=People(database, keys.site),
        loans=Loans(database),
        moves=Moves(database),
        pulls=PullLists(database),
        aisles=AisleLog(database),
        block_faults=FaultLog(database),
        commissioning=_commissioning(config, database, keys),
        entrapments=Entrapments(database),
        work=BlockWork(database),
        alarms=Alarms(database),
        readings=readings,
        looks=looks,
        pages=Pages(database),
        batches=Batches(database),
        scans=held(Scans(node.data_dir / SCANS_FILE, keys.database)),
        carriages=carriages,
        cranked=cranked,
        eyes=held(
            EyesProcess(node.run_dir / "vision.sock", clock, [camera.id for camera in config.cameras if camera.watched])
        ),
        page_reader=PageReaderProcess(node.run_dir / "vision.sock"),
        reader=fittings.card_reader(config.reader),
        scanner=fittings.scanner(),
        door=fittings.door(),
        sounder=fittings.sounder(),
        printer=PrinterCups(),
    )


def _commissioning(config: Config, database: Database, keys: Keys) -> Commissioning:
    columns = [column.no for column in config.block.columns if not column.fixed]
    asked = {no: config_crc(board_config(config.block, config.motion, no)) for no in columns}
    path = config.node.data_dir / block_file.NAME
    sensors = [board.address for board in config.sensor_boards]
    return Commissioning(database, path, keys.signing_public, config.block.area, asked, sensors, config.proof)


def _cranked(config: Config, database: Database, motion: MotionProcess | None) -> HandCranked | None:
    block = config.block
    if block.drive != "crank":
        return None
    return HandCranked(block, crank_pose.read(database, block.area), motion)
