"""One board of the lock-step harness: the real firmware App on the real hal.py, in virtual time, under CPython.

hal.py and the machine stand-ins are executed once per board in modules of their own; time, the bus and the plant
end in the harness; flash is a dictionary of files that survives a power cut.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import io
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import firmware
from firmware.carriage.app import App as CarriageApp
from firmware.registers import KIND_CARRIAGE
from firmware.safe import App as SafeApp
from firmware.sensors.app import App as SensorApp
from hardware_tests.virtual.board_process import STAND_INS, Reset

HAL = Path(firmware.__file__).with_name("hal.py")
TICKS = 1 << 30


class PowerCut(Exception):
    """The board died at this byte of a write."""


class Flash:
    """The files of one board. ``left`` = bytes that may still be written before the power goes; None = no cut."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.left: int | None = None

    def text(self, name: str) -> str:
        return self.files[name].decode()

    def open(self, name: str, mode: str = "r") -> io.IOBase:
        if mode in ("w", "wb", "ab"):
            if mode != "ab" or name not in self.files:
                self._spend(b"\0")
                self.files[name] = b""
            return _Binary(self, name) if mode.endswith("b") else io.TextIOWrapper(_Binary(self, name))
        if name not in self.files:
            raise OSError(errno.ENOENT, name)
        return io.BytesIO(self.files[name]) if mode == "rb" else io.StringIO(self.text(name))

    def write(self, name: str, data: bytes) -> None:
        """What was written before a power cut stays: the worst that a file system may do."""
        kept = self._spend(data)
        self.files[name] += data[:kept]
        if kept < len(data):
            raise PowerCut

    def listdir(self, folder: str) -> list[str]:
        below = folder + "/"
        return sorted({name[len(below) :].split("/")[0] for name in self.files if name.startswith(below)})

    def stat(self, path: str) -> tuple[int, ...]:
        return (0x8000 if path in self.files else 0x4000,)

    def remove(self, name: str) -> None:
        self._spend(b"\0")
        del self.files[name]

    def rename(self, old: str, new: str) -> None:
        self._spend(b"\0")
        self.files[new] = self.files.pop(old)

    def _spend(self, data: bytes) -> int:
        if self.left is None:
            return len(data)
        if not self.left:
            raise PowerCut
        kept = min(self.left, len(data))
        self.left -= kept
        return kept


class _Binary(io.RawIOBase):
    def __init__(self, flash: Flash, name: str) -> None:
        super().__init__()
        self._flash, self._name = flash, name

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._flash.write(self._name, bytes(data))
        return len(data)


@dataclass(slots=True)
class Wire:
    """The board's end of the bus."""

    say: Callable[[bytes], None]
    heard: bytearray = field(default_factory=bytearray)
    fd: int = -1

    def readinto(self, buffer: bytearray) -> int | None:
        count = min(len(buffer), len(self.heard))
        buffer[:count] = self.heard[:count]
        del self.heard[:count]
        return count or None

    def write(self, data: bytes, count: int) -> int:
        self.say(bytes(data[:count]))
        return count


@dataclass(slots=True)
class Board:
    """A running board. ``app`` is firmware's own; ``due`` says whether a step would do anything."""

    address: int
    kind: int
    wire: Wire
    app: Any
    booted_us: int

    def step(self, now_us: int) -> None:
        now_ms = (now_us - self.booted_us) // 1000
        app = self.app
        if self.wire.heard or app.slave.pending() or now_ms >= min(app.next_ms, app.look_ms):
            app.step(now_ms)


def boot(
    address: int,
    kind: int,
    flash: Flash,
    say: Callable[[bytes], None],
    ask: Callable[[bytes], bytes],
    now_us: Callable[[], int],
    reset: Reset,
    slot: str = "",
) -> Board:
    """Power one board up: its App, made by the firmware's own constructor. ``ask`` is the exchange with the plant.

    ``slot``: the one that its loader chose; "" = the program that lies with the tests, without a loader.
    """
    wire = Wire(say)
    link = types.ModuleType("plant_link")
    for name, value in (("address", address), ("kind", kind), ("reset", reset), ("ask", ask), ("Port", lambda: wire)):
        setattr(link, name, value)
    hal = load_hal(flash, link, now_us)
    chip = hal.CarriageHal() if kind == KIND_CARRIAGE else hal.SensorHal()
    before = firmware.SLOT
    program: Any = CarriageApp if kind == KIND_CARRIAGE else SensorApp
    firmware.SLOT = slot or before
    try:
        app = SafeApp(chip) if firmware.SLOT == "safe" else program(chip)
    finally:
        firmware.SLOT = before
    return Board(address, kind, wire, app, now_us())


def load_hal(flash: Flash, link: types.ModuleType | None = None, now_us: Callable[[], int] = lambda: 0) -> Any:
    """The board's own hal.py as a module that ends in this flash and this link."""
    link = link or types.ModuleType("plant_link")
    with _in_place({"plant_link": link, "time": _clock(now_us), "select": _select(), "micropython": _micropython()}):
        for name in ("exchange", "machine", "rp2", "neopixel"):
            sys.modules[name] = _execute(name, STAND_INS / f"{name}.py")
        hal = _execute("hal", HAL)
    hal.open = flash.open
    hal.os = types.SimpleNamespace(
        rename=flash.rename, remove=flash.remove, listdir=flash.listdir, stat=flash.stat, mkdir=lambda _path: None
    )
    return hal


def _clock(now_us: Callable[[], int]) -> types.ModuleType:
    clock: Any = types.ModuleType("time")
    clock.ticks_ms = lambda: now_us() // 1000 % TICKS
    clock.ticks_us = lambda: now_us() % TICKS
    clock.ticks_diff = lambda later, earlier: (later - earlier + TICKS // 2) % TICKS - TICKS // 2
    clock.ticks_add = lambda ticks, delta: (ticks + delta) % TICKS
    return clock


def _select() -> types.ModuleType:
    """Waiting is the scheduler's business here."""
    module: Any = types.ModuleType("select")
    module.POLLIN = 1
    module.poll = lambda: types.SimpleNamespace(register=lambda *_args: None, poll=lambda _ms: [])
    return module


def _micropython() -> types.ModuleType:
    """CPython has no heap to lock."""
    module: Any = types.ModuleType("micropython")
    module.heap_lock = module.heap_unlock = lambda: None
    return module


def _execute(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _in_place(modules: dict[str, types.ModuleType]) -> Iterator[None]:
    """While the board's modules are loaded, these names mean the board's; afterwards everything is as before."""
    names = {*modules, "exchange", "machine", "rp2", "neopixel"}
    before = {name: sys.modules.get(name) for name in names}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
