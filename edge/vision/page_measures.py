"""What a page's picture is worth: sharpness, glare, light and slope, measured where there is something to measure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from edge.vision.regions import Points, components

TILE_PX = 192
TILES = 24  # those with most writing
WRITTEN_TILES = 6  # those that surely have some where there is any
LIGHT_PX = 800  # longer side of the picture in which light is measured
EDGE_AT_LEAST = 24.0  # grey levels that an edge must climb to be measured
SATURATED = 250
GLARE_AREA = 0.0015  # of the page: a smaller burnt-out spot hides no word


def edge_width_px(page: Image.Image) -> float | None:
    """From dark to light across strokes, median; the worse of across and along. None on a page without writing."""
    grey = np.asarray(page.convert("L"))
    widths = [_edge_widths(tile.astype(np.float32)) for tile in _busiest(grey)]
    across = np.concatenate([one for one, _ in widths]) if widths else np.empty(0)
    down = np.concatenate([other for _, other in widths]) if widths else np.empty(0)
    found = [float(np.median(part)) for part in (across, down) if len(part) >= 200]
    return max(found, default=None)


def _busiest(grey: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    rows, columns = grey.shape[0] // TILE_PX, grey.shape[1] // TILE_PX
    tiles = [
        grey[TILE_PX * row : TILE_PX * (row + 1), TILE_PX * column : TILE_PX * (column + 1)]
        for row in range(max(rows, 1))
        for column in range(max(columns, 1))
    ]
    tiles.sort(key=lambda tile: float(tile[::4, ::4].std()), reverse=True)
    return tiles[:TILES]


def _edge_widths(tile: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return _widths_along_rows(tile), _widths_along_rows(np.ascontiguousarray(tile.T))


def _widths_along_rows(tile: NDArray[np.float32]) -> NDArray[np.float32]:
    """Climb over steepness at the steepest pixel of each monotone run of a row."""
    step = np.diff(tile, axis=1)
    sign = np.sign(step).astype(np.int8)
    turns = np.flatnonzero((sign[:, 1:] != sign[:, :-1]).ravel())
    if not len(turns):
        return np.empty(0, np.float32)
    per_row = step.shape[1]
    # a run begins after each turn and at each row's first pixel
    rows, columns = np.divmod(turns, per_row - 1)
    begins = np.union1d(rows * per_row + columns + 1, np.arange(step.shape[0]) * per_row)
    flat = np.abs(step.ravel())
    climb, steepest = np.add.reduceat(flat, begins), np.maximum.reduceat(flat, begins)
    real = climb >= max(EDGE_AT_LEAST, 0.35 * float(np.ptp(tile)))
    widths: NDArray[np.float32] = (climb[real] / steepest[real]).astype(np.float32)
    return widths


def light(page: Image.Image) -> tuple[int, int, int]:
    """Grey level of the paper, difference between paper and ink (both 0…255), and glare in ‰ of the page.

    Ink is looked for where there is most writing: a page of one line has no less contrast than a full one.
    """
    scale = min(1.0, LIGHT_PX / max(page.size))
    size = tuple(max(1, round(side * scale)) for side in page.size)
    small = np.asarray(page.resize((size[0], size[1]), Image.Resampling.BOX, reducing_gap=2.0))
    grey = small.mean(axis=2)
    paper = float(np.quantile(grey, 0.6))
    written = _busiest(np.asarray(page.convert("L")))[:WRITTEN_TILES]
    inks = sorted(float(np.quantile(tile[::2, ::2], 0.01)) for tile in written)
    ink = inks[min(1, len(inks) - 1)]  # the second darkest: one stain is no writing
    burnt = small.min(axis=2) >= SATURATED
    glare = 0.0
    if paper < SATURATED - 8 and burnt.any():  # on paper that is white all over nothing can be told from glare
        areas = [_filled(outline) / grey.size for outline in components(burnt)]
        glare = sum(area for area in areas if area >= GLARE_AREA)
    return round(paper), max(0, round(paper - ink)), round(glare * 1000)


def _filled(outline: Points) -> float:
    """Pixels between the first and last of each row."""
    half = len(outline) // 2
    return float((outline[half:, 0] - outline[:half, 0] + 1).sum())


def slope_cdeg(lines: Sequence[tuple[tuple[int, int], ...]]) -> int:
    """Hundredths of a degree by which level lines of writing lean, clockwise positive; 0 without any."""
    found, weights = [], []
    for quad in lines:
        (x0, y0), (x1, y1) = quad[0], quad[1]
        length = float(np.hypot(x1 - x0, y1 - y0))
        if length > 60 and abs(x1 - x0) > 2 * abs(y1 - y0):
            found.append(np.degrees(np.arctan2(y1 - y0, x1 - x0) if x1 > x0 else np.arctan2(y0 - y1, x0 - x1)))
            weights.append(length)
    if not found:
        return 0
    order = np.argsort(found)
    reached = np.cumsum(np.array(weights)[order])
    return round(100 * float(np.array(found)[order][np.searchsorted(reached, reached[-1] / 2)]))
