"""From a probability map to rectangles."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from edge.vision.regions import components, hull, rectangles, smallest_rectangle


def bar(angle: float, size=(200, 30), side: int = 400) -> np.ndarray:
    """A bar of probability 0.9, turned by ``angle`` degrees clockwise about the middle."""
    picture = Image.new("L", (side, side))
    draw = ImageDraw.Draw(picture)
    draw.rectangle(((side - size[0]) / 2, (side - size[1]) / 2, (side + size[0]) / 2, (side + size[1]) / 2), fill=230)
    return np.asarray(picture.rotate(-angle, Image.Resampling.BICUBIC), np.float32) / 255


@pytest.mark.parametrize("angle", [0, 7, -12, 30, -40])
def test_a_tilted_line_gives_one_rectangle_with_its_tilt_and_its_growth(angle):
    (found,) = rectangles(bar(angle))
    along = found.corners[1] - found.corners[0]
    assert math.degrees(math.atan2(along[1], along[0])) == pytest.approx(angle, abs=2)
    growth = 1.4 * 200 * 30 / (2 * 230)
    assert found.width == pytest.approx(200 + 2 * growth, abs=6)
    assert found.height == pytest.approx(30 + 2 * growth, abs=6)
    assert found.corners.mean(axis=0) == pytest.approx([200, 200], abs=2)


def test_corners_go_clockwise_from_the_top_left_also_of_an_upright_line():
    (found,) = rectangles(bar(90))
    top_left, top_right, bottom_right, bottom_left = found.corners
    assert top_left[0] < top_right[0] and bottom_left[0] < bottom_right[0]
    assert top_left[1] < bottom_left[1] and found.height > found.width


def test_specks_and_faint_stains_are_no_lines():
    probability = np.zeros((100, 100), np.float32)
    probability[10:12, 10:12] = 1
    probability[40:60, 20:80] = 0.25
    assert rectangles(probability) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=1, max_size=9))
def test_patches_are_those_that_touch_also_by_a_corner(rows):
    mask = np.array(rows, bool)
    seen = np.zeros(mask.shape, bool)
    patches = []
    for start in zip(*np.nonzero(mask), strict=True):
        if seen[start]:
            continue
        patch, waiting = set(), [start]
        while waiting:
            y, x = waiting.pop()
            if not (0 <= y < mask.shape[0] and 0 <= x < 9) or seen[y, x] or not mask[y, x]:
                continue
            seen[y, x] = True
            patch.add((x, y))
            waiting += [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        patches.append(patch)
    found = [{(int(x), int(y)) for x, y in outline} for outline in components(mask)]
    assert len(found) == len(patches)
    for patch in patches:
        (outline,) = [one for one in found if one & patch]
        assert outline <= patch
        for y in {y for _, y in patch}:
            in_row = [x for x, row in patch if row == y]
            assert (min(in_row), y) in outline and (max(in_row), y) in outline


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=30, unique=True))
def test_the_smallest_rectangle_holds_every_point_and_no_upright_one_is_smaller(points):
    cloud = np.array(points, float)
    found = smallest_rectangle(cloud)
    if found is None:
        assert len(hull(cloud)) < 3
        return
    u, v = found.corners[1] - found.corners[0], found.corners[3] - found.corners[0]
    for direction in (u, v):
        reach = (cloud - found.corners[0]) @ direction / (direction @ direction)
        assert reach.min() > -1e-6 and reach.max() < 1 + 1e-6
    upright = np.ptp(cloud[:, 0]) * np.ptp(cloud[:, 1])
    assert found.width * found.height <= upright + 1e-6
