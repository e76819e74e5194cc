"""``python -m edge.motion --config node.toml``: the motion process, composed."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import secrets
import signal
from pathlib import Path
from typing import Any

from edge import config as node_config
from edge.clock import SystemClock
from edge.devices.carriage_modbus import board_config, config_crc
from edge.errors import StoreroomError
from edge.motion.boards import CarriageBoard, SensorBoard
from edge.motion.bus import Bus
from edge.motion.permit import Permit
from edge.motion.server import Server
from edge.motion.shelving import Shelving
from edge.motion.updating import Updating


def compose(config: node_config.Config, clock: SystemClock) -> Shelving:
    buses = {bus.id: Bus(bus.port, bus.baud, bus.parity) for bus in config.buses}
    carriages = [
        CarriageBoard(column.address, column.no, config_crc(board_config(config.block, config.motion, column.no)))
        for column in config.block.columns
        if column.address is not None
    ]
    sensors = {
        bus_id: [SensorBoard(board.address) for board in config.sensor_boards if board.bus == bus_id]
        for bus_id in buses
    }
    here = config.block_bus or config.buses[0].id
    elsewhere = [(buses[bus_id], boards) for bus_id, boards in sensors.items() if bus_id != here and boards]
    permit = Permit(node=secrets.randbelow(0xFFFF) + 1)
    return Shelving(config.block, buses[here], carriages, sensors[here], elsewhere, permit, clock)


async def run(config: node_config.Config) -> None:
    """Until SIGTERM or SIGINT; then STOP, so that nothing armed outlives its owner."""
    clock = SystemClock()
    shelving = compose(config, clock)
    updating = Updating(shelving.boards(), shelving.resting, clock)
    server = Server(config.node.run_dir / "motion.sock", shelving, updating, clock)
    work = asyncio.gather(shelving.run(), server.run())
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    ends: list[asyncio.Future[Any]] = [work, asyncio.ensure_future(told.wait())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if work.done():
        work.result()
    await asyncio.wait([asyncio.ensure_future(shelving.stop())], timeout=1)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m edge.motion", description="The motion process of one node.")
    parser.add_argument("--config", type=Path, required=True)
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it logs ten frames in hex at every silent board
    try:
        config = node_config.load(parser.parse_args().config)
        config.node.run_dir.mkdir(parents=True, exist_ok=True)
    except StoreroomError as error:
        parser.exit(error.exit_code, f"{error}\n")
    asyncio.run(run(config))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
