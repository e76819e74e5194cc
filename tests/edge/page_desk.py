"""A document camera and a scanner stood in for at the PageReader Protocol: they hand over the pages that tests lay."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from edge.domain.page_seen import FileFacts, Measures, PageLine, PageSeen
from edge.errors import DeviceFault, InputRefused

GOOD = Measures("squared", False, 2500, 3530, 2.2, 225, 150, 0, 10)


def jpeg(shade: int = 240, size: tuple[int, int] = (248, 351)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade - 6)).save(out, "JPEG")
    return out.getvalue()


def page(
    *lines: str, number: int = 1, measures: Measures = GOOD, unsure: tuple[int, ...] = (), shade: int = 240
) -> PageSeen:
    """``unsure``: which lines, from 0, the networks doubt."""
    read = tuple(
        PageLine(
            text,
            0.6 if at in unsure else 0.97,
            0.3 if at in unsure else 0.93,
            ((20, 20 + 30 * at), (220, 20 + 30 * at), (220, 44 + 30 * at), (20, 44 + 30 * at)),
        )
        for at, text in enumerate(lines)
    )
    return PageSeen(number, jpeg(shade), 248, 351, read, measures)


class Printer:
    """A printer that keeps what came out of it."""

    def __init__(self) -> None:
        self.out: list[tuple[str, bytes, int]] = []

    def names(self) -> list[str]:
        return ["窗口打印机"]

    def send(self, printer: str, title: str, pdf: bytes, copies: int = 1) -> None:
        if printer not in self.names():
            raise DeviceFault("printer_unknown", "choose_printer", printer=printer)
        self.out.append((printer, pdf, copies))


class PageDesk:
    def __init__(self) -> None:
        self.lying: PageSeen | None = None
        self.frames = 0
        self.files: dict[str, list[PageSeen]] = {}
        self.facts = FileFacts("PDF 1.7", "李文清", "D:20240301", "D:20240302", "Scanner 3")

    def live(self, camera: str) -> bytes:
        if self.lying is None:
            raise DeviceFault("camera_silent", "check_camera", camera=camera)
        return self.lying.jpeg

    def page(self, camera: str) -> tuple[PageSeen, bytes]:
        if self.lying is None:
            raise DeviceFault("camera_silent", "check_camera", camera=camera)
        self.frames += 1
        return self.lying, b"frame %d " % self.frames + self.lying.jpeg

    def count(self, name: str, data: bytes) -> int:
        return len(self.files[name])

    def pages(self, name: str, data: bytes, on_page: Callable[[PageSeen], None]) -> FileFacts:
        if name not in self.files:
            raise InputRefused("picture_unreadable", "check_is_picture", file=name)
        for seen in self.files[name]:
            on_page(seen)
        return self.facts
