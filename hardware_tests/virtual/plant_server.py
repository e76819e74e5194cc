"""The plant in real time: one thread integrates elapsed monotonic time and answers the boards' exchanges.

Nobody else touches the plant while it runs: other threads hand a function to ``call``.
"""

from __future__ import annotations

import contextlib
import os
import queue
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from firmware.registers import KIND_CARRIAGE
from hardware_tests.virtual.board import exchange
from hardware_tests.virtual.electrics import carriage_answer, outputs_from_pins, sensor_answer
from hardware_tests.virtual.plant import Plant

Answer = TypeVar("Answer")
IDLE_S = 0.005
GAP_MS = 50.0


@dataclass(frozen=True, slots=True)
class Gap:
    """A scheduling gap of this machine: while it lasted the plant and the boards were not in step."""

    at_ms: float
    ms: float
    who: str  # "plant" or "board 5"


@dataclass(slots=True)
class _Link:
    socket: socket.socket
    address: int = 0
    kind: int = 0
    last_ns: int = 0
    pending: bytes = b""


class PlantServer:
    """``column_of``: board address → column. ``gaps`` over 50 ms make a run invalid: neither passed nor failed."""

    def __init__(self, plant: Plant, path: Path, column_of: dict[int, int]) -> None:
        self._plant = plant
        self._column_of = column_of
        self.gaps: list[Gap] = []
        self.hung: set[int] = set()  # boards stopped on purpose: their silence is no scheduling gap
        self._asked: queue.SimpleQueue[tuple[Callable[[Plant], Any], Future[Any]]] = queue.SimpleQueue()
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._wake_read, self._wake_write = os.pipe()
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._last_ns = time.monotonic_ns()
        self._running = True
        self._thread = threading.Thread(target=self._run, name="plant", daemon=True)

    def start(self) -> None:
        self._last_ns = time.monotonic_ns()
        self._thread.start()

    def stop(self) -> None:
        self._running = False
        os.write(self._wake_write, b"x")
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def call(self, function: Callable[[Plant], Answer], timeout_s: float = 10.0) -> Answer:
        """Run ``function(plant)`` between two substeps and return its answer, or raise what it raised."""
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            return function(self._plant)
        future: Future[Answer] = Future()
        self._asked.put((function, future))
        os.write(self._wake_write, b"x")
        return future.result(timeout_s)

    def connected(self) -> set[int]:
        """Addresses of the boards whose control loop has looked at the plant."""
        return self.call(lambda _plant: self._connected())

    def _connected(self) -> set[int]:
        links = [key.data for key in self._selector.get_map().values() if isinstance(key.data, _Link)]
        return {link.address for link in links if link.last_ns}

    def _run(self) -> None:
        while self._running:
            for key, _events in self._selector.select(IDLE_S):
                if key.fileobj is self._listener:
                    link, _address = self._listener.accept()
                    self._selector.register(link, selectors.EVENT_READ, _Link(link))
                elif isinstance(key.data, _Link):
                    self._serve(key.data)
                else:
                    os.read(self._wake_read, 4096)
            self._advance()
            self._answer_calls()

    def _advance(self) -> None:
        now_ns = time.monotonic_ns()
        elapsed_ms = (now_ns - self._last_ns) / 1e6
        self._last_ns = now_ns
        if elapsed_ms > GAP_MS:
            self.gaps.append(Gap(self._plant.time_ms, elapsed_ms, "plant"))
        self._plant.advance(elapsed_ms)

    def _answer_calls(self) -> None:
        while True:
            try:
                function, future = self._asked.get_nowait()
            except queue.Empty:
                return
            try:
                future.set_result(function(self._plant))
            except BaseException as error:  # noqa: BLE001  it belongs to the caller's thread
                future.set_exception(error)

    def _serve(self, link: _Link) -> None:
        try:
            data = link.socket.recv(4096)
        except OSError:
            data = b""
        if not data:
            self._board_went(link)
            return
        link.pending += data
        if not link.kind:
            if len(link.pending) < exchange.HELLO_BYTES:
                return
            hello, link.pending = link.pending[: exchange.HELLO_BYTES], link.pending[exchange.HELLO_BYTES :]
            link.address, link.kind = struct.unpack(exchange.HELLO, hello)
        while len(link.pending) >= exchange.OUTPUT_BYTES:
            outputs, link.pending = link.pending[: exchange.OUTPUT_BYTES], link.pending[exchange.OUTPUT_BYTES :]
            self._advance()
            with contextlib.suppress(OSError):
                link.socket.sendall(self._exchange(link, outputs))

    def _exchange(self, link: _Link, outputs: bytes) -> bytes:
        now_ns = time.monotonic_ns()
        if link.kind != KIND_CARRIAGE:
            link.last_ns = now_ns
            values = sensor_answer(self._plant, link.address)
            return struct.pack(exchange.SENSOR_INPUTS, *values, 0, 0, 0)
        silent_ms = (now_ns - link.last_ns) / 1e6
        if link.last_ns and silent_ms > GAP_MS and link.address not in self.hung:
            self.gaps.append(Gap(self._plant.time_ms, silent_ms, f"board {link.address}"))
        link.last_ns = now_ns
        column = self._column_of[link.address]
        if self._plant.wiring.power:
            self._plant.wiring.outputs[column] = outputs_from_pins(*struct.unpack(exchange.OUTPUTS, outputs))
        return struct.pack(exchange.CARRIAGE_INPUTS, *carriage_answer(self._plant, column))

    def _board_went(self, link: _Link) -> None:
        self._selector.unregister(link.socket)
        link.socket.close()
        if link.kind == KIND_CARRIAGE:
            self._plant.lose_board(self._column_of[link.address])
