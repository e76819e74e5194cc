"""Where the slots of one section lie in a picture, from the slot labels that are read in it.

Slot labels hang on the shelf edge under their boxes, a pitch apart, so each level's are on one smooth line. A label
that does not fit the line of its neighbours (stuck on the wrong place) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from edge.vision.regions import Points

STRAY_PITCH = 0.3  # a label further than this from its level's line hangs in the wrong place
CURVED_FROM = 5  # labels of a level from which its line may bend: perspective, lens
LEVEL_PITCHES = 6.5  # height of a level in pitches, where a picture shows one level only

Place = tuple[int, int]  # level, position


@dataclass(frozen=True, slots=True)
class Grid:
    """``lines``: level → polynomial coefficients (highest power first, 2 columns: x, y) over the position."""

    lines: Mapping[int, Points]

    def edge(self, level: int, position: float) -> Points:
        """Where that slot's label hangs, or would: x, y in pixels."""
        powers = position ** np.arange(len(self.lines[level]) - 1, -1, -1.0)
        point: Points = powers @ self.lines[level]
        return point

    def up(self, level: int, position: float) -> Points:
        """From the label to the shelf edge above it."""
        for below, above in ((level, level - 1), (level + 1, level), (level - 1, level - 2)):
            if below in self.lines and above in self.lines:
                way: Points = self.edge(above, position) - self.edge(below, position)
                return way
        along = self.edge(level, position + 0.5) - self.edge(level, position - 0.5)
        return np.array([along[1], -along[0]]) * LEVEL_PITCHES

    def place_of(self, point: Points, positions: int) -> tuple[int, float, float] | None:
        """Level, position (with its fraction) and height (0 at the edge below, 1 at the one above) of a pixel."""
        best: tuple[int, float, float] | None = None
        for level in self.lines:
            position, height = (positions + 1) / 2, 0.5
            for _ in range(4):  # both lines bend so little that a few steps settle it
                base, up = self.edge(level, position), self.up(level, position)
                along = self.edge(level, position + 0.5) - self.edge(level, position - 0.5)
                matrix = np.stack([along, up], axis=1)
                if abs(np.linalg.det(matrix)) < 1e-6:
                    break
                step, height = np.linalg.solve(matrix, point - base)
                position = float(np.clip(position + step, -1, positions + 2))
            if 0 < height < 1 and (best is None or abs(height - 0.5) < abs(best[2] - 0.5)):
                best = level, position, float(height)
        return best

    def quad(self, place: Place, bottom: float = 0.06, top: float = 0.94, shift: float = 0.0) -> Points:
        """The slot's face above its label, clockwise from top left (4 × 2)."""
        level, position = place
        left, right = position + shift - 0.5, position + shift + 0.5
        corners = []
        for at, height in ((left, top), (right, top), (right, bottom), (left, bottom)):
            corners.append(self.edge(level, at) + height * self.up(level, at))
        return np.array(corners)


def grid_of(labels: Iterable[tuple[Place, Points]]) -> Grid | None:
    """From the slot labels of a picture, each with its middle in pixels; None where no level shows two of them."""
    levels: dict[int, list[tuple[int, Points]]] = {}
    for (level, position), point in labels:
        levels.setdefault(level, []).append((position, point))
    lines = {level: line for level, seen in levels.items() if (line := _line(seen)) is not None}
    if not lines:
        return None
    for level, seen in levels.items():
        if level not in lines:  # one label alone: its level runs as the nearest one does
            near = lines[min(lines, key=lambda other: abs(other - level))].copy()
            position, point = seen[0]
            near[-1] += point - position ** np.arange(len(near) - 1, -1, -1.0) @ near
            lines[level] = near
    return Grid(dict(sorted(lines.items())))


def _line(seen: list[tuple[int, Points]]) -> Points | None:
    """Least squares without strays."""
    while len({position for position, _ in seen}) >= 2:
        at = np.array([position for position, _ in seen], float)
        points = np.array([point for _, point in seen])
        degree = 2 if len(seen) >= CURVED_FROM else 1
        line: Points = np.polyfit(at, points, degree)
        off = np.hypot(*(np.vander(at, degree + 1) @ line - points).T)
        pitch = float(np.hypot(*(points[at.argmax()] - points[at.argmin()]))) / float(np.ptp(at))
        if off.max() <= STRAY_PITCH * pitch:
            return line
        if len(seen) < 4:
            return None
        # the one whose absence leaves the best line
        seen = min((seen[:i] + seen[i + 1 :] for i in range(len(seen))), key=_misfit)
    return None


def _misfit(seen: list[tuple[int, Points]]) -> float:
    at = np.array([position for position, _ in seen], float)
    points = np.array([point for _, point in seen])
    degree = 2 if len(seen) >= CURVED_FROM else 1
    return float(np.hypot(*(np.vander(at, degree + 1) @ np.polyfit(at, points, degree) - points).T).max())
