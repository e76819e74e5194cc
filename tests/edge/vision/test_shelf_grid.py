"""Slot labels in a picture → where every slot is, however the picture lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.vision.shelf_grid import grid_of

POSITIONS, LEVELS = 18, 3


def seen(turn_deg, lean, scale=240.0, up=7.0, skip=()):
    """Slot labels of a section that is turned and leans away: (place, middle in pixels), and the same map for all."""
    turn = np.radians(turn_deg)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def at(position, level):
        flat = np.array([position * scale, level * scale * up])
        depth = 1 + lean * position / POSITIONS
        return spin @ flat / depth + 3000

    labels = [
        ((level, position), at(position, level))
        for level in range(1, LEVELS + 1)
        for position in range(1, POSITIONS + 1)
        if (level, position) not in skip
    ]
    return labels, at


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-180, 180), st.floats(-0.04, 0.04), st.integers(1, LEVELS), st.floats(1, POSITIONS), st.floats(0.1, 0.9)
)
def test_every_point_is_found_in_its_slot_however_the_picture_is_turned(turn_deg, lean, level, position, height):
    labels, at = seen(turn_deg, lean)
    found = grid_of(labels).place_of(at(position, level - height), POSITIONS)
    assert found is not None and found[0] == level
    assert found[1] == pytest.approx(position, abs=0.2) and found[2] == pytest.approx(height, abs=0.1)


def test_labels_that_are_torn_off_leave_their_slots_where_they_were():
    labels, at = seen(2, 0.02)
    few = [one for one in labels if one[0][1] in (2, 3, 9, 16)] + [one for one in labels if one[0] == (3, 5)]
    assert grid_of(few).edge(2, 12) == pytest.approx(at(12, 2), abs=15)


def test_a_label_stuck_on_the_wrong_place_does_not_bend_its_level():
    labels, at = seen(1, 0.01)
    wrong = [(place, at(12, 2) if place == (2, 4) else point) for place, point in labels]
    assert grid_of(wrong).edge(2, 4) == pytest.approx(at(4, 2), abs=15)


def test_one_label_of_a_level_is_enough_beside_a_level_that_shows_more():
    labels, at = seen(0, 0, skip={(2, position) for position in range(1, POSITIONS + 1) if position != 7})
    assert grid_of(labels).edge(2, 15) == pytest.approx(at(15, 2), abs=5)


def test_a_picture_without_two_labels_of_a_level_is_placed_nowhere():
    labels, _ = seen(0, 0)
    assert grid_of([]) is None
    assert grid_of([labels[0], labels[POSITIONS]]) is None
