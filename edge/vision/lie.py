"""Which way a page lies, told by the writing on it: most of its signs stand, or lie on one side, or on their heads.

Columns of Chinese are read downwards too, and lie as they should: their signs stand upright one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from PIL import Image

from edge.vision.reader import Region

Turned = Literal[0, 90, 180, 270]  # degrees clockwise that the page was turned away from upright
_QUARTER_BACK: dict[Turned, Turned] = {0: 270, 90: 0, 180: 90, 270: 180}
COLUMNS_FROM = 0.85  # of the confidence they had when read as they lie; drawn columns have 1.00, printed ones 0.95
DOUBTED_FROM = 0.92  # the same of lines that run to the right, as nearly all do; digits and signs like 口 reach 0.78
_UPRIGHT_AGAIN = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}


def lie(regions: Sequence[Region], stood_up: Callable[[Sequence[Region]], float]) -> Turned:
    """``stood_up``: how well lines that run this way read as columns of signs, as a share of how they read as they lie.

    Upright columns run downwards, a quarter further than level lines.
    """
    signs: dict[Turned, int] = {0: 0, 90: 0, 180: 0, 270: 0}
    for region in regions:
        signs[_runs(region)] += len(region.text)
    most = max(signs, key=lambda way: signs[way])
    if not signs[most]:
        return 0
    share = stood_up([region for region in regions if _runs(region) == most])
    return _QUARTER_BACK[most] if share > (COLUMNS_FROM if most else DOUBTED_FROM) else most


def upright(page: Image.Image, regions: Sequence[Region], turned: Turned) -> tuple[Image.Image, list[Region]]:
    """The page turned back, and its lines where they then are."""
    if not turned:
        return page, list(regions)
    width, height = page.size

    def moved(x: int, y: int) -> tuple[int, int]:
        match turned:
            case 90:
                return y, width - x
            case 180:
                return width - x, height - y
        return height - y, x

    stood = [replace(one, quad=tuple(moved(x, y) for x, y in one.quad)) for one in regions]
    return page.transpose(_UPRIGHT_AGAIN[turned]), stood


def _runs(region: Region) -> Turned:
    """Where reading runs: 0 to the right, 90 downwards, 180 to the left, 270 upwards."""
    (x0, y0), (x1, y1) = region.quad[0], region.quad[1]
    if abs(x1 - x0) >= abs(y1 - y0):
        return 0 if x1 >= x0 else 180
    return 90 if y1 > y0 else 270
