"""The codes in a frame: QR and DataMatrix are ours, Code 128 and Code 39 are on boxes that other systems labelled."""

from __future__ import annotations

import io
from typing import Any

import zxingcpp
from PIL import Image, UnidentifiedImageError

from edge.errors import DeviceFault

FORMATS = zxingcpp.BarcodeFormats(
    (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
    )
)


def read_codes(jpeg: bytes) -> list[dict[str, Any]]:
    """``{"text", "symbology", "quad"}`` of each code, quad = four [x, y] in pixels, clockwise from top left.

    Raises DeviceFault where the bytes are no picture.
    """
    try:
        with Image.open(io.BytesIO(jpeg)) as picture:
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError) as error:
        raise DeviceFault("frame_unreadable", "check_camera") from error
    return [
        {"text": code.text, "symbology": str(code.format), "quad": _quad(code.position)}
        for code in zxingcpp.read_barcodes(grey, formats=FORMATS)
    ]


def _quad(position: Any) -> list[list[int]]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return [[corner.x, corner.y] for corner in corners]
