"""The archive stamp on a first page: found by its red frame, read cell by cell, proposed where its grammar fits."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from edge.domain.stamp import Stamp, stamp_of
from edge.vision.digitised_page import page_in
from edge.vision.stamp import find_stamp

RED, PAPER, INK = (196, 34, 40), (246, 244, 238), (30, 30, 90)
PX_MM = 10  # 254 dpi
CELLS = ("Z109", "2011", "27", "BGS", "永久", "12")


def stamped(font, cells, lean=0.0):
    """A first page under a red heading, with a red line below it: neither is a stamp."""
    paper = Image.new("RGB", (210 * PX_MM, 297 * PX_MM), PAPER)
    draw = ImageDraw.Draw(paper)
    draw.text((450, 450), "临江市财政局文件", font=ImageFont.truetype(font, 140), fill=RED)
    draw.line((250, 750, 1850, 750), fill=RED, width=6)
    draw.text((300, 900), "关于拨付防汛经费的通知", font=ImageFont.truetype(font, 60), fill=(20, 20, 20))
    stamp = Image.new("RGB", (47 * PX_MM, 18 * PX_MM), PAPER)
    pen = ImageDraw.Draw(stamp)
    for row in range(3):
        pen.line((10, 10 + row * 80, 460, 10 + row * 80), fill=RED, width=5)
    for column in range(4):
        pen.line((10 + column * 150, 10, 10 + column * 150, 170), fill=RED, width=5)
    for number, text in enumerate(cells):
        row, column = divmod(number, 3)
        face = ImageFont.truetype(font, 38)
        left = 10 + column * 150 + (150 - pen.textlength(text, font=face)) / 2
        pen.text((left, 24 + row * 80), text, font=face, fill=INK)
    paper.paste(stamp.rotate(lean, expand=True, fillcolor=PAPER, resample=Image.Resampling.BICUBIC), (820, 120))
    return paper


@pytest.mark.parametrize(
    ("cells", "lean", "said"),
    [
        (CELLS, 0.0, Stamp("Z109", "2011", "27", "BGS", "Y", "12")),
        (("A001", "1998", "0306", "财务科", "30年", "8"), 1.5, Stamp("A001", "1998", "306", "财务科", "D30", "8")),
        (("J019", "2023", "5", "RSC", "10年", "150"), -1.5, Stamp("J019", "2023", "5", "RSC", "D10", "150")),
    ],
)
def test_the_six_fields_of_a_stamp_are_proposed(reader, font, cells, lean, said):
    page, _ = page_in(stamped(font, cells, lean), reader, 1, of_camera=False)
    assert stamp_of([(text, certain) for text, certain in page["stamp"]]) == said


def test_a_red_heading_is_no_stamp(font):
    plain = stamped(font, CELLS)
    ImageDraw.Draw(plain).rectangle((800, 100, 1320, 330), fill=PAPER)
    assert find_stamp(plain) is None
    assert find_stamp(Image.new("RGB", (800, 1100), "white")) is None


def test_a_grey_copy_of_a_stamp_and_a_page_with_two_propose_nothing(font):
    page = stamped(font, CELLS)
    assert find_stamp(page) is not None
    assert find_stamp(page.convert("L").convert("RGB")) is None, "its frame may be any table's"
    page.paste(page.crop((800, 100, 1320, 330)), (200, 100))
    assert find_stamp(page) is None, "which of the two is this page's?"


def test_what_breaks_its_grammar_or_was_not_read_for_certain_proposes_nothing():
    cells = [("Z109", True), ("2O11", True), ("2?", True), ("BGS", False), ("永久", True), ("十二", True)]
    assert stamp_of(cells) == Stamp("Z109", "", "", "", "Y", "")
    assert stamp_of([]).empty and stamp_of(cells).numbers() == []


def test_a_whole_stamp_names_the_numbers_it_may_stand_for():
    numbers = stamp_of([(text, True) for text in CELLS]).numbers()
    assert numbers[0] == "Z109-WS·2011-Y-BGS-0027" and "Z109-WS·2011·Y-0027" in numbers
