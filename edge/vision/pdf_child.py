"""PDFium in a process of its own, whose memory and time are bounded: a page of a few bytes may unpack to gigabytes.

``python pdf_child.py pages PAGE_CPU_S`` and ``… facts CPU_S UNPACKED_AT_MOST``; the file comes on standard input.
Answers on standard output, each a line of JSON and as many bytes as it names. Started as a file, not as a module, so
that nothing in the folder somebody reads pictures from is imported; it needs PDFium and nothing of this project.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

DPI = 300
PIXELS_AT_MOST = 20_000_000  # drawn coarser beyond: a plan of 1 m² would take 1.4 gigapixels at 300 dpi
ROOM_BYTES = 640_000_000  # beside the file: a scan of A3 at 600 dpi unpacked takes 210 MB, its page 60 to 80

Answer = tuple[dict[str, Any], bytes | memoryview]


def main(argv: list[str]) -> int:
    data = sys.stdin.buffer.read()
    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = taken + ROOM_BYTES + (len(data) if argv[0] == "facts" else 0)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = pages(data, int(argv[1])) if argv[0] == "pages" else facts(data, int(argv[1]), int(argv[2]))
    for answer, payload in answers:
        sys.stdout.buffer.write(json.dumps({**answer, "bytes": len(payload)}).encode() + b"\n")
        sys.stdout.buffer.write(payload)
        sys.stdout.buffer.flush()
    return 0


def pages(data: bytes, page_cpu_s: int) -> Iterator[Answer]:
    """``{"count": n}``, then ``{"size": [w, h], "stride": s}`` + rows of red, green, blue for each; or ``refused``."""
    _allow(page_cpu_s)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        yield {"refused": "pdf_locked" if locked else "pdf_damaged"}, b""
        return
    yield {"count": len(document)}, b""
    for index in range(len(document)):
        _allow(page_cpu_s)
        try:
            page = document[index]
            width, height = page.get_size()  # points of 1/72 inch
            if width <= 0 or height <= 0:
                raise ValueError("no area")
            scale = min(DPI / 72, (PIXELS_AT_MOST / (width * height)) ** 0.5)
            drawn = page.render(scale=scale, rev_byteorder=True)
        except (pypdfium2.PdfiumError, ValueError, OverflowError):
            yield {"refused": "pdf_damaged"}, b""
            return
        yield {"size": [drawn.width, drawn.height], "stride": drawn.stride}, memoryview(drawn.buffer).cast("B")
        drawn.close()
        page.close()


def facts(data: bytes, cpu_s: int, unpacked_at_most: int) -> Iterator[Answer]:
    """One answer: what the file tells of itself + the file as PDFium writes it, unlocked and unpacked.

    ``whole``: false where it did not come out, or not within so many bytes more. Nothing where it cannot be opened.
    """
    _allow(cpu_s)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    version = ctypes.c_int()
    known = raw.FPDF_GetFileVersion(document, version)
    forms = (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND)
    told = {
        "metadata": document.get_metadata_dict(),
        "version": version.value if known else 0,
        "script": raw.FPDFDoc_GetJavaScriptActionCount(document) > 0,
        "attachment": raw.FPDFDoc_GetAttachmentCount(document) > 0,
        "form": raw.FPDF_GetFormType(document) in forms,
    }
    out = _Bounded(len(data) + unpacked_at_most)
    try:
        document.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError:
        yield {**told, "whole": False}, b""
        return
    yield {**told, "whole": out.left >= 0}, out.getvalue()


class _Bounded(io.BytesIO):
    """Takes ``left`` bytes and no more: an object of a few bytes may unpack to gigabytes."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def write(self, part: bytes, /) -> int:  # type: ignore[override]
        self.left -= len(part)
        return super().write(part) if self.left >= 0 else len(part)


def _allow(cpu_s: int) -> None:
    """So much from now on; who takes more is ended by the system."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(spent.ru_utime + spent.ru_stime) + cpu_s
    _, most = resource.getrlimit(resource.RLIMIT_CPU)  # of whoever started this
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if most == resource.RLIM_INFINITY else min(seconds, most), most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
