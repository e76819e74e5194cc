"""Cut one line of text out of a picture, straightened."""

from __future__ import annotations

import numpy as np
from PIL import Image

from edge.vision.regions import Points, Rectangle

TALL = 1.5  # times as high as wide: a column of signs, or a line on its side


def is_tall(line: Rectangle) -> bool:
    return line.height >= TALL * line.width


def cut(picture: Image.Image, corners: Points) -> Image.Image:
    """The parallelogram that begins at ``corners`` (top left, top right, bottom right, bottom left), laid level."""
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = max(1, round(float(np.hypot(*along)))), max(1, round(float(np.hypot(*down))))
    u, v = along / width, down / height
    x, y = corners[0]
    affine = (u[0], v[0], x, u[1], v[1], y)
    return picture.transform((width, height), Image.Transform.AFFINE, affine, Image.Resampling.BICUBIC)


def one_by_one(laid: Image.Image, signs: int) -> Image.Image:
    """A column that was laid level, its ``signs`` equal parts stood on their feet again, side by side."""
    parts = max(1, signs)
    pitch = laid.width / parts
    line = Image.new("RGB", (parts * laid.height, laid.height))
    for number in range(parts):
        part = laid.crop((round(number * pitch), 0, round((number + 1) * pitch), laid.height))
        stood = part.transpose(Image.Transpose.ROTATE_270)
        line.paste(stood.resize((laid.height, laid.height)), (number * laid.height, 0))
    return line


def as_read(line: Rectangle) -> Points:
    """Corners in reading direction: of a tall line from its top right, so that a column lies level when cut out."""
    return np.roll(line.corners, -1, axis=0) if is_tall(line) else line.corners


def turned(corners: Points) -> Points:
    """The same line read from its other end."""
    return np.roll(corners, -2, axis=0)
