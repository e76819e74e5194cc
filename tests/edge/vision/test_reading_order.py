"""Lines in the order in which a person reads them, whichever way the picture lies."""

import numpy as np
import pytest

from edge.vision.reading_order import reading_order


def box(x, y, width, height):
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], float)


def turn(corners, quarters, side=1000):
    """The corners in a picture turned so many quarters to the right."""
    for _ in range(quarters):
        corners = np.stack([side - corners[:, 1], corners[:, 0]], 1)
    return corners


PAGE = [box(100, 50, 700, 40), box(100, 150, 300, 40), box(500, 155, 300, 40), box(100, 260, 650, 40)]


@pytest.mark.parametrize("quarters", range(4))
def test_rows_top_down_and_left_to_right_in_every_lie_of_the_picture(quarters):
    shuffled = [2, 0, 3, 1]
    lines = [turn(PAGE[index], quarters) for index in shuffled]
    order = reading_order(lines, [10] * 4)
    assert [shuffled[index] for index in order] == [0, 1, 2, 3]


def test_columns_are_read_from_right_to_left():
    right, left = box(800, 100, 60, 700), box(300, 100, 60, 700)
    down = [np.roll(corners, -1, axis=0) for corners in (left, right)]  # reading starts at the top right
    assert reading_order(down, [12, 12]) == [1, 0]


def test_a_tilted_row_stays_one_row():
    tilt = np.array([[np.cos(0.15), np.sin(0.15)], [-np.sin(0.15), np.cos(0.15)]])
    lines = [box(600, 100, 200, 40) @ tilt, box(0, 100, 200, 40) @ tilt, box(300, 100, 200, 40) @ tilt]
    assert reading_order(lines, [5, 5, 5]) == [1, 2, 0]


def test_nothing_has_no_order():
    assert reading_order([], []) == []


def test_a_stain_as_high_as_several_rows_mixes_none_of_them():
    lines = [box(160, 100, 300, 30), box(160, 160, 300, 40), box(160, 230, 170, 30), box(440, 0, 640, 430)]
    ordered = [index for index in reading_order(lines, [10, 10, 9, 1]) if index != 3]
    assert ordered == [0, 1, 2]
