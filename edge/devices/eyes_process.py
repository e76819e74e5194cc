"""The cameras through the vision process: a Unix socket, a connection for each look, a heartbeat beside it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from edge import errors
from edge.clock import Clock
from edge.devices import BaySeen, CodeSeen, LineSeen, Look
from edge.domain.bays import Unplaced
from edge.errors import DeviceFault

LOOK_TIMEOUT_S = 12.0  # a cold camera needs about two, cold networks on a small board a few more
BAY_TIMEOUT_S = 120.0  # six frames of twelve megapixels on a small board
HELLO_TIMEOUT_S = 1.0
HEARTBEAT_S = 1.0
STARTING_MS = 30_000  # after the node's own start; until then nobody has seen anything


class EyesProcess:
    def __init__(self, path: Path, clock: Clock, watched: Iterable[str] = ()) -> None:
        self._path, self._clock = path, clock
        self._alive = False
        self._print_fault = ""
        self._heard = (clock.monotonic_ms() + STARTING_MS, dict.fromkeys(watched, 0))
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="eyes-heartbeat", daemon=True)
        self._thread.start()

    def look(self, camera: str) -> Look:
        """Raises DeviceFault when the camera or the process is silent, or the frame is no picture."""
        found, jpeg = self._told({"do": "look", "camera": camera}, LOOK_TIMEOUT_S, camera)
        codes = tuple(
            CodeSeen(code["text"], code["symbology"], tuple((x, y) for x, y in code["quad"])) for code in found["codes"]
        )
        lines = tuple(
            LineSeen(line["text"], line["weakest"], line["agreed"], tuple((x, y) for x, y in line["quad"]))
            for line in found["lines"]
        )
        return Look(camera, codes, jpeg, found["age_ms"], lines, found["cropped"])

    def still(self, camera: str) -> tuple[bytes, int]:
        """Raises DeviceFault when the camera or the process is silent."""
        said, jpeg = self._told({"do": "still", "camera": camera}, LOOK_TIMEOUT_S, camera)
        return jpeg, said["age_ms"]

    def unplaced(self, index: dict[str, dict[str, str]], jpegs: Sequence[bytes]) -> tuple[Unplaced, ...]:
        """Raises as ``read_bay``."""
        return _unplaced(self._of_bay("bay_labels", index, jpegs)[0])

    def read_bay(self, index: dict[str, dict[str, str]], jpegs: Sequence[bytes]) -> BaySeen:
        """Raises DeviceFault when the process is silent or a frame is no picture."""
        said, picture = self._of_bay("bay", index, jpegs)
        return BaySeen(tuple(said["seen"]), _unplaced(said), picture)

    def _of_bay(
        self, do: str, index: dict[str, dict[str, str]], jpegs: Sequence[bytes]
    ) -> tuple[dict[str, Any], bytes]:
        told = json.dumps(index).encode()
        request = {"do": do, "index_bytes": len(told), "jpegs": [len(jpeg) for jpeg in jpegs]}
        return self._told(request, BAY_TIMEOUT_S, "", told + b"".join(jpegs))

    def frame_ages_ms(self) -> dict[str, int]:
        """As the last heartbeat told, and older by what has passed since: a process that is gone sees nothing new."""
        heard_ms, ages_ms = self._heard
        since_ms = max(0, self._clock.monotonic_ms() - heard_ms)
        return {camera: age_ms + since_ms for camera, age_ms in ages_ms.items()}

    def alive(self) -> bool:
        """Whether the process answered its last heartbeat."""
        return self._alive

    def print_fault(self) -> str:
        """As the last heartbeat told."""
        return self._print_fault

    def close(self) -> None:
        self._ending.set()
        self._thread.join(HELLO_TIMEOUT_S + HEARTBEAT_S)

    def _beat(self) -> None:
        while True:
            try:
                said = self._ask({"do": "hello"}, HELLO_TIMEOUT_S)[0]
                self._alive = "ok" in said
                if self._alive:
                    self._heard = (self._clock.monotonic_ms(), said["ok"]["frame_ages_ms"])
                    self._print_fault = said["ok"]["print_fault"]
            except (OSError, ValueError):
                self._alive = False
            if self._ending.wait(HEARTBEAT_S):
                return

    def _told(
        self, request: dict[str, Any], timeout_s: float, camera: str, after: bytes = b""
    ) -> tuple[dict[str, Any], bytes]:
        """What is said and the bytes after it; refusals and silence raised."""
        try:
            said, jpeg = self._ask(request, timeout_s, after)
        except (OSError, ValueError) as error:
            raise DeviceFault("vision_silent", "restart_vision", camera=camera) from error
        if "error" in said:
            refusal = said["error"]
            raise getattr(errors, refusal["family"])(refusal["code"], refusal["recovery"], **refusal["params"])
        return said["ok"], jpeg

    def _ask(self, request: dict[str, Any], timeout_s: float, after: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """The answer and the bytes after it. Raises OSError or ValueError (an answer cut short)."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(timeout_s)
            link.connect(str(self._path))
            link.sendall(json.dumps(request).encode() + b"\n" + after)
            with link.makefile("rb") as answer:
                said: dict[str, Any] = json.loads(answer.readline())
                length = said["ok"].get("jpeg_bytes", 0) if "ok" in said else 0
                jpeg = answer.read(length) if length else b""
        if len(jpeg) < length:
            raise ValueError("the frame was cut short")
        return said, jpeg


def _unplaced(said: dict[str, Any]) -> tuple[Unplaced, ...]:
    return tuple(Unplaced(one["picture"], tuple(one["others"]), one["blurred"]) for one in said["unplaced"])
