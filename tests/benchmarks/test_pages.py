"""The pages' figures are taken over pages that are the same every time, and reading them keeps within its bounds."""

import random

from PIL import Image

from edge.vision.reader import Reader
from models.scenes.pages import sheet
from models.scoring import errors, plain
from tests import needs


def test_a_page_is_drawn_alike_every_time_and_read_within_its_bound():
    needs.cjk_font()
    paper, lines = sheet(random.Random(11), worn=True, dpi=200)
    again, same = sheet(random.Random(11), worn=True, dpi=200)
    assert lines == same and paper.tobytes() == again.tobytes()
    top = paper.crop((0, 0, paper.width, paper.height // 2)).convert("RGB")
    assert isinstance(top, Image.Image)
    read = [region.text for region in Reader(threads=1).read(top)]
    half = lines[: len(read)]
    assert errors(half, read) <= 0.03 * len(plain("".join(half)))
