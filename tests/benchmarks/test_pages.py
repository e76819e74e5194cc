"""The pages' figures are taken over pages that are the same every time, and reading them keeps within its bounds."""

import os
import random

import pytest
from PIL import Image

from edge.vision.reader import Reader
from tests.benchmarks.drawn_labels import FONTS
from tests.benchmarks.drawn_pages import sheet
from tests.benchmarks.reading import errors, plain


def test_a_page_is_drawn_alike_every_time_and_read_within_its_bound():
    if not FONTS:
        if os.environ.get("CI") == "true":
            pytest.fail("the Noto CJK fonts are not installed")
        pytest.skip("needs the Noto CJK fonts")
    paper, lines = sheet(random.Random(11), worn=True, dpi=200)
    again, same = sheet(random.Random(11), worn=True, dpi=200)
    assert lines == same and paper.tobytes() == again.tobytes()
    top = paper.crop((0, 0, paper.width, paper.height // 2)).convert("RGB")
    assert isinstance(top, Image.Image)
    read = [region.text for region in Reader(threads=1).read(top)]
    half = lines[: len(read)]
    assert errors(half, read) <= 0.03 * len(plain("".join(half)))
