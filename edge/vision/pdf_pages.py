"""PDF at the front door: each page drawn as it would be printed. Needs no password, runs no script, fetches nothing.

A text layer is not believed: what is searched must be what is seen, so pages are read like any other picture.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from edge.errors import InputRefused

DPI = 300
PIXELS_AT_MOST = 20_000_000  # drawn coarser beyond: a plan of 1 m² would take 1.4 gigapixels at 300 dpi
PAGES_AT_MOST = 2000  # of one file of any format

one_at_a_time = threading.Lock()  # PDFium is not thread-safe


def is_pdf(data: bytes) -> bool:
    """Readers look for the mark in the first kilobyte."""
    return b"%PDF-" in data[:1024]


def pages_of_pdf(data: bytes, name: str) -> Iterator[Image.Image]:
    """Raises InputRefused ``pdf_locked``, ``pdf_damaged``, ``pdf_empty``, ``picture_too_many_pages`` with ``file``."""
    with one_at_a_time:
        document = _opened(data, name)
    try:
        with one_at_a_time:
            count = len(document)
        if not count:
            raise InputRefused("pdf_empty", "scan_again", file=name)
        if count > PAGES_AT_MOST:
            raise InputRefused("picture_too_many_pages", "split_file", file=name, pages=count, most=PAGES_AT_MOST)
        for index in range(count):
            yield _drawn(document, index, name)
    finally:
        with one_at_a_time:
            document.close()


def _opened(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise InputRefused("pdf_locked", "unlock_file", file=name) from error
        raise InputRefused("pdf_damaged", "scan_again", file=name) from error


def _drawn(document: pypdfium2.PdfDocument, index: int, name: str) -> Image.Image:
    with one_at_a_time:
        try:
            page = document[index]
            width, height = page.get_size()  # points of 1/72 inch
            if width <= 0 or height <= 0:
                raise InputRefused("pdf_damaged", "scan_again", file=name)
            scale = min(DPI / 72, (PIXELS_AT_MOST / (width * height)) ** 0.5)
            picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
            page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError, OverflowError) as error:
            raise InputRefused("pdf_damaged", "scan_again", file=name) from error
    return picture
