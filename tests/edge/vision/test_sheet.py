"""A sheet of paper on a desk: its corners, its sides, and when there is none."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from edge.vision.digitised_page import page_in
from edge.vision.page_measures import edge_width_px, light, slope_cdeg
from edge.vision.sheet import find_sheet, squared

FRAME = (900, 1200)
SQUARE = [(90, 90), (800, 90), (800, 1100), (90, 1100)]


def on_desk(corners, paper=(246, 244, 236), desk=(60, 56, 52), frame=FRAME, strokes=True):
    """A page of black bars, seen with its corners there."""
    page = Image.new("RGB", (600, 848), paper)
    if strokes:
        draw = ImageDraw.Draw(page)
        for row in range(90, 780, 40):
            for left in range(60, 520, 30):
                draw.rectangle((left, row, left + 14, row + 3), fill=(20, 20, 20))
    rows, wanted = [], []
    for (u, v), (x, y) in zip(((0, 0), (600, 0), (600, 848), (0, 848)), corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    back = np.linalg.solve(np.array(rows, float), np.array(wanted, float)).tolist()
    return page.transform(frame, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC, fillcolor=desk)


offsets = st.integers(-55, 55)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(offsets, offsets), min_size=4, max_size=4))
def test_corners_are_found_to_a_pixel_or_two_however_the_sheet_lies(moved):
    corners = [
        (x + dx, y + dy) for (x, y), (dx, dy) in zip(((90, 90), (800, 90), (800, 1100), (90, 1100)), moved, strict=True)
    ]
    sheet = find_sheet(on_desk(corners))
    assert sheet is not None and not sheet.cut_off
    assert np.abs(sheet.corners - np.array(corners)).max() < 3


def test_a_turned_sheet_comes_out_square_in_the_proportion_of_its_format():
    sheet = find_sheet(on_desk([(200, 80), (820, 180), (700, 1080), (90, 960)]))
    page = squared(on_desk([(200, 80), (820, 180), (700, 1080), (90, 960)]), sheet)
    assert page.height / page.width == pytest.approx(2**0.5, abs=0.01)
    rim = np.asarray(page.convert("L"))[3:-3, 3:-3]
    assert min(rim[0].min(), rim[-1].min(), rim[:, 0].min(), rim[:, -1].min()) > 200, "no desk at its edges"


def test_no_sheet_two_sheets_in_one_colour_and_a_sheet_over_the_edge():
    assert find_sheet(Image.new("RGB", FRAME, (60, 56, 52))) is None
    assert (
        find_sheet(on_desk([(90, 90), (800, 90), (800, 1100), (90, 1100)], paper=(72, 68, 60), strokes=False)) is None
    )
    noise = Image.effect_noise(FRAME, 60).convert("RGB")
    assert find_sheet(noise) is None
    over = find_sheet(on_desk([(90, 200), (800, 200), (800, 1300), (90, 1300)]))
    assert over is not None and over.cut_off


def test_blur_widens_edges_and_a_motion_in_one_direction_is_not_missed():
    sharp = squared(on_desk(SQUARE), find_sheet(on_desk(SQUARE)))
    widths = [edge_width_px(sharp.filter(ImageFilter.GaussianBlur(by))) for by in (0, 1, 2, 3)]
    assert widths == sorted(widths) and widths[0] < 3 and widths[3] > 2 * widths[0]
    shaken = Image.fromarray(
        np.mean([np.roll(np.asarray(sharp), by, axis=1) for by in range(9)], axis=0).astype(np.uint8)
    )
    assert edge_width_px(shaken) > 1.8 * widths[0]
    assert edge_width_px(Image.new("RGB", (400, 400), "white")) is None


def test_glare_is_a_burnt_out_spot_on_paper_that_is_not_white_all_over():
    page = Image.new("RGB", (600, 848), (215, 213, 205))
    paper, _, glare = light(page)
    assert (paper, glare) == (211, 0)
    ImageDraw.Draw(page).ellipse((200, 300, 280, 380), fill="white")
    assert 8 <= light(page)[2] <= 12
    assert light(Image.new("RGB", (600, 848), "white"))[2] == 0
    assert light(Image.new("RGB", (600, 848), (40, 40, 40)))[0] == 40


def test_slope_is_that_of_the_long_level_lines():
    level = [((0, 0), (400, 14), (400, 40), (0, 26))] * 3
    assert slope_cdeg(level) == 200
    assert slope_cdeg([((0, 0), (10, 300), (30, 300), (20, 0))]) == 0
    assert slope_cdeg([]) == 0


LINES = ("关于房屋修缮的请示", "市财政局办公室", "二〇一一年三月")


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_under_the_camera_is_squared_turned_upright_and_read_however_it_lies(reader, font, turned):
    paper = Image.new("RGB", (620, 877), (240, 238, 230))
    for row, text in enumerate(LINES):
        ImageDraw.Draw(paper).text((80, 100 + 80 * row), text, font=ImageFont.truetype(font, 40), fill=(20, 20, 20))
    desk = Image.new("RGB", (1040, 1040), (58, 54, 50))
    desk.paste(paper.rotate(-turned, expand=True), (70, 60))
    said, jpeg = page_in(desk, reader, 1, of_camera=True)
    assert [line["text"] for line in said["lines"]] == list(LINES)
    assert (said["measures"]["found"], said["measures"]["turned_deg"]) == ("squared", turned)
    assert [80 < line["quad"][0][1] < 300 for line in said["lines"]] == [True] * 3 and said["height"] > said["width"]
    assert all(abs(line["quad"][0][1] - line["quad"][1][1]) < 6 for line in said["lines"]), "the lines are level now"
    with Image.open(io.BytesIO(jpeg)) as kept:
        assert kept.size == (said["width"], said["height"])


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_in_columns_is_known_by_its_signs_and_stands_upright(reader, font, turned):
    paper = Image.new("RGB", (620, 877), (240, 238, 230))
    for column, text in enumerate(("城建档案永久保存", "一九八四年第三卷", "本卷共计一百二十页")):
        for row, sign in enumerate(text):
            at = (460 - 130 * column, 80 + 62 * row)
            ImageDraw.Draw(paper).text(at, sign, font=ImageFont.truetype(font, 54), fill=(20, 20, 20))
    said, _ = page_in(paper.rotate(-turned, expand=True), reader, 1, of_camera=False)
    assert said["measures"]["turned_deg"] == turned and said["height"] > said["width"]


def test_a_frame_without_a_sheet_is_no_page(reader):
    empty = Image.new("RGB", (400, 300), (58, 54, 50))
    assert page_in(empty, reader, 1, of_camera=True)[0]["measures"]["found"] == "nothing"


def test_a_page_of_one_line_has_as_much_contrast_as_a_full_one():
    sparse = Image.new("RGB", (1240, 1754), (244, 242, 236))
    for left in range(200, 700, 40):
        ImageDraw.Draw(sparse).rectangle((left, 300, left + 18, 304), fill=(20, 20, 20))
    assert light(sparse)[1] > 150
    assert light(Image.new("RGB", (1240, 1754), (244, 242, 236)))[1] == 0
