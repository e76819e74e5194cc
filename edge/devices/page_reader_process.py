"""Pages through the vision process: one connection for a frame or a file (edge/vision/page_requests.py)."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from edge import errors
from edge.domain.page_seen import FileFacts, PageSeen, facts_of, page_of
from edge.errors import DeviceFault

PAGE_TIMEOUT_S = 90.0  # a crowded page on a small board, behind whatever is being read already


class PageReaderProcess:
    def __init__(self, path: Path) -> None:
        self._path = path

    def live(self, camera: str) -> bytes:
        """Raises as ``page``."""
        with self._asked({"do": "live", "camera": camera}, b"", camera) as answer:
            return _exactly(answer, _said(answer)["jpeg_bytes"])

    def page(self, camera: str) -> tuple[PageSeen, bytes]:
        """Raises DeviceFault ``vision_silent`` or what the camera does."""
        with self._asked({"do": "page", "camera": camera}, b"", camera) as answer:
            said = _said(answer)
            original = _exactly(answer, said["original_bytes"])
            return page_of(said["page"], _exactly(answer, said["jpeg_bytes"])), original

    def pages(self, name: str, data: bytes, on_page: Callable[[PageSeen], None]) -> FileFacts:
        """Raises InputRefused ``picture_*`` or ``pdf_*``; DeviceFault ``vision_silent``."""
        with self._asked({"do": "pages", "name": name, "bytes": len(data)}, data, name) as answer:
            while "facts" not in (said := _said(answer)):
                on_page(page_of(said["page"], _exactly(answer, said["jpeg_bytes"])))
            return facts_of(said["facts"])

    def count(self, name: str, data: bytes) -> int:
        """Raises as ``pages``."""
        with self._asked({"do": "count", "name": name, "bytes": len(data)}, data, name) as answer:
            return int(_said(answer)["pages"])

    @contextmanager
    def _asked(self, request: dict[str, Any], after: bytes, camera: str) -> Iterator[BinaryIO]:
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(PAGE_TIMEOUT_S)
                link.connect(str(self._path))
                link.sendall(json.dumps(request).encode() + b"\n" + after)
                with link.makefile("rb") as answer:
                    yield answer
        except (OSError, ValueError) as error:
            raise DeviceFault("vision_silent", "restart_vision", camera=camera) from error


def _said(answer: BinaryIO) -> dict[str, Any]:
    """The next line; its refusal raised here. ValueError where the process hung up."""
    said = json.loads(answer.readline())
    if "error" in said:
        refusal = said["error"]
        raise getattr(errors, refusal["family"])(refusal["code"], refusal["recovery"], **refusal["params"])
    ok: dict[str, Any] = said["ok"]
    return ok


def _exactly(answer: BinaryIO, length: int) -> bytes:
    content = answer.read(length)
    if len(content) < length:
        raise ValueError("cut short")
    return content
