"""How a large picture is cut into what the detector sees at once."""

import pytest

from edge.vision.detect import OVERLAP_PX, stretches

PIECE_PX = 416


@pytest.mark.parametrize("length", [1, 415, 416, 417, 430, 768, 769, 2340, 4000])
def test_every_pixel_is_judged_once_by_a_piece_in_which_it_lies_far_from_a_cut(length):
    pieces = stretches(length, PIECE_PX)
    assert [pixel for each in pieces for pixel in range(each.begin, each.end)] == list(range(length))
    for each in pieces:
        assert each.origin >= 0 and (each.origin + PIECE_PX <= length or len(pieces) == 1)
        assert each.begin == 0 or each.begin - each.origin >= OVERLAP_PX // 2 - 1
        assert each.end == length or each.origin + PIECE_PX - each.end >= OVERLAP_PX // 2 - 1
