"""What is kept of a look is the label, not the desk and whoever stands behind it."""

import pytest

from edge.domain import labels
from edge.vision.codes import codes_in
from edge.vision.label_crop import label_in
from hardware_tests.virtual import counter_camera
from hardware_tests.virtual.counter_camera import Held
from tests import needs

BOX = labels.make("B", 42)


@pytest.fixture(autouse=True)
def fonts():
    needs.cjk_font()


def framed(**how):
    picture = counter_camera.frame(Held(BOX, "0042", "A001 市局", **how), 7)
    return picture, [code["quad"] for code in codes_in(picture)]


def test_the_label_is_cut_out_whole_and_can_still_be_read():
    picture, quads = framed()
    label = label_in(picture, quads)
    assert label.width * label.height < 0.45 * picture.width * picture.height
    assert [code["text"] for code in codes_in(label)] == [BOX]


def test_a_label_beyond_reading_is_cut_out_by_its_paper():
    picture, quads = framed(spoiled=True)
    assert quads == []
    label = label_in(picture, quads)
    assert 400 < label.width < 620 and 500 < label.height < 720, "a label of 420 x 560, a little askew"


def test_what_was_read_decides_where_no_paper_stands_out():
    picture = counter_camera.frame(None, 1)
    label = label_in(picture, [((600, 300), (700, 300), (700, 400), (600, 400))])
    assert label.size == (160, 160)


def test_a_frame_in_which_nothing_looks_like_a_label_is_not_cut():
    assert label_in(counter_camera.frame(None, 1), []) is None
