"""Pictures of one section of shelving → what stands in each of its slots.

Every picture is placed by the slot labels it shows, so pictures overlap as they like and their order does not matter.
Codes first; print is read only where a code is missing or is not the one expected there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from edge.domain import labels
from edge.domain.bays import Unplaced
from edge.domain.label_check import Line, certain
from edge.vision.codes import codes_in
from edge.vision.crop import cut
from edge.vision.reader import Reader
from edge.vision.regions import Points
from edge.vision.shelf_grid import Grid, Place
from edge.vision.shelf_labels import Opener, canonical, hung_in

THUMB_PX = (64, 384)  # of a slot, in the picture of the section
SHRINK = 4
EMPTY_MEDIAN, EMPTY_BRIGHTEST = 0.24, 0.42  # of the slot labels' white: darkness with no paper in it
BETWEEN = 0.36  # of a pitch off its slot's middle: may as well belong to the neighbour
OFFSET_FROM = 6  # codes from which the boxes' common offset from their slot labels is known
SPARE = 0.18  # of a pitch beyond the slot on each side, so that a label's edge is read too

State = Literal["box", "empty", "unclear", "unseen"]


@dataclass(frozen=True, slots=True)
class SlotSeen:
    """``codes``: of what stands there. ``lines``: its print, where the codes did not say enough.

    ``between``: position of the neighbour it may as well stand at, 0 = none. ``picture``: number of the picture.
    """

    level: int
    position: int
    state: State
    codes: tuple[str, ...]
    lines: tuple[Line, ...]
    between: int
    picture: int


@dataclass(frozen=True, slots=True)
class SectionSeen:
    """``slots``: each slot that was asked for, in order. ``thumbs``: RGB, THUMB_PX, of those that were seen whole."""

    slots: tuple[SlotSeen, ...]
    unplaced: tuple[Unplaced, ...]
    thumbs: Mapping[Place, Image.Image]


@dataclass(slots=True)
class _View:
    """A slot as one picture shows it whole."""

    picture: int
    quad: Points
    off_middle: float  # of the picture, 0…1: distortion and blur grow outwards
    thumb: Image.Image
    dark: bool


@dataclass(slots=True)
class _Code:
    text: str
    picture: int
    level: int
    position: float


def read_section(
    pictures: Sequence[Opener],
    slots: Mapping[str, Place],
    expected: Mapping[Place, str],
    reader: Reader,
    progress: Callable[[int], None] = lambda _done: None,
) -> SectionSeen:
    """``slots``: slot label → place; ``expected``: place → label of the box that the index says stands there.

    ``progress`` hears how many pictures are done. Raises what the openers raise, and DeviceFault as Reader.read does.
    """
    views: dict[Place, list[_View]] = {}
    grids: dict[int, Grid] = {}
    codes: list[_Code] = []
    unplaced: list[Unplaced] = []
    positions = max((position for _, position in slots.values()), default=1)
    for number, open_picture in enumerate(pictures):
        picture = open_picture()
        hung = hung_in(picture, slots)
        if hung.grid is None:
            unplaced.append(hung.unplaced(number, picture))
        else:
            grids[number] = hung.grid
            codes += _located(number, hung.grid, hung.boxes, positions)
            _keep_views(views, number, picture, hung.grid, slots.values(), hung.white, _common_offset(codes))
        progress(number + 1)
    offset = _common_offset(codes)
    stands = _assigned(codes, offset, set(slots.values()))
    lines: dict[Place, tuple[Line, ...]] = {}
    to_read = _to_read(slots.values(), views, stands, expected)
    for number in sorted({view.picture for view in to_read.values()}):
        picture = pictures[number]()
        for place, view in to_read.items():
            if view.picture == number:
                crop = cut(picture, grids[number].quad(place, shift=offset, top=0.98) + _wider(view.quad))
                again = _again(crop, {text for here in stands.values() for text, _ in here})
                if place not in stands and len(again) == 1:
                    stands[place] = [(again[0], 0)]
                if [text for text, _ in stands.get(place, [])] != [expected.get(place)]:
                    lines[place] = _print_on(crop, reader)
    seen = [_seen(place, views.get(place, []), stands.get(place, []), lines.get(place, ())) for place in slots.values()]
    return SectionSeen(
        tuple(sorted(seen, key=lambda slot: (slot.level, slot.position))),
        tuple(unplaced),
        {place: _best(of).thumb for place, of in views.items()},
    )


def _located(number: int, grid: Grid, found: list[tuple[str, Points]], positions: int) -> list[_Code]:
    located = []
    for text, point in found:
        at = grid.place_of(point, positions)
        if at is not None:
            located.append(_Code(text, number, at[0], at[1]))
    return located


def _keep_views(
    views: dict[Place, list[_View]],
    number: int,
    picture: Image.Image,
    grid: Grid,
    places: Iterable[Place],
    white: float,
    offset: float,
) -> None:
    size = np.array(picture.size, float)
    small = picture.reduce(SHRINK)
    for place in places:
        if place[0] not in grid.lines:
            continue
        quad = grid.quad(place, shift=offset)
        if (quad < 0).any() or (quad >= size).any():
            continue
        thumb = cut(small, quad / SHRINK).resize(THUMB_PX, Image.Resampling.BILINEAR)
        values = np.asarray(thumb.convert("L"), float) / white
        dark = bool(np.median(values) < EMPTY_MEDIAN and np.percentile(values, 97) < EMPTY_BRIGHTEST)
        off = float(np.abs(quad.mean(axis=0) / size - 0.5).max() * 2)
        views.setdefault(place, []).append(_View(number, quad, off, thumb, dark))


def _common_offset(codes: list[_Code]) -> float:
    """How far boxes stand beside their labels' codes, in pitches: the code need not be in the label's middle."""
    if len(codes) < OFFSET_FROM:
        return 0.0
    turns = np.exp(2j * np.pi * np.array([code.position for code in codes]))
    return float(np.angle(turns.mean()) / (2 * np.pi))


def _assigned(codes: list[_Code], offset: float, places: set[Place]) -> dict[Place, list[tuple[str, int]]]:
    """Place → each code seen there with the position of the neighbour it may as well stand at (0 = none).

    A code that several pictures show counts where most of them, and of those the ones nearest to a middle, see it.
    """
    spots: dict[str, list[tuple[int, float]]] = {}
    for code in codes:
        spots.setdefault(code.text, []).append((code.level, code.position - offset))
    stands: dict[Place, list[tuple[str, int]]] = {}
    for text, seen in spots.items():
        for level in sorted({level for level, _ in seen}):
            here = sorted(position for at, position in seen if at == level)
            for middle in _clusters(here):
                nearest = round(middle)
                if (level, nearest) in places:
                    off = middle - nearest
                    between = nearest + (1 if off > 0 else -1) if abs(off) > BETWEEN else 0
                    stands.setdefault((level, nearest), []).append((text, between))
    return stands


def _clusters(positions: list[float]) -> list[float]:
    """Means of runs that lie within half a pitch: the same label in several pictures is one, two twins are two."""
    groups: list[list[float]] = []
    for position in positions:
        if groups and position - groups[-1][0] < 0.5:
            groups[-1].append(position)
        else:
            groups.append([position])
    return [sum(group) / len(group) for group in groups]


def _to_read(
    places: Iterable[Place],
    views: Mapping[Place, list[_View]],
    stands: Mapping[Place, list[tuple[str, int]]],
    expected: Mapping[Place, str],
) -> dict[Place, _View]:
    wanted = {}
    for place in places:
        of = views.get(place)
        if not of or [text for text, _ in stands.get(place, [])] == [expected.get(place)]:
            continue
        if place in stands or not all(view.dark for view in of):
            wanted[place] = _best(of)
    return wanted


def _best(of: list[_View]) -> _View:
    return min(of, key=lambda view: view.off_middle)


def _wider(quad: Points) -> Points:
    """What to add to a slot's corners so that they reach a little into its neighbours."""
    by = SPARE * (quad[1] - quad[0])
    return np.array([-by, by, by, -by])


