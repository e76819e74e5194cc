"""Writing in pictures: level, upside down, sideways, in columns, small, long, in the dark."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from edge.vision.recognise import Cascade

TRADITIONAL = 3  # face of the Noto collections
NUMBERS = ("Z109-WS·2011-Y-BGS-0001", "盒号 0601", "保管期限 永久")


def label(font: str, lines=NUMBERS, size: int = 34, canvas=(900, 600)) -> Image.Image:
    picture = Image.new("RGB", canvas, (96, 92, 86))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, canvas[0] - 60, canvas[1] - 60), fill=(244, 240, 228))
    for row, text in enumerate(lines):
        draw.text((110, 120 + int(2.6 * size * row)), text, font=ImageFont.truetype(font, size), fill=(30, 30, 40))
    return picture


def plain(text: str) -> str:
    return text.replace(" ", "")


@pytest.mark.parametrize("turned", [0, 5, 90, 180, 270, 186])
def test_a_label_is_read_whichever_way_it_is_held_and_in_its_order(reader, font, turned):
    picture = label(font).rotate(turned, expand=True, fillcolor=(96, 92, 86))
    found = [plain(region.text) for region in reader.read(picture)]
    assert found == [plain(text) for text in NUMBERS]


def test_a_region_says_where_it_is_clockwise_from_where_reading_begins(reader, font):
    first = reader.read(label(font))[0]
    (left, top), (right, _), (_, bottom), _ = first.quad
    assert 90 < left < 115 and 105 < top < 135 and 160 < bottom < 195 and right > left + 350
    assert first.confidence > 0.9 and 0 < first.weakest <= first.confidence


def test_an_upside_down_number_among_upside_down_lines_is_not_read_as_another(reader, font):
    picture = label(font, ("临江市住房和城乡建设局", "0601")).rotate(180)
    assert [region.text for region in reader.read(picture)] == ["临江市住房和城乡建设局", "0601"]


def test_columns_are_read_downwards_from_the_right(reader, font):
    picture = Image.new("RGB", (500, 700), (244, 240, 228))
    draw = ImageDraw.Draw(picture)
    for column, text in enumerate(("城建档案永久保存", "一九八四年第三卷")):
        for row, sign in enumerate(text):
            draw.text((340 - 160 * column, 60 + 62 * row), sign, font=ImageFont.truetype(font, 54), fill=(20, 20, 20))
    assert [region.text for region in reader.read(picture)] == ["城建档案永久保存", "一九八四年第三卷"]


def test_small_writing_on_a_large_sheet_is_looked_at_again_in_pieces(reader, font):
    lines = tuple(f"第{number}条 档案库房温度应当保持在十四至二十四度" for number in range(1, 16))
    sheet = Image.new("RGB", (2480, 1800), "white")
    draw = ImageDraw.Draw(sheet)
    for row, text in enumerate(lines):
        draw.text((300, 150 + 100 * row), text, font=ImageFont.truetype(font, 42), fill=(20, 20, 20))
    assert [plain(region.text) for region in reader.read(sheet)] == [plain(text) for text in lines]


def test_a_line_longer_than_the_widest_network_is_read_whole(reader, font):
    text = "".join(f"{number:02d}号库房第{number}列" for number in range(1, 13))
    picture = Image.new("RGB", (3600, 120), "white")
    ImageDraw.Draw(picture).text((30, 30), text, font=ImageFont.truetype(font, 40), fill=(20, 20, 20))
    (region,) = reader.read(picture)
    assert region.text == text


def test_a_dark_noisy_frame_is_still_read(reader, font):
    picture = ImageEnhance.Brightness(label(font)).enhance(0.35).filter(ImageFilter.GaussianBlur(1))
    noise = np.random.default_rng(4).normal(0, 8, (*picture.size[::-1], 3))
    noisy = Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
    assert plain(reader.read(noisy)[0].text) == NUMBERS[0]


def test_traditional_text_is_read_by_the_network_that_knows_it_without_being_asked(reader, font):
    lines = ("無苦集滅道無智亦無得", "不垢不淨不增不減", "亦無老死盡")
    face = ImageFont.truetype(font, 34, index=TRADITIONAL)
    picture = Image.new("RGB", (600, 400), (244, 240, 228))
    for row, text in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 40 + 100 * row), text, font=face, fill=(30, 30, 40))
    assert [plain(region.text) for region in reader.read(picture)] == list(lines)


def test_two_networks_agree_on_a_line_and_never_on_one_too_low_to_be_told_for_certain(font):
    face = ImageFont.truetype(font, 40)
    crop = Image.new("RGB", (250, 52), (244, 240, 228))
    ImageDraw.Draw(crop).text((8, -4), "全宗号 J019", font=face, fill=(20, 20, 20))
    cascade = Cascade(threads=1)
    for height, agreed in ((52, True), (19, False)):
        seen = crop.resize((crop.width * height // crop.height, height), Image.Resampling.BOX)
        assert cascade.settle(seen, cascade.quick(seen), thorough=True).agreed is agreed


def test_where_nothing_is_written_nothing_is_read(reader):
    assert reader.read(Image.new("RGB", (640, 480), (120, 118, 110))) == []
    assert reader.read(Image.new("RGB", (1, 1))) == []
    noise = np.random.default_rng(5).integers(0, 255, (300, 300, 3), np.uint8)
    assert all(region.weakest < 0.8 for region in reader.read(Image.fromarray(noise)))


def test_thorough_asks_both_networks_about_every_line(reader, font):
    assert not any(region.agreed for region in reader.read(label(font, ("盒号 0601",))) if region.by == "tiny")
    assert all(region.agreed for region in reader.read(label(font, ("盒号 0601",)), thorough=True))


def test_a_line_that_the_larger_look_loses_is_kept_from_the_first(reader, font):
    paper = Image.new("RGB", (1654, 2338), (244, 242, 236))
    for row, text in enumerate(("档号 Z109-WS·2011-Y-0001", "屋面渗漏需修缮")):
        ImageDraw.Draw(paper).text((200, 200 + 80 * row), text, font=ImageFont.truetype(font, 40), fill=(20, 20, 20))
    read = [region.text for region in reader.read(paper)]
    assert len(read) == 2 and "Z109-WS·2011-Y-0001" in read[0] and read[1] == "屋面渗漏需修缮"
