"""The vision process's Unix socket: a JSON line asks, a JSON line answers, a look's JPEG follows it.

``{"do": "hello"}`` → ``{"ok": {"cameras": […], "frame_ages_ms": {camera: since its last new frame},
"print_fault": ""}}``
``{"do": "look", "camera": "counter"}`` → ``{"ok": {"codes": […], "lines": […], "age_ms": 40, "cropped": true,
"jpeg_bytes": n}}``: the JPEG is the label cut out of the frame, or the frame where no label was found
Pages are asked for as edge/vision/page_requests.py says, bays as edge/vision/bay_requests.py does.
Anything refused: ``{"error": {"family", "code", "recovery", "params"}}``.
"""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import asdict
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from PIL import Image

from edge.clock import Clock
from edge.errors import DeviceFault, LinkFault, StoreroomError
from edge.vision.bay_requests import BayRequests
from edge.vision.cameras import Cameras
from edge.vision.codes import codes_in
from edge.vision.label_crop import as_jpeg, label_in
from edge.vision.page_requests import PageRequests
from edge.vision.pictures import frame
from edge.vision.reader import Reader

MAX_LINE_BYTES = 10_000

log = logging.getLogger(__name__)


class VisionServer:
    """Serves ``cameras`` at ``path`` (mode 0600) on threads of its own until closed.

    ``print_fault``: the code of the error for which no print is read; "" while it is.
    """

    def __init__(self, path: Path, cameras: Cameras, clock: Clock, reader: Reader) -> None:
        path.unlink(missing_ok=True)
        self._path, self._cameras, self._clock, self._reader = path, cameras, clock, reader
        self._pages = PageRequests(cameras, reader)
        self._bays = BayRequests(cameras, reader, clock)
        self.print_fault = ""
        self._server = _Server(str(path), _Handler)
        self._server.vision = self
        path.chmod(0o600)
        self._thread = threading.Thread(target=self._server.serve_forever, name="vision", daemon=True)
        self._thread.start()

    def answers(self, request: dict[str, Any], sent: BufferedIOBase) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Each line to send back and the bytes after it; ``sent``: what follows the request."""
        if request.get("do") in PageRequests.KINDS:
            yield from self._pages.answers(request, sent)
        elif request.get("do") in BayRequests.KINDS:
            yield from self._bays.answers(request, sent)
        else:
            yield self.answer(request)

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """What to send back: the line and the bytes after it."""
        if request.get("do") == "hello":
            seen = {"cameras": self._cameras.names(), "frame_ages_ms": self._cameras.ages_ms()}
            return {**seen, "print_fault": self.print_fault}, b""
        if request.get("do") != "look":
            raise LinkFault("vision_unknown_request", "update_storeroom", do=str(request.get("do"))[:40])
        asked_ms = self._clock.monotonic_ms()
        still = self._cameras.still(str(request.get("camera")))
        age_ms = still.age_ms + self._clock.monotonic_ms() - asked_ms  # never less than its age before it is read
        picture = frame(still.jpeg)
        codes, lines = codes_in(picture), self._lines(picture)
        label = label_in(picture, [one["quad"] for one in (*codes, *lines)])
        jpeg = still.jpeg if label is None else as_jpeg(label)
        said = {"codes": codes, "lines": lines, "age_ms": age_ms, "cropped": label is not None}
        return {**said, "jpeg_bytes": len(jpeg)}, jpeg

    def _lines(self, picture: Image.Image) -> list[dict[str, Any]]:
        """The print, read by both networks. Without them codes are read all the same."""
        try:
            return [asdict(region) for region in self._reader.read(picture, thorough=True)]
        except DeviceFault as fault:
            log.warning("no print is read: %s", fault)
            return []

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)
        self._cameras.close()


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    vision: VisionServer


class _Handler(socketserver.StreamRequestHandler):
    """One connection may ask many times."""

    server: _Server

    def handle(self) -> None:
        try:
            while line := self.rfile.readline(MAX_LINE_BYTES):
                for said, after in self._answers(line):
                    self.wfile.write(json.dumps(said, ensure_ascii=False).encode() + b"\n" + after)
        except (BrokenPipeError, ConnectionResetError):
            log.info("the node hung up")

    def _answers(self, line: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError(line[:40])
        except ValueError:
            yield _error(LinkFault("vision_unknown_request", "update_storeroom", do="")), b""
            return
        try:
            for ok, after in self.server.vision.answers(request, self.rfile):
                yield {"ok": ok}, after
        except StoreroomError as error:
            yield _error(error), b""


def _error(error: StoreroomError) -> dict[str, Any]:
    return {"error": {**error.as_json(), "family": type(error).__name__}}
