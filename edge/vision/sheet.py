"""The sheet of paper in a photograph: its corners found on a darker ground, and the sheet laid square.

Numpy alone. The ground's colour is taken from the frame's rim; what differs from it most is the sheet; its outline's
four sides are fitted as lines, so corners are good to a fraction of a pixel of the small picture they are found in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from edge.vision.regions import Points, components, hull

LOOK_PX = 640  # longer side of the picture in which the sheet is looked for
RIM = 0.02  # of the longer side: what shows the ground
CLEAR_OF_GROUND = 40.0  # mean distance in colour (0…441) between sheet and ground
AREA_AT_LEAST = 0.15  # of the frame
FILLS_ITS_QUAD = 0.93  # hull's area over the quadrilateral's: less is not a sheet with four corners
ROOT_2 = 2**0.5  # sides of A and B formats
SNAP = 0.05  # a sheet so near to them has them: perspective falsifies the sides' measured ratio


@dataclass(frozen=True, slots=True)
class Sheet:
    """``corners``: 4 × 2 in the frame's pixels, clockwise from top left. ``cut_off``: it runs out of the frame."""

    corners: Points
    cut_off: bool

    @property
    def sides_px(self) -> tuple[float, float, float, float]:
        """Top, right, bottom, left."""
        along = np.roll(self.corners, -1, axis=0) - self.corners
        top, right, bottom, left = np.hypot(along[:, 0], along[:, 1]).tolist()
        return top, right, bottom, left

    @property
    def least_px(self) -> tuple[float, float]:
        """Its shorter and its longer side where the camera sees fewest pixels of them."""
        top, right, bottom, left = self.sides_px
        across, down = min(top, bottom), min(left, right)
        return min(across, down), max(across, down)


def find_sheet(picture: Image.Image) -> Sheet | None:
    """None where no single sheet stands out from what lies around it."""
    scale = min(1.0, LOOK_PX / max(picture.size))
    width, height = (max(8, round(side * scale)) for side in picture.size)
    small = picture.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)
    distance = _from_ground(np.asarray(small, np.float32))
    mask = distance > _otsu(distance)
    if not mask.any() or mask.all() or distance[mask].mean() - distance[~mask].mean() < CLEAR_OF_GROUND:
        return None
    outline = max(components(mask), key=lambda points: float(np.ptp(points[:, 0]) * np.ptp(points[:, 1])))
    around = hull(outline)
    if len(around) < 4 or _area(around) < AREA_AT_LEAST * width * height:
        return None
    corners = _four(around)
    if corners is None or _area(around) < FILLS_ITS_QUAD * _area(corners):
        return None
    corners = _fitted(corners, np.concatenate([outline, _columns(mask, outline)]))
    if corners is None or not _convex(corners):
        return None
    edge = np.array([width - 1, height - 1])
    cut_off = bool((outline.min(axis=0) < 1).any() or (outline.max(axis=0) > edge - 1).any())
    return Sheet(_clockwise((corners + 0.5) / scale), cut_off)


def squared(picture: Image.Image, sheet: Sheet) -> Image.Image:
    """The sheet alone, as if scanned, in the resolution that its best-seen sides have."""
    top, right, bottom, left = sheet.sides_px
    width, height = max(top, bottom), max(left, right)
    long, short = max(width, height), min(width, height)
    if abs(long / short / ROOT_2 - 1) < SNAP:
        short = long / ROOT_2
    size = (round(long), round(short)) if width > height else (round(short), round(long))
    return picture.transform(
        size, Image.Transform.PERSPECTIVE, _coefficients(size, sheet.corners), Image.Resampling.BICUBIC
    )


