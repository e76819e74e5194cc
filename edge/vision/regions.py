"""From a map of text probabilities to rectangles around lines of text: differentiable binarisation's second half.

Numpy alone: a rectangle grown by a polygon offset is a larger rectangle, so no polygon library is needed for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.vision.network import Floats

THRESHOLD = 0.2
MEAN_AT_LEAST = 0.4
GROW = 1.4
SIDE_AT_LEAST_PX = 3  # of the map, before growing
CANDIDATES_AT_MOST = 2000

Points = NDArray[np.float64]  # n × 2: x, y


@dataclass(frozen=True, slots=True)
class Rectangle:
    """``corners``: 4 × 2, clockwise from the one that is top left when the side nearest to level is the top."""

    corners: Points

    @property
    def width(self) -> float:
        return float(np.hypot(*(self.corners[1] - self.corners[0])))

    @property
    def height(self) -> float:
        return float(np.hypot(*(self.corners[3] - self.corners[0])))


def rectangles(probability: Floats) -> list[Rectangle]:
    """Lines of text in ``probability`` (height × width, 0 to 1), in its pixels."""
    found = []
    for outline in components(probability > THRESHOLD)[:CANDIDATES_AT_MOST]:
        tight = smallest_rectangle(outline)
        if tight is None or min(tight.width, tight.height) < SIDE_AT_LEAST_PX:
            continue
        if _mean_inside(probability, tight) >= MEAN_AT_LEAST:
            found.append(grown(tight))
    return found


def components(mask: NDArray[np.bool_]) -> list[Points]:
    """Of each connected patch (corners touch too) the first and last pixel of every row."""
    height, width = mask.shape
    stride = width + 2
    padded = np.zeros((height, stride + 1), np.int8)
    padded[:, 1 : width + 1] = mask
    step = np.diff(padded, axis=1).ravel()
    starts, ends = np.flatnonzero(step == 1), np.flatnonzero(step == -1)  # a run covers starts ≤ x < ends
    if not len(starts):
        return []
    parent = list(range(len(starts)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    first = np.searchsorted(ends, starts + stride, "left")
    last = np.searchsorted(starts, ends + stride, "right")
    for run, (low, high) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        for below in range(low, high):
            one, other = root(run), root(below)
            if one != other:
                parent[max(one, other)] = min(one, other)
    roots = np.array([root(run) for run in range(len(starts))])
    order = np.argsort(roots, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(roots[order])) + 1)
    rows = starts // stride
    left, right = starts - rows * stride, ends - rows * stride - 1
    return [
        np.concatenate([np.stack([left[runs], rows[runs]], 1), np.stack([right[runs], rows[runs]], 1)]).astype(float)
        for runs in groups
    ]


def smallest_rectangle(points: Points) -> Rectangle | None:
    """The rectangle of least area around ``points``; None where they lie on one line."""
    outline = hull(points)
    if len(outline) < 3:
        return None
    sides = np.roll(outline, -1, axis=0) - outline
    along = sides / np.hypot(sides[:, 0], sides[:, 1])[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], 1)
    on_along, on_across = outline @ along.T, outline @ across.T
    areas = np.ptp(on_along, axis=0) * np.ptp(on_across, axis=0)
    best = int(areas.argmin())
    u, v = along[best], across[best]
    low_u, high_u = on_along[:, best].min(), on_along[:, best].max()
    low_v, high_v = on_across[:, best].min(), on_across[:, best].max()
    return _upright(
        np.array([low_u * u + low_v * v, high_u * u + low_v * v, high_u * u + high_v * v, low_u * u + high_v * v])
    )


def hull(points: Points) -> Points:
    """Convex hull, counter-clockwise with y upwards (monotone chain)."""
    ordered = np.unique(points, axis=0).tolist()
    if len(ordered) < 3:
        return np.array(ordered)

    def half(sequence: list[list[float]]) -> list[list[float]]:
        chain: list[list[float]] = []
        for x, y in sequence:
            while len(chain) > 1 and (
                (chain[-1][0] - chain[-2][0]) * (y - chain[-2][1]) <= (chain[-1][1] - chain[-2][1]) * (x - chain[-2][0])
            ):
                chain.pop()
            chain.append([x, y])
        return chain[:-1]

    return np.array(half(ordered) + half(ordered[::-1]))


def grown(tight: Rectangle) -> Rectangle:
    """Larger on every side by GROW × area / perimeter: the detector learned shrunken lines."""
    width, height = tight.width, tight.height
    by = GROW * width * height / (2 * (width + height))
    u = (tight.corners[1] - tight.corners[0]) / width * by
    v = (tight.corners[3] - tight.corners[0]) / height * by
    return Rectangle(tight.corners + np.array([-u - v, u - v, u + v, v - u]))


def _upright(corners: Points) -> Rectangle:
    """Corners reordered so that the first side points right and the last one's reverse points down."""
    side = corners[1] - corners[0]
    if abs(side[0]) < abs(side[1]):
        corners = np.roll(corners, -1, axis=0)
        side = corners[1] - corners[0]
    if side[0] < 0:
        corners = np.roll(corners, -2, axis=0)
    if (corners[3] - corners[0])[1] < 0:
        corners = corners[[3, 2, 1, 0]]
    return Rectangle(corners)


def _mean_inside(probability: Floats, rectangle: Rectangle) -> float:
    height, width = probability.shape
    low = np.clip(np.floor(rectangle.corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(rectangle.corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    y, x = np.mgrid[low[1] : high[1] + 1, low[0] : high[0] + 1]
    inside = np.ones(x.shape, bool)
    for corner, following in zip(rectangle.corners, np.roll(rectangle.corners, -1, axis=0), strict=True):
        side = following - corner
        inside &= side[0] * (y - corner[1]) - side[1] * (x - corner[0]) >= -0.5 * np.hypot(*side)
    values = probability[low[1] : high[1] + 1, low[0] : high[0] + 1][inside]
    return float(values.mean()) if values.size else 0.0
