"""Pictures made of a kept page: one line cut out of it, and the page with who, when and why drawn across it.

Only pages that the vision process drew itself are opened here, never what came from outside.
"""

from __future__ import annotations

import io
import math
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from edge.domain.page_seen import Quad
from edge.paper import typeface

MARGIN = 0.6  # of a line's height around it
LINE_PX = 96  # height of a line as a person judges it
WIDE_PX = 1800
JPEG_QUALITY = 85
MARK_COLOUR = (70, 90, 110)
MARK_STRENGTH = 72  # of 255: the writing beneath stays readable, the mark too


def line_of(page_jpeg: bytes, quad: Quad) -> bytes:
    """The line with a little of what is around it, upright as it lies on the page; a column is laid level."""
    with Image.open(io.BytesIO(page_jpeg)) as page:
        page.load()
        xs, ys = [x for x, _ in quad], [y for _, y in quad]
        margin = max(4, round(MARGIN * min(max(xs) - min(xs), max(ys) - min(ys))))
        box = (
            max(0, min(xs) - margin),
            max(0, min(ys) - margin),
            min(page.width, max(xs) + margin),
            min(page.height, max(ys) + margin),
        )
        cut = page.crop(box)
    if cut.height > 1.5 * cut.width:
        cut = cut.transpose(Image.Transpose.ROTATE_90)
    scale = min(LINE_PX * (1 + 2 * MARGIN) / cut.height, WIDE_PX / cut.width)
    cut = cut.resize((max(1, round(cut.width * scale)), max(1, round(cut.height * scale))), Image.Resampling.LANCZOS)
    return _jpeg(cut)


def cut_of(page_jpeg: bytes, quad: Quad) -> bytes:
    """The line alone, laid level from where reading begins, pixel for pixel: what a recogniser is given. PNG."""
    first, right, below, last = quad
    width, height = math.dist(first, right), math.dist(first, last)
    corners = (*first, *last, *below, *right)
    with Image.open(io.BytesIO(page_jpeg)) as page:
        size = (max(1, round(width)), max(1, round(height)))
        line = page.convert("RGB").transform(size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    line.save(out, "PNG")
    return out.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def marked(page_jpeg: bytes, mark: str, longest_px: int | None = None) -> bytes:
    """The page with ``mark`` across it, again and again, so that no part of it goes about without."""
    with Image.open(io.BytesIO(page_jpeg)) as opened:
        page = opened.convert("RGB")
    if longest_px is not None and max(page.size) > longest_px:
        page.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    tile = _slanted(mark, max(14, round(page.width / 48)))
    veil = Image.new("L", page.size, 0)
    across, down = round(tile.width * 1.08), round(tile.height * 1.25)
    for row, top in enumerate(range(-tile.height // 2, page.height, down)):
        for left in range(-tile.width // 2 - (row % 2) * across // 2, page.width, across):
            veil.paste(tile, (left, top))
    page.paste(Image.new("RGB", page.size, MARK_COLOUR), (0, 0), veil)
    return _jpeg(page)


def _slanted(mark: str, size_px: int) -> Image.Image:
    """Coverage of one mark, rising to the right."""
    face = _face(size_px)
    left, top, right, bottom = face.getbbox(mark)
    line = Image.new("L", (round(right - left) + 2 * size_px, round(bottom - top) + size_px), 0)
    ImageDraw.Draw(line).text((size_px - left, size_px / 2 - top), mark, font=face, fill=MARK_STRENGTH)
    return line.rotate(24, Image.Resampling.BICUBIC, expand=True)


@cache
def _face(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typeface.FILE, size_px, index=typeface.IN_COLLECTION["zh-Hans"])
