"""The slot labels in a picture of shelving: where they hang, and what a picture without them shows instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from edge.domain import labels
from edge.domain.bays import Unplaced
from edge.errors import InputRefused
from edge.vision.codes import codes_in
from edge.vision.page_measures import edge_width_px
from edge.vision.regions import Points
from edge.vision.shelf_grid import Grid, Place, grid_of

BLURRED_PX = 4.5  # from dark to light: the slot labels' codes are lost from about 5 on

Opener = Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class Hung:
    """``grid``: None where too few of the bay's slot labels show. ``boxes``: the codes that are no slot labels, with
    their middles; ``others``: slot labels of other bays; ``white``: how bright white paper is, 0 to 255."""

    grid: Grid | None
    boxes: list[tuple[str, Points]]
    others: tuple[str, ...]
    white: float

    def unplaced(self, number: int, picture: Image.Image) -> Unplaced:
        """What is told of ``picture``, the ``number``-th, where it has no grid."""
        return Unplaced(number, self.others, (edge_width_px(picture) or 0) > BLURRED_PX)


def unplaced_of(pictures: Sequence[Opener], slots: Mapping[str, Place]) -> list[Unplaced]:
    """Of ``pictures`` those that show nothing of the bay whose slot labels these are. Raises what the openers raise."""
    found = []
    for number, open_picture in enumerate(pictures):
        picture = open_picture()
        hung = hung_in(picture, slots)
        if hung.grid is None:
            found.append(hung.unplaced(number, picture))
    return found


def hung_in(picture: Image.Image, slots: Mapping[str, Place]) -> Hung:
    """``slots``: slot label → place, of one bay."""
    hung: list[tuple[Place, Points]] = []
    boxes: list[tuple[str, Points]] = []
    others: list[str] = []
    whites: list[float] = []
    for code in codes_in(picture):
        quad = np.array(code["quad"], float)
        text = canonical(code["text"])
        if text in slots:
            hung.append((slots[text], quad.mean(axis=0)))
            left, top = np.maximum(quad.min(axis=0), 0).astype(int)
            right, bottom = quad.max(axis=0).astype(int)
            whites.append(float(np.percentile(np.asarray(picture.crop((left, top, right, bottom)).convert("L")), 90)))
        elif text.startswith(f"{labels.PREFIX}S"):
            others.append(text)
        else:
            boxes.append((text, quad.mean(axis=0)))
    return Hung(grid_of(hung), boxes, tuple(others), float(np.median(whites)) if whites else 255.0)


def canonical(text: str) -> str:
    try:
        return labels.parse(text).text
    except InputRefused:
        return text