def _from_ground(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each pixel's colour is from the ground's, the median of the frame's rim."""
    deep = max(2, round(RIM * max(pixels.shape[:2])))
    rim = np.concatenate(
        [part.reshape(-1, 3) for part in (pixels[:deep], pixels[-deep:], pixels[:, :deep], pixels[:, -deep:])]
    )
    ground = np.median(rim, axis=0)
    far: NDArray[np.float32] = np.sqrt(((pixels - ground) ** 2).sum(axis=2))
    return far


def _otsu(values: NDArray[np.float32]) -> float:
    """The threshold that parts ``values`` into the two most unlike groups."""
    counts, edges = np.histogram(values, 128)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(middles[int(np.nan_to_num(between).argmax())])


def _columns(mask: NDArray[np.bool_], outline: Points) -> Points:
    """First and last pixel of each column inside the outline's extent; components gives only those of rows."""
    low, high = outline.min(axis=0).astype(int), outline.max(axis=0).astype(int)
    inside = mask[low[1] : high[1] + 1, low[0] : high[0] + 1]
    x = np.flatnonzero(inside.any(axis=0))
    first, last = inside.argmax(axis=0)[x], inside.shape[0] - 1 - inside[::-1].argmax(axis=0)[x]
    points: Points = np.concatenate([np.stack([x, first], 1), np.stack([x, last], 1)]).astype(float) + low
    return points


def _four(around: Points) -> Points | None:
    """The hull with its least important sides taken away, neighbours prolonged, until four are left."""
    points = around
    while len(points) > 4:
        best: tuple[float, int, Points] | None = None
        for at in range(len(points)):
            before, start = points[at - 1], points[at]
            end, after = points[(at + 1) % len(points)], points[(at + 2) % len(points)]
            meeting = _meeting(before, start, after, end)
            if meeting is None:
                continue
            added = abs(_cross(start - meeting, end - meeting)) / 2
            if best is None or added < best[0]:
                best = (added, at, meeting)
        if best is None:
            return None
        _, at, meeting = best
        following = (at + 1) % len(points)
        kept = [point for index, point in enumerate(points) if index not in (at, following)]
        kept.insert(at if following else 0, meeting)
        points = np.array(kept)
    return points if len(points) == 4 else None


def _meeting(before: Points, start: Points, after: Points, end: Points) -> Points | None:
    """Where the side before and the side after meet beyond the side from ``start`` to ``end``."""
    u, v = start - before, end - after
    turn = _cross(u, v)
    if abs(turn) < 1e-9:
        return None
    along = _cross(end - start, v) / turn
    if along < 0:
        return None
    met: Points = start + along * u
    return met


def _fitted(corners: Points, outline: Points) -> Points | None:
    """Corners where lines through the outline's own points meet; None where a side has too few of them."""
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        if length < 8:
            return None
        along = (end - start) / length
        from_start = outline - start
        at = from_start @ along
        off = from_start @ np.array([-along[1], along[0]])
        near = outline[(np.abs(off) < 3) & (at > 0.08 * length) & (at < 0.92 * length)]
        if len(near) < 8:
            return None
        middle = near.mean(axis=0)
        _, _, directions = np.linalg.svd(near - middle, full_matrices=False)
        outwards = np.array([along[1], -along[0]]) * np.sign(_signed(corners))
        lines.append((middle + outwards / 2, directions[0]))  # from the outermost pixels' middles to their rims
    met = []
    for (one, u), (other, v) in zip([lines[-1], *lines[:-1]], lines, strict=True):
        turn = _cross(u, v)
        if abs(turn) < 1e-9:
            return None
        met.append(one + _cross(other - one, v) / turn * u)
    return np.array(met)


def _clockwise(corners: Points) -> Points:
    """Clockwise as seen (y downwards), beginning with the one nearest to the top left."""
    if _signed(corners) < 0:
        corners = corners[::-1]
    return np.roll(corners, -int(corners.sum(axis=1).argmin()), axis=0)


def _cross(u: Points, v: Points) -> float:
    return float(u[0] * v[1] - u[1] * v[0])


def _signed(points: Points) -> float:
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def _area(points: Points) -> float:
    return abs(_signed(points))


def _convex(corners: Points) -> bool:
    sides = np.roll(corners, -1, axis=0) - corners
    turns = [_cross(sides[index], sides[(index + 1) % 4]) for index in range(4)]
    return all(turn > 0 for turn in turns) or all(turn < 0 for turn in turns)


def _coefficients(size: tuple[int, int], corners: Points) -> list[float]:
    """Pillow's eight: which point of the frame each point of the square sheet comes from."""
    width, height = size
    rows, wanted = [], []
    for (x, y), (u, v) in zip(((0, 0), (width, 0), (width, height), (0, height)), corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    solved: list[float] = np.linalg.solve(np.array(rows, float), np.array(wanted, float)).tolist()
    return solved
