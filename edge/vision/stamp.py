"""The archive stamp 归档章 (DA/T 22) in its red frame: 45 × 16 mm, two rows of three cells, above a first page."""

from __future__ import annotations

import numpy as np
from PIL import Image

from edge.vision.regions import components

LOOK_PX = 900  # longer side of the picture in which it is looked for
TOP = 0.45  # of the page's height: it stands above the writing
RED_AT_LEAST, RED_OVER = 110, 45  # of 255, and above green and blue
WIDTH_AT_LEAST, WIDTH_AT_MOST = 0.14, 0.36  # of the page's width: 45 of 210 mm, on A5 too
RATIO_AT_LEAST, RATIO_AT_MOST = 2.1, 3.7  # 45 : 16
FRAMED = 0.45  # of each side, at least, is drawn in red
ROWS, COLUMNS = 2, 3
RULE = 0.07  # of a cell at each side: the ruled line

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


def find_stamp(page: Image.Image) -> Box | None:
    """The frame's outside, in the upright page's pixels; None where there is none, or two."""
    scale = min(1.0, LOOK_PX / max(page.size))
    width, height = (max(8, round(side * scale)) for side in page.size)
    small = np.asarray(page.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0), np.int16)
    top = small[: round(TOP * height)]
    red = top[:, :, 0]
    others = np.maximum(top[:, :, 1], top[:, :, 2])
    mask = (red >= RED_AT_LEAST) & (red - others >= RED_OVER)
    if not mask.any():
        return None
    found = []
    for outline in components(mask):
        (left, above), (right, below) = outline.min(axis=0), outline.max(axis=0) + 1
        wide, high = right - left, below - above
        if not WIDTH_AT_LEAST * width <= wide <= WIDTH_AT_MOST * width:
            continue
        if RATIO_AT_LEAST <= wide / max(high, 1) <= RATIO_AT_MOST and _framed(
            mask[int(above) : int(below), int(left) : int(right)]
        ):
            found.append((left / scale, above / scale, right / scale, below / scale))
    if len(found) != 1:
        return None
    left, above, right, below = found[0]
    return round(left), round(above), round(right), round(below)


def cells(page: Image.Image, stamp: Box) -> list[Image.Image]:
    """Six, row by row, without their ruled lines."""
    left, top, right, bottom = stamp
    wide, high = (right - left) / COLUMNS, (bottom - top) / ROWS
    return [
        page.crop(
            (
                round(left + (column + RULE) * wide),
                round(top + (row + 2 * RULE) * high),
                round(left + (column + 1 - RULE) * wide),
                round(top + (row + 1 - 2 * RULE) * high),
            )
        )
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def _framed(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bool:
    """Whether all four sides are drawn: a red heading fills no frame."""
    deep = max(2, min(mask.shape) // 8)
    sides = (
        mask[:deep].any(axis=0),
        mask[-deep:].any(axis=0),
        mask[:, :deep].any(axis=1),
        mask[:, -deep:].any(axis=1),
    )
    return all(float(side.mean()) >= FRAMED for side in sides)
