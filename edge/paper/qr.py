"""A label's QR code, drawn as black squares: sharp at any printer's resolution."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import zxingcpp

from edge.paper.document import Document


def qr(document: Document, text: str, x_mm: float, y_mm: float, side_mm: float) -> None:
    """``side_mm`` includes the white around it."""
    drawn: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=1)
    rows: Any = memoryview(drawn).tolist()
    module_mm = side_mm / len(rows)
    for row, values in enumerate(rows):
        column = 0
        for value, run in groupby(values):
            length = len(list(run))
            if not value:
                left, top = x_mm + column * module_mm, y_mm + row * module_mm
                document.black(left, top, length * module_mm, module_mm)
            column += length
