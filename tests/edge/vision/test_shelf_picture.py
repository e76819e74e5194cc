"""The marked picture of a section."""

import numpy as np
from PIL import ImageFont

from edge.paper import typeface
from edge.vision.shelf_picture import PAPER, Legend, Mark, drawn
from edge.words import LANGUAGES, say

STATUSES = ("right", "misplaced", "missing", "unknown", "unread", "empty")


def test_the_legend_of_a_narrow_bay_goes_on_below_and_nothing_of_it_is_cut_off():
    marks = {(1, position): Mark(status, "") for position, status in enumerate(STATUSES, 1)}
    for language in LANGUAGES:
        font = ImageFont.truetype(str(typeface.FILE), 18, typeface.IN_COLLECTION[language])
        words = {status: say(language, f"shelf.mark.{status}", count=18) for status in STATUSES}
        wide = drawn(marks, {}, Legend("B1-A-01-R-01", words, font))
        bare = drawn(marks, {}, Legend("", {}, font))
        assert wide.height > bare.height
        edge = np.asarray(wide)[: wide.height - bare.height, -4:]
        assert (edge == PAPER).all(), f"{language}: words run into the picture's edge"