def _again(crop: Image.Image, elsewhere: Collection[str]) -> list[str]:
    """Codes of the crop alone, at twice its size: small and smeared ones come out. Not those seen ``elsewhere``."""
    larger = crop.resize((crop.width * 2, crop.height * 2), Image.Resampling.BICUBIC)
    found = {canonical(code["text"]) for picture in (crop, larger) for code in codes_in(picture)}
    return sorted(text for text in found - set(elsewhere) if not text.startswith(f"{labels.PREFIX}S"))


def _print_on(crop: Image.Image, reader: Reader) -> tuple[Line, ...]:
    """The lines of the crop, read again from nearer where any is doubtful; what either reading says counts."""
    lines = _lines(crop, reader, False)
    if all(line.agreed for line in lines):
        return lines
    nearer = _lines(crop, reader, True)
    again = {line.text for line in nearer}
    return (*nearer, *(line for line in lines if line.text not in again))


def _lines(crop: Image.Image, reader: Reader, closely: bool) -> tuple[Line, ...]:
    """Those whose middle is within the slot itself."""
    spare = SPARE / (1 + 2 * SPARE) * crop.width
    return tuple(
        Line(region.text, region.weakest, region.agreed)
        for region in reader.read(crop, thorough=True, closely=closely)
        if spare <= sum(x for x, _ in region.quad) / 4 <= crop.width - spare
    )


def _seen(place: Place, of: list[_View], here: list[tuple[str, int]], lines: tuple[Line, ...]) -> SlotSeen:
    state: State
    if here:
        state = "box"
    elif not of:
        state = "unseen"
    elif all(view.dark for view in of):
        state = "empty"
    else:
        state = "box" if certain(lines) else "unclear"
    between = next((other for _, other in here if other), 0)
    number = _best(of).picture if of else -1
    return SlotSeen(*place, state, tuple(text for text, _ in here), lines, between, number)
