"""Read a picture: find its lines, read each, settle which way up it lies, put them in order."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from edge.domain.search_text import is_traditional
from edge.vision.crop import as_read, cut, is_tall, one_by_one, turned
from edge.vision.detect import Detector
from edge.vision.reading_order import reading_order
from edge.vision.recognise import Cascade, Line, Opinion
from edge.vision.regions import Points, Rectangle

THREADS = 2
SURE = 0.85  # a line read better than this is not tried upside down
COLUMNS_TRIED = 5
KEPT_FROM = 0.5  # a line less sure than this is stains and texture, not writing


@dataclass(frozen=True, slots=True)
class Region:
    """``quad``: four [x, y] in pixels, clockwise from where reading begins. ``weakest``: confidence of its
    least sure character. ``by``: which network read it; ``agreed``: the other one was asked and read the same."""

    quad: tuple[tuple[int, int], ...]
    text: str
    confidence: float
    weakest: float
    by: str
    agreed: bool


@dataclass(slots=True)
class _Seen:
    corners: Points
    crop: Image.Image
    line: Line
    tall: bool
    agreed: bool = False

    def lies_as(self, other: _Seen) -> None:
        self.corners, self.crop, self.line = other.corners, other.crop, other.line


class Reader:
    """Text in pictures. Loads its networks at the first one; serves one of several threads at a time."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._networks: tuple[Detector, Cascade] | None = None

    def read(self, picture: Image.Image, *, thorough: bool = False, closely: bool = False) -> list[Region]:
        """The writing in an RGB picture in reading order; ``thorough``: both networks read every line.

        ``closely``: for a small picture whose writing is doubtful otherwise. Raises DeviceFault ``ocr_missing`` or
        ``model_damaged``.
        """
        with self._lock:
            detector, cascade = self._loaded()
            seen = [_first_look(picture, line, cascade) for line in detector.find(picture, closely)]
            _turn_what_stands_on_its_head(picture, seen, cascade)
            traditional = is_traditional("".join(each.line.text for each in seen))
            for each in seen:
                opinion = cascade.settle(each.crop, each.line, thorough, traditional)
                each.line, each.agreed = opinion.line, opinion.agreed
        kept = [each for each in seen if each.line.text and each.line.confidence >= KEPT_FROM]
        order = reading_order([each.corners for each in kept], [len(each.line.signs) for each in kept])
        return [_region(kept[index]) for index in order]

    def read_cells(self, cells: Sequence[Image.Image]) -> list[Opinion]:
        """One line in each picture, whose place is known: both networks are asked. Raises as ``read``."""
        with self._lock:
            cascade = self._loaded()[1]
            return [cascade.settle(cell, cascade.quick(cell), True) for cell in cells]

    def stood_up(self, picture: Image.Image, regions: Sequence[Region]) -> float:
        """How well ``regions``, which all run one way, read with each sign turned by a quarter beside the one before.

        As a share of how they read as they lie, of the longest: columns of signs one below the other read as well as
        before, level lines do not. Raises as ``read``.
        """
        longest = sorted(regions, key=lambda region: len(region.text))[-COLUMNS_TRIED:]
        with self._lock:
            cascade = self._loaded()[1]
            stood = sum(
                cascade.quick(one_by_one(cut(picture, np.array(one.quad, float)), len(one.text))).confidence
                for one in longest
            )
        return stood / sum(region.confidence for region in longest)

    def load(self) -> None:
        """What the first picture would wait for. Raises as ``read``."""
        with self._lock:
            self._loaded()[1].load()

    def _loaded(self) -> tuple[Detector, Cascade]:
        if self._networks is None:
            self._networks = Detector(self._threads), Cascade(self._threads)
        return self._networks


def _first_look(picture: Image.Image, line: Rectangle, cascade: Cascade) -> _Seen:
    return _look(picture, as_read(line), is_tall(line), cascade)


def _look(picture: Image.Image, corners: Points, tall: bool, cascade: Cascade) -> _Seen:
    crop = cut(picture, corners)
    return _Seen(corners, crop, cascade.quick(crop), tall)


def _turn_what_stands_on_its_head(picture: Image.Image, seen: Sequence[_Seen], cascade: Cascade) -> None:
    """Doubtful lines are read from their other end too; where that wins, so are their sure neighbours of the same lie.

    0, 1, 6, 8 and 9 are digits upside down as well: a sure "0601" among lines that stand on their head is none.
    """
    for tall in (False, True):
        same = [each for each in seen if each.tall == tall]
        doubtful = [each for each in same if each.line.confidence < SURE]
        others = {id(each): _from_other_end(picture, each, cascade) for each in doubtful}
        for_turning = sum(
            (others[id(each)].line.confidence - each.line.confidence) * max(len(each.line.signs), 1)
            for each in doubtful
        )
        agreed = [each for each in doubtful if others[id(each)].line.confidence > each.line.confidence + 0.1]
        if for_turning > 0 and len(agreed) * 2 > len(doubtful):
            for each in same:
                if id(each) not in others:
                    others[id(each)] = _from_other_end(picture, each, cascade)
            now = sum(each.line.confidence * len(each.line.signs) for each in same)
            then = sum(others[id(each)].line.confidence * len(others[id(each)].line.signs) for each in same)
            if then > now:
                for each in same:
                    each.lies_as(others[id(each)])
                continue
        for each in agreed:
            other = others[id(each)]
            if other.line.confidence >= SURE:
                each.lies_as(other)


def _from_other_end(picture: Image.Image, each: _Seen, cascade: Cascade) -> _Seen:
    return _look(picture, turned(each.corners), each.tall, cascade)


def _region(each: _Seen) -> Region:
    quad = tuple((round(float(x)), round(float(y))) for x, y in each.corners)
    line = each.line
    return Region(quad, line.text, round(line.confidence, 3), round(line.weakest, 3), line.by, each.agreed)
