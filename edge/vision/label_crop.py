"""The label alone, cut out of the counter camera's frame: what is kept needs nobody's face and no desk."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from edge.vision.regions import Points
from edge.vision.sheet import find_sheet

AROUND = 0.3  # of the longer side of what was read: a torn code stands beside its print
AROUND_SHEET = 0.04
WHOLE = 0.9  # of the frame: a cut as large as that shows everything
QUALITY = 92


def label_in(picture: Image.Image, quads: Sequence[Sequence[Sequence[int]]]) -> Image.Image | None:
    """The paper that ``quads`` (codes and lines, in pixels) stand on, else what lies around them; without any, the one
    sheet that stands out. None: nothing in the frame looks like a label.
    """
    read = np.array([point for quad in quads for point in quad], float).reshape(-1, 2)
    sheet = find_sheet(picture)
    if sheet is not None and not sheet.cut_off and _holds(sheet.corners, read):
        box = _around(sheet.corners, AROUND_SHEET)
    elif len(read):
        box = _around(read, AROUND)
    else:
        return None
    left, top, right, bottom = _within(box, picture.size)
    if (right - left) * (bottom - top) >= WHOLE * picture.width * picture.height:
        return None
    return picture.crop((left, top, right, bottom))


def as_jpeg(label: Image.Image) -> bytes:
    out = io.BytesIO()
    label.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _holds(corners: Points, points: Points) -> bool:
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool(((points >= low) & (points <= high)).all())


def _around(points: Points, share: float) -> Points:
    low, high = points.min(axis=0), points.max(axis=0)
    margin = share * float((high - low).max())
    return np.array([low - margin, high + margin])


def _within(box: Points, size: tuple[int, int]) -> tuple[int, int, int, int]:
    (left, top), (right, bottom) = box
    return max(0, int(left)), max(0, int(top)), min(size[0], round(right)), min(size[1], round(bottom))
