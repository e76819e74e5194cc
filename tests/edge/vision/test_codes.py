"""Codes in frames: drawn with the same library, photographed badly."""

import io

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from edge.domain import labels
from edge.errors import DeviceFault
from edge.vision.codes import codes_in
from edge.vision.pictures import frame as opened

BOX = labels.make("B", 0x0123_4567_89AB_CDEF)


def code(text: str, scale: int = 6) -> Image.Image:
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale)
    return (
        Image.fromarray(drawn)
        if hasattr(drawn, "__array_interface__")
        else Image.frombytes("L", (memoryview(drawn).shape[1], memoryview(drawn).shape[0]), memoryview(drawn).tobytes())
    )


def frame(*texts: str, blur: float = 0, turn: int = 0, quality: int = 80) -> bytes:
    picture = Image.new("RGB", (1280, 720), (150, 140, 120))
    ImageDraw.Draw(picture).rectangle((100, 80, 1180, 640), fill=(222, 210, 180))
    for place, text in enumerate(texts):
        picture.paste(code(text), (180 + 500 * place, 200))
    picture = picture.rotate(turn, expand=True, fillcolor=(90, 90, 90)).filter(ImageFilter.GaussianBlur(blur))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_a_box_label_is_read_with_its_place_in_the_frame():
    (found,) = codes_in(opened(frame(BOX)))
    assert (found["text"], len(found["quad"])) == (BOX, 4)
    left, top = found["quad"][0]
    assert 180 <= left <= 230 and 200 <= top <= 250


@pytest.mark.parametrize(("blur", "turn", "quality"), [(1.2, 0, 60), (0, 17, 80), (1.0, 180, 40), (0.8, 95, 70)])
def test_a_blurred_or_turned_label_is_read_too(blur, turn, quality):
    assert [found["text"] for found in codes_in(opened(frame(BOX, blur=blur, turn=turn, quality=quality)))] == [BOX]


def test_two_labels_in_one_frame_are_both_reported():
    other = labels.make("B", 7)
    assert {found["text"] for found in codes_in(opened(frame(BOX, other)))} == {BOX, other}


def test_an_empty_counter_shows_no_code_and_a_broken_frame_is_a_fault():
    assert codes_in(opened(frame())) == []
    with pytest.raises(DeviceFault, match="frame_unreadable"):
        opened(b"not a picture")
    with pytest.raises(DeviceFault, match="frame_unreadable"):
        opened(frame(BOX)[:2000])
