"""The motion process's Unix socket: JSON lines in, answers and snapshots out (mode 0600, the node is its only user).

``{"id", "do": …}`` is answered with ``{"id", "ok"}`` or ``{"id", "error"}``; ``{"state": …}`` is pushed to every
connection that said hello, at each change and at least three times a second.
"""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.devices.block_json import plan_from_json, state_to_json
from edge.errors import DeviceFault, InputRefused, StoreroomError
from edge.motion.shelving import Shelving
from edge.motion.updating import Updating
from firmware import registers as r

log = logging.getLogger(__name__)

PUSH_EVERY_MS = 50
PUSH_AT_LEAST_MS = 300  # the node calls us silent after a second: two may be late
LINE_BYTES = 1_000_000
ACTS = ("arm", "find", "disarm", "stop", "doubt", "let_local")
FIRMWARE_CODES = {"firmware_activate": r.DO_ACTIVATE, "firmware_cancel": r.DO_CANCEL}
FIRMWARE = ("firmware", "firmware_send", "firmware_progress", *FIRMWARE_CODES)
AGES = ("seq", "bus_cycle_ms")


class Server:
    def __init__(self, path: Path, shelving: Shelving, updating: Updating, clock: Clock) -> None:
        self._path, self._shelving, self._updating, self._clock = path, shelving, updating, clock
        self._listeners: set[asyncio.StreamWriter] = set()
        self._asked: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self._path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, str(self._path), limit=LINE_BYTES)
        self._path.chmod(0o600)
        async with server:
            await self._push()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                request = json.loads(line)
                if request["do"] == "hello":
                    self._listeners.add(writer)
                task = asyncio.create_task(self._answer(request, writer))
                self._asked.add(task)
                task.add_done_callback(self._asked.discard)
        except (ValueError, KeyError, TypeError) as error:
            log.warning("a connection spoke no JSON lines: %r", error)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the node went away, or the process ends and asyncio would log a cancelled handler as an error
        finally:
            self._listeners.discard(writer)
            writer.close()

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        answer: dict[str, Any] = {"id": request.get("id")}
        try:
            answer["ok"] = await self._do(request)
            if request["do"] in ACTS:  # whoever asked sees the outcome before the answer
                _write(writer, {"state": state_to_json(self._shelving.state())})
        except StoreroomError as error:
            answer["error"] = {**error.as_json(), "family": type(error).__name__}
        except Exception:
            log.exception("%s failed", request.get("do"))
            answer["error"] = {**DeviceFault("internal", "call_technician").as_json(), "family": "DeviceFault"}
        _write(writer, answer)

    async def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        what, shelving = request["do"], self._shelving
        if what == "heartbeat":
            shelving.permit.heartbeat(self._clock.monotonic_ms())
        elif what == "stop":
            await shelving.stop()
        elif what == "state":
            return state_to_json(shelving.state())
        elif what in FIRMWARE:
            return await self._firmware(what, request)
        elif what != "hello":
            await self._act(what, request)
        return {}

    async def _firmware(self, what: str, request: dict[str, Any]) -> dict[str, Any]:
        """The boards' programs: look, send, how far it is, offer to whoever stands there, take back."""
        updating = self._updating
        try:
            address = None if request.get("address") is None else int(request["address"])
            path = Path(request["file"]) if what == "firmware_send" else Path()
        except (KeyError, TypeError, ValueError) as error:
            raise InputRefused("motion_bad_request", "call_technician", what=what, why=repr(error)) from error
        if what == "firmware":
            return {"boards": [board.as_json() for board in await updating.describe(address)]}
        if address is not None and what == "firmware_send":
            updating.begin(address, path)
        elif address is not None and what in FIRMWARE_CODES:
            await updating.do(address, FIRMWARE_CODES[what])
        return updating.progress()

    async def _act(self, what: str, request: dict[str, Any]) -> None:
        shelving = self._shelving
        try:
            if what == "arm":
                plan, move_id = plan_from_json(request["plan"]), int(request["move_id"])
            elif what == "light":
                lamp = int(request["column"]), int(request["slot_light"]), str(request["aisle_side"])
            elif what == "find":
                move_id = int(request["move_id"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputRefused("motion_bad_request", "call_technician", what=str(what), why=repr(error)) from error
        if what == "arm":
            await shelving.arm(plan, move_id)
        elif what == "find":
            await shelving.find_positions(move_id)
        elif what == "light":
            await shelving.light(*lamp)
        elif what == "disarm":
            await shelving.disarm()
        elif what == "doubt":
            shelving.doubt()
        elif what == "let_local":
            shelving.let_local()
        else:
            raise InputRefused("motion_bad_request", "call_technician", what=str(what), why="unknown")

    async def _push(self) -> None:
        last: dict[str, Any] = {}
        pushed_ms = 0
        while True:
            await asyncio.sleep(PUSH_EVERY_MS / 1000)
            if not self._listeners:
                continue
            state = state_to_json(self._shelving.state())
            news, now_ms = _ageless(state), self._clock.monotonic_ms()
            if news == last and now_ms - pushed_ms < PUSH_AT_LEAST_MS:
                continue
            last, pushed_ms = news, now_ms
            for writer in list(self._listeners):
                _write(writer, {"state": state})


def _ageless(state: dict[str, Any]) -> dict[str, Any]:
    """The snapshot without what changes by itself."""
    rest = {name: value for name, value in state.items() if name not in AGES}
    for boards in ("carriages", "sensors"):
        rest[boards] = [{name: value for name, value in board.items() if name != "age_ms"} for board in state[boards]]
    return rest


def _write(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    if writer.is_closing():
        return
    if writer.transport.get_write_buffer_size() > LINE_BYTES:
        writer.close()  # a reader that sleeps must not fill this process's memory
        return
    writer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
