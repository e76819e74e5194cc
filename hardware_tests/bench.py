"""What a technician's test may touch: the bus, and a person who does physical things when asked.

On the virtual bench the person is the plant's; on a station it is the operator, who is told what to do.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from edge import config
from edge.domain.block import Layout
from hardware_tests.master import Master
from hardware_tests.serial_line import SerialLine
from hardware_tests.virtual.layouts import demo_layout, demo_motion
from hardware_tests.virtual.live import LiveBench

ANSWER_MS = 300.0  # how long to wait for a board; how long it takes is a measurement of its own

ASK = {
    "walk_all": "Walk through every aisle and press its reset buttons (closed aisles: the mouth button only).",
    "walk": "Walk through aisle {aisle}: deep button, out, mouth button.",
    "start_press": "Press the lit Start button on the block once.",
    "start_hold": "Press Start and hold it.",
    "start_release": "Let go of Start.",
    "reset_press": "Press the block's Reset button.",
    "estop_press": "Press the emergency stop.",
    "estop_release": "Release the emergency stop.",
    "enter": "Step into the mouth of aisle {aisle} and stay in its beam.",
    "leave": "Step out of aisle {aisle}.",
    "press_button": "Press the {which} button of aisle {aisle} for a second.",
}


class Bench(Protocol):
    """``is_virtual`` only tells which figures may be believed; no test may steer its flow by it."""

    is_virtual: bool
    name: str
    layout: Layout
    motion: config.Motion
    sensors: tuple[int, ...]
    master: Master

    def person(self, what: str, **args: object) -> None:
        """Have a person do one physical thing (names: virtual/acts.py); returns when it is done."""
        ...

    def gaps(self) -> int:
        """Scheduling gaps over 50 ms so far: what fails while they grow is neither passed nor failed."""
        ...

    def close(self) -> None: ...


class VirtualBench:
    """Real firmware on virtual boards (virtual/live.py), reached through its pty like any serial port."""

    is_virtual = True
    name = "virtual bench"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="storeroom-bench-")
        folder = Path(self._folder.name)
        self.layout = demo_layout()
        self.motion = demo_motion()
        self.live = LiveBench(folder / "bench", self.layout, folder / "flash", motion=self.motion)
        self.sensors = tuple(self.live.plant.air.spots)
        self.live.start()
        self._line = SerialLine(str(self.live.bench_dir / "bus"))
        self.master = Master(self._line, answer_ms=ANSWER_MS)

    def gaps(self) -> int:
        return len(self.live.gaps) + self._line.late

    def person(self, what: str, **args: object) -> None:
        if what == "enter":
            args["stand_in_beam"] = True
        takes_ms = self.live.act(what, **args)
        self.master.run(takes_ms + 100)
        self.live.wait_until(lambda plant: not any(person.busy for person in plant.people), within_s=20)

    def close(self) -> None:
        self._line.close()
        self.live.stop()
        self._folder.cleanup()


class Station:
    """A real block on a serial port. The station file names the node.toml whose [block] and bus are under test."""

    is_virtual = False

    def __init__(self, path: Path, tell: Callable[[str], object] = input) -> None:
        station = tomllib.loads(path.read_text("utf-8"))["station"]
        node = config.load((path.parent / station["node_toml"]).resolve())
        self.name = str(station["name"])
        self.layout = node.block
        self.motion = node.motion
        self.sensors = tuple(board.address for board in node.sensor_boards)
        bus = next(bus for bus in node.buses if bus.id == node.block_bus)
        self._tell = tell
        self._line = SerialLine(station.get("port", bus.port), bus.baud, bus.parity)
        self.master = Master(self._line, answer_ms=ANSWER_MS)

    def gaps(self) -> int:
        return self._line.late

    def person(self, what: str, **args: object) -> None:
        self._tell(f"{ASK[what].format(**args)} Then press Enter. ")

    def close(self) -> None:
        self._line.close()


def open_bench(name: str) -> Bench:
    """``virtual`` or the path of a station file."""
    return VirtualBench() if name == "virtual" else Station(Path(name))
