"""What the vision process answers about pages, on the same socket as looks (edge/vision/server.py).

``{"do": "live", "camera": "desk"}`` → ``{"ok": {"jpeg_bytes": n}}`` + what lies there now, small
``{"do": "page", "camera": "desk"}`` → ``{"ok": {"page": {…}, "original_bytes": n, "jpeg_bytes": m}}`` + frame + page
``{"do": "pages", "name": "a.pdf", "bytes": n}`` + n bytes → for each page ``{"ok": {"page": {…}, "jpeg_bytes": m}}`` +
page, and at the end ``{"ok": {"facts": {…}, "pages": count}}``. Refused: ``{"error": {…}}``; no more follows.
``{"do": "count", "name": "a.pdf", "bytes": n}`` + n bytes → ``{"ok": {"pages": count}}``: opened, not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import asdict
from io import BufferedIOBase
from typing import Any

from edge.errors import InputRefused, LinkFault
from edge.vision.cameras import Cameras
from edge.vision.digitised_page import page_in
from edge.vision.file_facts import file_facts
from edge.vision.pictures import BYTES_AT_MOST, frame, pages_of
from edge.vision.reader import Reader

LIVE_PX = (800, 600)
LIVE_QUALITY = 70

Answer = tuple[dict[str, Any], bytes]


class PageRequests:
    KINDS = ("live", "page", "pages", "count")

    def __init__(self, cameras: Cameras, reader: Reader) -> None:
        self._cameras, self._reader = cameras, reader

    def answers(self, request: dict[str, Any], sent: BufferedIOBase) -> Iterator[Answer]:
        """``sent``: where the file's bytes follow. Raises DeviceFault, InputRefused ``picture_*`` or ``pdf_*``."""
        if request["do"] == "live":
            small = _small(self._cameras.preview(str(request.get("camera"))).jpeg)
            yield {"jpeg_bytes": len(small)}, small
            return
        if request["do"] == "page":
            jpeg = self._cameras.still(str(request.get("camera"))).jpeg
            page, squared = page_in(frame(jpeg), self._reader, 1, of_camera=True)
            yield {"page": page, "original_bytes": len(jpeg), "jpeg_bytes": len(squared)}, jpeg + squared
            return
        name, size = str(request.get("name", ""))[:200], int(request.get("bytes", 0))
        if not 0 <= size <= BYTES_AT_MOST:
            raise InputRefused("picture_file_too_large", "scan_smaller", file=name, megabytes=size // 1_000_000)
        data = sent.read(size)
        if len(data) < size:
            raise LinkFault("vision_unknown_request", "update_storeroom", do=str(request["do"]))
        if request["do"] == "count":
            yield {"pages": sum(1 for _ in pages_of(data, name))}, b""
            return
        count = 0
        for count, picture in enumerate(pages_of(data, name), 1):
            page, squared = page_in(picture, self._reader, count, of_camera=False)
            yield {"page": page, "jpeg_bytes": len(squared)}, squared
        yield {"facts": asdict(file_facts(data)), "pages": count}, b""


def _small(jpeg: bytes) -> bytes:
    picture = frame(jpeg)
    picture.thumbnail(LIVE_PX, reducing_gap=2.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=LIVE_QUALITY)
    return out.getvalue()
