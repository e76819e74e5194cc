"""The shelving block through the motion process: ``Carriages`` over its Unix socket.

Two threads: one reads snapshots and answers, one sends the heartbeat that permits depend on. The heartbeat goes out
only while ``alive()`` says that the node's main work runs, so a node that hangs lets every permit lapse.
STOP has a connection of its own, opened in advance.
"""

from __future__ import annotations

import itertools
import json
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

from edge.clock import Clock
from edge.devices import board_firmware, carriage_modbus
from edge.devices.block_json import plan_to_json, state_from_json
from edge.domain.aisles import combine
from edge.domain.block import BlockState, Layout, MovePlan
from edge.errors import LinkFault, raise_from_json

log = logging.getLogger(__name__)

HEARTBEAT_MS = 200
SILENT_MS = 1000
ANSWER_MS = 15_000  # arming proves every mover's circuits
SEND_MS = 500
RECONNECT_MS = 300


class MotionProcess:
    """Implements ``Carriages``. ``start()`` once, ``close()`` at the end; connects and reconnects by itself."""

    def __init__(self, socket_path: Path, layout: Layout, clock: Clock, alive: Callable[[], bool]) -> None:
        self._path, self._layout, self._clock, self._alive = socket_path, layout, clock, alive
        self._link: socket.socket | None = None
        self._stop_link: socket.socket | None = None
        self._sending = threading.Lock()
        self._waiting: dict[int, SimpleQueue[dict[str, Any]]] = {}
        self._ids = itertools.count(1)
        self._newest: tuple[int, BlockState] | None = None
        self._gone = False  # the link broke after the newest state was heard
        self._closed = threading.Event()
        self._threads = (
            threading.Thread(target=self._read, name="motion-link", daemon=True),
            threading.Thread(target=self._beat, name="motion-heartbeat", daemon=True),
        )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._closed.set()
        for link in (self._link, self._stop_link):
            _shut(link)
        for thread in self._threads:
            thread.join(timeout=2)

    # --- Carriages ---
    def state(self) -> BlockState:
        newest = self._newest
        if newest is None:
            return self._nothing_known()
        heard_ms, state = newest
        silent_ms = self._clock.monotonic_ms() - heard_ms
        if self._gone:  # known at once; a restart quicker than SILENT_MS must not hide it
            silent_ms = max(silent_ms, SILENT_MS + 1)
        carriages = tuple(
            replace(one, age_ms=None if one.age_ms is None else one.age_ms + silent_ms) for one in state.carriages
        )
        sensors = tuple(
            replace(one, age_ms=None if one.age_ms is None else one.age_ms + silent_ms) for one in state.sensors
        )
        if silent_ms <= SILENT_MS:
            return replace(state, carriages=carriages, sensors=sensors)
        aisles = combine(self._layout, carriages)
        return replace(state, carriages=carriages, sensors=sensors, aisles=aisles, alive=False, doubtful=True)

    def arm(self, plan: MovePlan, move_id: int) -> None:
        self._ask("arm", plan=plan_to_json(plan), move_id=move_id)

    def disarm(self) -> None:
        self._ask("disarm")

    def find_positions(self, move_id: int) -> None:
        self._ask("find", move_id=move_id)

    def doubt(self) -> None:
        self._ask("doubt")

    def let_local(self) -> None:
        self._ask("let_local")

    def light(self, column: int, slot_light: int, aisle_side: Literal["none", "left", "right", "both"]) -> None:
        self._ask("light", column=column, slot_light=slot_light, aisle_side=aisle_side)

    def programs(self) -> list[dict[str, Any]]:
        told = [board_firmware.from_json(value) for value in self._ask("firmware")["boards"]]
        return [{**board.as_json(), "verdict": board_firmware.verdict(board)} for board in told]

    def stop(self) -> None:
        """On its own connection, or on any that can still be opened. Never raises."""
        line = b'{"id":0,"do":"stop"}\n'
        if _sent(self._stop_link, line):
            return
        fresh = self._open()
        if _sent(fresh, line):
            _shut(fresh)
        elif not _sent(self._link, line):
            log.error("STOP did not reach the motion process: its permits lapse by themselves")

    # --- inside ---
    def _ask(self, what: str, **params: Any) -> dict[str, Any]:
        """Ask and wait. Its errors are raised here with the same family and code; LinkFault when it is silent."""
        number = next(self._ids)
        answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._waiting[number] = answers
        try:
            if not self._send({"id": number, "do": what, **params}):
                raise LinkFault("motion_silent", "restart_motion")
            answer = answers.get(timeout=ANSWER_MS / 1000)
        except Empty:
            raise LinkFault("motion_silent", "restart_motion") from None
        finally:
            del self._waiting[number]
        if "error" in answer:
            raise_from_json(answer["error"])
        return dict(answer["ok"])

    def _send(self, message: dict[str, Any]) -> bool:
        with self._sending:
            return _sent(self._link, json.dumps(message, ensure_ascii=False).encode() + b"\n")

    def _read(self) -> None:
        while not self._closed.is_set():
            link = self._open()
            if link is None:
                self._closed.wait(RECONNECT_MS / 1000)
                continue
            self._link = link
            self._send({"id": 0, "do": "hello"})
            self._take_lines(link)
            self._gone = True
            _shut(link)
            for answers in list(self._waiting.values()):
                answers.put({"error": LinkFault("motion_silent", "restart_motion").as_json() | {"family": "LinkFault"}})

    def _take_lines(self, link: socket.socket) -> None:
        rest = b""
        while not self._closed.is_set():
            try:
                chunk = link.recv(262_144)
            except TimeoutError:
                continue
            except OSError:
                return
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                try:
                    self._take(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    log.warning("the motion process said something else: %r", error)

    def _take(self, message: dict[str, Any]) -> None:
        if "state" in message:
            self._newest = (self._clock.monotonic_ms(), state_from_json(message["state"]))
            self._gone = False
        elif answers := self._waiting.get(message["id"]):
            answers.put(message)

    def _beat(self) -> None:
        while not self._closed.wait(HEARTBEAT_MS / 1000):
            if self._alive():
                self._send({"id": 0, "do": "heartbeat"})
            if not _still_open(self._stop_link):
                _shut(self._stop_link)
                self._stop_link = self._open()
                if self._stop_link:
                    self._stop_link.setblocking(False)  # neither the look above nor STOP itself may wait

    def _open(self) -> socket.socket | None:
        try:
            link = socket.socket(socket.AF_UNIX)
        except OSError:  # no descriptor left: this thread must live to try again
            return None
        link.settimeout(SEND_MS / 1000)
        try:
            link.connect(str(self._path))
        except OSError:
            link.close()
            return None
        return link

    def _nothing_known(self) -> BlockState:
        carriages = tuple(
            carriage_modbus.silent(column.no, column.address)
            for column in self._layout.columns
            if column.address is not None
        )
        return BlockState(0, False, carriages, (), combine(self._layout, carriages), None, True, 0)


def _sent(link: socket.socket | None, line: bytes) -> bool:
    if link is None:
        return False
    try:
        link.sendall(line)
    except OSError:
        return False
    return True


def _still_open(link: socket.socket | None) -> bool:
    """Throws away the answers to STOP, which nobody waits for."""
    if link is None:
        return False
    try:
        return bool(link.recv(4096))
    except BlockingIOError:
        return True
    except OSError:
        return False


def _shut(link: socket.socket | None) -> None:
    if link is not None:
        link.close()
