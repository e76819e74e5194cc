"""The vision process: ``python -m edge.vision --config node.toml``. It ends with SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import signal
import threading
from pathlib import Path

from edge import config
from edge.clock import SystemClock
from edge.errors import DeviceFault
from edge.vision.cameras import Cameras
from edge.vision.reader import Reader
from edge.vision.server import VisionServer

SOCKET = "vision.sock"
LOOK_AFTER_S = 1.0
NICENESS = 10  # reading takes whole cores for a moment; permits to carriages that move go first
_M_ARENA_MAX = -8  # malloc.h of glibc

log = logging.getLogger(__name__)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Cameras of one storeroom; example: --config node.toml")
    arguments.add_argument("--config", type=Path, required=True)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    node = config.load(arguments.parse_args().config)
    os.nice(NICENESS)
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)  # what one thread gave back, another may take: 30 MB less at the peak
    ending = threading.Event()
    for signal_no in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_no, lambda *_: ending.set())
    clock = SystemClock()
    node.node.run_dir.mkdir(parents=True, exist_ok=True)
    reader = Reader()
    cameras = Cameras(node.cameras, clock)
    server = VisionServer(node.node.run_dir / SOCKET, cameras, clock, reader)
    threading.Thread(target=load, args=(reader, server), name="loading", daemon=True).start()
    for name in cameras.watched():
        threading.Thread(target=_look_after, args=(cameras, name, ending), name=f"watch {name}", daemon=True).start()
    ending.wait()
    server.close()


def _look_after(cameras: Cameras, name: str, ending: threading.Event) -> None:
    try:
        while not ending.wait(LOOK_AFTER_S):
            cameras.look_after(name)
    finally:
        ending.set()  # an error that nobody foresaw ends the process, and the node starts it again


def load(reader: Reader, server: VisionServer) -> None:
    """While nobody waits. Without its networks the process still reads codes, and says so."""
    try:
        reader.load()
    except DeviceFault as fault:
        log.error("no print will be read: %s", fault)
        server.print_fault = fault.code


if __name__ == "__main__":
    main()
