"""The codes in a frame: QR and DataMatrix are ours, Code 128 and Code 39 are on boxes that other systems labelled.

All are looked for dark on light, as labels are printed; light on dark would take as long again.
"""

from __future__ import annotations

from typing import Any

import zxingcpp
from PIL import Image

FORMATS = zxingcpp.BarcodeFormats(
    (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
    )
)


def codes_in(picture: Image.Image) -> list[dict[str, Any]]:
    """``{"text", "symbology", "quad"}`` of each code, quad = four [x, y] in pixels, clockwise from top left."""
    return [
        {"text": code.text, "symbology": str(code.format), "quad": _quad(code.position)}
        for code in zxingcpp.read_barcodes(picture.convert("L"), formats=FORMATS, try_invert=False)
    ]


def _quad(position: Any) -> list[list[int]]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return [[corner.x, corner.y] for corner in corners]
