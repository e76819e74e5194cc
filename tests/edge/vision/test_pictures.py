"""The front door: good pictures in any dress come out upright and RGB, bad ones are refused with their reason."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from edge.errors import DeviceFault, InputRefused
from edge.vision.pictures import frame, pages, pages_of


def saved(picture: Image.Image, form: str, **how) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


WEDGE = Image.fromarray(np.tile(np.arange(0, 240, 2, np.uint8), (60, 1)))  # dark left, light right; 120 × 60


def code_of(data: bytes) -> str:
    with pytest.raises(InputRefused) as refused:
        list(pages_of(data, "x"))
    assert refused.value.params["file"] == "x"
    return refused.value.code


DRESSES = {
    "JPEG": ("RGB", "L", "1", "CMYK"),
    "PNG": ("RGB", "L", "1", "P", "RGBA"),
    "BMP": ("RGB", "L", "1", "P", "RGBA"),
    "TIFF": ("RGB", "L", "1", "P", "RGBA", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
}


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form, modes in DRESSES.items() for mode in modes])
def test_every_usual_format_and_mode_comes_out_as_rgb(form, mode):
    (picture,) = pages_of(saved(WEDGE.convert("RGB").convert(mode), form), "x")
    pixels = np.asarray(picture)
    assert pixels.shape == (60, 120, 3) and pixels[:, -20:].mean() > pixels[:, :20].mean() + 80


def test_a_picture_that_exif_says_lies_on_its_side_is_stood_up():
    exif = Image.Exif()
    exif[0x0112] = 6  # the top is at the right
    (picture,) = pages_of(saved(WEDGE.convert("RGB"), "JPEG", exif=exif), "x")
    assert picture.size == (60, 120) and np.asarray(picture)[-10:].mean() > np.asarray(picture)[:10].mean() + 80


def test_sixteen_bit_grey_keeps_its_range():
    deep = Image.fromarray(np.asarray(WEDGE, np.uint16) * 16)  # only 12 bits are used
    (picture,) = pages_of(saved(deep, "PNG"), "x")
    assert np.asarray(picture).min() == 0 and np.asarray(picture).max() == 255


def test_what_is_transparent_lies_on_white_paper():
    (picture,) = pages_of(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"), "x")
    assert np.asarray(picture).min() == 255


def test_each_page_of_a_tiff_is_read():
    data = saved(WEDGE, "TIFF", save_all=True, append_images=[WEDGE.rotate(180), WEDGE])
    assert len(list(pages_of(data, "x"))) == 3


def test_a_tiff_of_too_many_pages_is_refused_and_not_read_in_part(monkeypatch):
    monkeypatch.setattr("edge.vision.pictures.PAGES_AT_MOST", 2)
    data = saved(WEDGE, "TIFF", save_all=True, append_images=[WEDGE, WEDGE])
    assert code_of(data) == "picture_too_many_pages"


def test_empty_cut_short_moving_and_foreign_files_are_told_apart():
    noise = Image.effect_noise((200, 200), 90)
    assert code_of(b"") == "picture_empty"
    assert code_of(b"no picture at all") == "picture_unreadable"
    assert code_of(saved(noise, "JPEG")[:3000]) == "picture_damaged"
    assert code_of(saved(noise, "PNG")[:3000]) == "picture_damaged"
    moving = saved(WEDGE, "GIF", save_all=True, append_images=[WEDGE.rotate(90), WEDGE.rotate(180)])
    assert code_of(moving) == "picture_moves"


def header_of(width: int, height: int) -> bytes:
    """A PNG that claims to be so large and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 10_000), (100_000, 100_000)])
def test_a_header_of_too_many_pixels_is_refused_before_they_are_decoded(size):
    assert code_of(header_of(*size)) == "picture_too_large"


def test_a_missing_file_and_a_folder_say_why_they_cannot_be_opened(tmp_path):
    for path in (tmp_path / "gone.jpg", tmp_path):
        with pytest.raises(InputRefused, match="picture_not_opened"):
            list(pages(path))


def test_a_camera_that_hands_over_garbage_is_a_fault_of_the_camera():
    with pytest.raises(DeviceFault, match="frame_unreadable"):
        frame(b"\xff\xd8 no picture")


TURNED = Image.Exif()
TURNED[0x0112], TURNED[0x010E] = 6, "scanned"

GOOD = [
    saved(WEDGE, "JPEG"),
    saved(WEDGE.convert("CMYK"), "JPEG", exif=TURNED),
    saved(WEDGE, "TIFF", save_all=True, append_images=[WEDGE], exif=TURNED),
    saved(WEDGE.convert("1"), "TIFF", compression="group4"),
    saved(WEDGE, "GIF", save_all=True, append_images=[WEDGE.rotate(90), WEDGE.rotate(180)]),
    saved(WEDGE.convert("RGBA"), "WEBP", save_all=True, append_images=[WEDGE.rotate(180).convert("RGBA")]),
    saved(WEDGE.convert("P"), "PNG"),
    saved(WEDGE, "TIFF", compression="tiff_lzw"),
    saved(WEDGE, "BMP"),
    saved(WEDGE.convert("RGB"), "WEBP"),
    saved(WEDGE, "GIF"),
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
    st.floats(0.02, 1),
)
def test_no_damage_to_a_file_gets_past_the_front_door_as_anything_but_a_refusal(data, hits, kept):
    damaged = bytearray(data[: max(1, int(len(data) * kept))])
    for where, value in hits:
        damaged[min(len(damaged) - 1, int(where * len(damaged)))] = value
    try:
        for picture in pages_of(bytes(damaged), "x"):
            assert picture.mode == "RGB"
    except InputRefused as refused:
        assert refused.code.startswith("picture_")
