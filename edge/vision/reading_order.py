"""The order in which a person reads the lines of a picture: whichever way the picture lies, columns from the right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edge.vision.regions import Points

ROW_OVERLAP = 0.5  # of the lower line's height
TALLER = 4.0  # times: what overlaps more than one row belongs to none of them


def reading_order(lines: Sequence[Points], weights: Sequence[float]) -> list[int]:
    """Indices of ``lines`` (corners in reading direction) in reading order; ``weights``: how many signs each has.

    The picture is turned so that most signs stand level. A vertical column that is read downwards counts as turned a
    quarter to the right, which brings columns into their order: from right to left.
    """
    if not lines:
        return []
    quarters = [_quarter(corners) for corners in lines]
    heaviest = max(range(4), key=lambda quarter: sum(w for q, w in zip(quarters, weights, strict=True) if q == quarter))
    level = [_turn(corners, heaviest) for corners in lines]
    tops = [float(corners[:, 1].min()) for corners in level]
    bottoms = [float(corners[:, 1].max()) for corners in level]
    slope = float(np.median([_slope(corners) for corners, q in zip(level, quarters, strict=True) if q == heaviest]))
    middles = [corners.mean(axis=0) for corners in level]
    heights = [
        min(bottom - top, float(np.hypot(*(corners[3] - corners[0]))))
        for top, bottom, corners in zip(tops, bottoms, level, strict=True)
    ]
    # a tilted picture is levelled by its lines' median slope before rows are made
    centres = [(float(x), float(y - slope * x)) for x, y in middles]
    rows: list[list[int]] = []
    for index in sorted(range(len(lines)), key=lambda i: centres[i][1]):
        row = rows[-1] if rows else None
        if row and _same_row(centres[row[-1]][1], heights[row[-1]], centres[index][1], heights[index]):
            row.append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: centres[i][0])]


def _same_row(one_y: float, one_height: float, other_y: float, other_height: float) -> bool:
    lower, taller = sorted((one_height, other_height))
    overlap = min(one_y + one_height / 2, other_y + other_height / 2) - max(
        one_y - one_height / 2, other_y - other_height / 2
    )
    return overlap >= ROW_OVERLAP * lower and taller <= TALLER * lower


def _quarter(corners: Points) -> int:
    """Quarter turns to the right that this line's reading direction has from level."""
    x, y = corners[1] - corners[0]
    if abs(x) >= abs(y):
        return 0 if x > 0 else 2
    return 1 if y > 0 else 3


def _turn(corners: Points, quarters: int) -> Points:
    """The corners after so many quarter turns to the left."""
    for _ in range(quarters):
        corners = np.stack([corners[:, 1], -corners[:, 0]], 1)
    return corners


def _slope(corners: Points) -> float:
    x, y = corners[1] - corners[0]
    return float(y / x) if x else 0.0
