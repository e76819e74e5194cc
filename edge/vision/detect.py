"""Where text is: the detector over the whole picture, and in pieces where the writing turns out small."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image

from edge.vision import known_line
from edge.vision.network import Floats, Network
from edge.vision.regions import Rectangle, rectangles

OVERLAP_PX = 64
SMALL_PX = 16.0  # a lower line, grown, in the detector's pixels is looked at again, larger
WANTED_PX = 26.0
PIECES_AT_MOST = 20
REDUCING_GAP = 1.0  # whole pixels are averaged first, as far as they go: six times as fast at half the size
CLOSE = 1.5  # signs stacked under each other come apart where they are larger


class Stretch(NamedTuple):
    """A piece from ``origin`` on, of which only what lies from ``begin`` to ``end`` (not included) is believed."""

    origin: int
    begin: int
    end: int


class Detector:
    """Raises as Network, and DeviceFault ``networks_misread``: it does not find a line that is known."""

    def __init__(self, threads: int) -> None:
        self._network = Network("v6tiny_det_640x416", threads)
        self._high_px, self._wide_px = self._network.facts.height_px, self._network.facts.width_px
        known = known_line.picture()
        if not any(line.width > known.width / 2 for line in self.find(known)):
            raise known_line.refuse(self._network.facts.file)

    def find(self, picture: Image.Image, closely: bool = False) -> list[Rectangle]:
        """Lines of text in an RGB picture, in its pixels, in no order; ``closely``: enlarged, whatever that takes."""
        if closely:
            return self._at(picture, CLOSE)
        scale = min(1.0, self._wide_px / max(picture.size))
        found = self._at(picture, scale)
        if scale < 1 and found:
            low_px = float(np.quantile([min(line.width, line.height) for line in found], 0.25)) * scale
            larger = min(1.0, scale * WANTED_PX / low_px, self._scale_of(PIECES_AT_MOST, picture.size))
            if low_px < SMALL_PX and larger > 1.2 * scale:
                again = self._at(picture, larger)
                return again + [line for line in found if not any(_covers(other, line) for other in again)]
        return found

    def _at(self, picture: Image.Image, scale: float) -> list[Rectangle]:
        width, height = (max(1, round(side * scale)) for side in picture.size)
        if (width, height) != picture.size:
            picture = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=REDUCING_GAP)
        pixels = np.asarray(picture)[:, :, ::-1]
        whole = np.zeros((height, width), np.float32)
        for down in stretches(height, self._high_px):
            for across in stretches(width, self._wide_px):
                piece = pixels[down.origin : down.origin + self._high_px, across.origin : across.origin + self._wide_px]
                oblong = np.zeros((self._high_px, self._wide_px, 3), np.uint8)
                oblong[: piece.shape[0], : piece.shape[1]] = piece
                seen: Floats = self._network.run(self._network.normalised(oblong))[:, :, 0]
                whole[down.begin : down.end, across.begin : across.end] = seen[
                    down.begin - down.origin : down.end - down.origin,
                    across.begin - across.origin : across.end - across.origin,
                ]
        return [Rectangle(line.corners / scale) for line in rectangles(whole)]

    def _scale_of(self, pieces: int, size: tuple[int, int]) -> float:
        """The largest scale, in steps, at which ``size`` takes at most so many pieces."""
        scale, (width, height) = 1.0, size
        while (
            len(stretches(round(width * scale), self._wide_px)) * len(stretches(round(height * scale), self._high_px))
            > pieces
        ):
            scale *= 0.95
        return scale


def _covers(other: Rectangle, line: Rectangle) -> bool:
    """Whether the middle of ``line`` lies within ``other``'s extent; what no line covers was lost on the way."""
    middle = line.corners.mean(axis=0)
    low, high = other.corners.min(axis=0), other.corners.max(axis=0)
    return bool((middle >= low).all() and (middle <= high).all())


def stretches(length: int, piece: int) -> list[Stretch]:
    """Pieces so long, overlapping, and what each is believed of: all of ``length`` once, seams amid the overlaps.

    The likelier of two pieces' words would join lines that only one of them sees apart, and widen them where one ends.
    """
    if length <= piece:
        return [Stretch(0, 0, length)]
    count = -(-(length - OVERLAP_PX) // (piece - OVERLAP_PX))
    origins = [round(index * (length - piece) / (count - 1)) for index in range(count)]
    seams = [(one + piece + other) // 2 for one, other in pairwise(origins)]
    return [Stretch(*each) for each in zip(origins, [0, *seams], [*seams, length], strict=True)]
