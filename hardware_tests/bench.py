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
from edge.words import say
from hardware_tests.master import Master
from hardware_tests.serial_line import SerialLine
from hardware_tests.virtual import technician
from hardware_tests.virtual.layouts import demo_layout, demo_motion
from hardware_tests.virtual.live import LiveBench
from hardware_tests.virtual.lockstep_bench import LockstepBench

OPEN_AISLE = 4
ANSWER_MS = 300.0  # how long to wait for a board; how long it takes is a measurement of its own

WORDS = Path(__file__).parent / "words"
TOLD_APART = {
    "hold_button": ("which",),
    "press_button": ("which",),
    "edge_press": ("side",),
    "jog_hold": ("way",),
    "put_body": ("body", "place"),
}


def asked(language: str, what: str, args: dict[str, object]) -> str:
    """The words for one act: ``ask.<what>``, with what tells its kinds apart, and ``_off`` where it is undone."""
    msgid = "_".join(["ask", what, *(str(args[name]) for name in TOLD_APART.get(what, ()))]).replace("ask_", "ask.", 1)
    undone = False in (args.get("on"), args.get("inserted"), args.get("turned"))
    return say(language, msgid + ("_off" if undone else ""), WORDS, **args)


class Bench(Protocol):
    """``is_virtual`` only tells which figures may be believed; no test may steer its flow by it."""

    is_virtual: bool
    name: str
    layout: Layout
    motion: config.Motion
    sensors: tuple[int, ...]
    master: Master
    patience_ms: int  # how long a person may take for what ``begin`` asked

    def master_of(self, address: int, /) -> Master:
        """The one on whose bus this sensor board hangs; ``master`` speaks to the carriages."""
        ...

    def begin(self, what: str, **args: object) -> None:
        """Ask a person for one physical thing now, and go on without waiting: permits and looks do not rest."""
        ...

    def seen(self, what: str, **args: object) -> bool:
        """Whether a person sees it (words ``seen.<what>``)."""
        ...

    def measured(self, what: str, **args: object) -> float:
        """What a person reads off an instrument (words ``measured.<what>``)."""
        ...

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
    patience_ms = 5_000

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

    def master_of(self, _address: int, /) -> Master:
        return self.master

    def person(self, what: str, **args: object) -> None:
        if what == "enter":
            args["stand_in_beam"] = True
        takes_ms = self.live.act(what, **args)
        self.master.run(takes_ms + 100)
        self.live.wait_until(lambda plant: not any(person.busy for person in plant.people), within_s=20)

    def begin(self, what: str, **args: object) -> None:
        self.live.act(what, **args)

    def seen(self, what: str, **args: object) -> bool:
        return self.live.see(lambda plant: technician.seen(plant, what, **args))

    def measured(self, what: str, **_where: object) -> float:
        return technician.measured(what)

    def close(self) -> None:
        self._line.close()
        self.live.stop()
        self._folder.cleanup()


class Station:
    """A real block on a serial port. The station file names the node.toml whose [block] and bus are under test."""

    is_virtual = False
    patience_ms = 120_000

    def __init__(self, path: Path, answer: Callable[[str], str] = input, tell: Callable[[str], object] = print) -> None:
        station = tomllib.loads(path.read_text("utf-8"))["station"]
        self.node = node = config.load((path.parent / station["node_toml"]).resolve())
        self.name = str(station["name"])
        self.layout = node.block
        self.motion = node.motion
        self.sensors = tuple(board.address for board in node.sensor_boards)
        bus = next(bus for bus in node.buses if bus.id == node.block_bus)
        self._answer, self._tell, self._language = answer, tell, node.node.language
        self._line = SerialLine(station.get("port", bus.port), bus.baud, bus.parity)
        self.master = Master(self._line, answer_ms=ANSWER_MS)
        self._others = {
            other.id: SerialLine(other.port, other.baud, other.parity)
            for other in node.buses
            if other.id != bus.id and any(board.bus == other.id for board in node.sensor_boards)
        }

    def gaps(self) -> int:
        return self._line.late

    def master_of(self, address: int, /) -> Master:
        on = next(board.bus for board in self.node.sensor_boards if board.address == address)
        return Master(self._others[on], answer_ms=ANSWER_MS) if on in self._others else self.master

    def person(self, what: str, **args: object) -> None:
        self._answer(f"{asked(self._language, what, args)} {say(self._language, 'ask.then_enter', WORDS)} ")

    def begin(self, what: str, **args: object) -> None:
        self._tell(say(self._language, "ask.now", WORDS, what=asked(self._language, what, args)))

    def seen(self, what: str, **args: object) -> bool:
        question = say(self._language, f"seen.{what}", WORDS, **args)
        while (said := self._answer(say(self._language, "ask.yes_or_no", WORDS, what=question)).strip()) not in (
            "y",
            "n",
        ):
            pass
        return said == "y"

    def measured(self, what: str, **args: object) -> float:
        question = say(self._language, f"measured.{what}", WORDS, **args)
        while True:
            try:
                return float(self._answer(say(self._language, "ask.number", WORDS, what=question)))
            except ValueError:
                continue

    def close(self) -> None:
        for line in (self._line, *self._others.values()):
            line.close()


def open_bench(name: str) -> Bench:
    """``virtual``, ``lockstep`` (the same room in virtual time) or the path of a station file."""
    if name == "lockstep":
        return LockstepBench(demo_layout(), demo_motion(), OPEN_AISLE)
    return VirtualBench() if name == "virtual" else Station(Path(name))
