"""Pages over the vision process's socket: from the camera, page by page from a file, and refused in between."""

import io
import threading

import pytest
from PIL import Image

from edge.clock import SystemClock
from edge.config_camera import Camera
from edge.devices.page_reader_process import PageReaderProcess
from edge.errors import DeviceFault, InputRefused
from edge.vision.cameras import Cameras
from edge.vision.server import VisionServer


def saved(picture: Image.Image, form: str, **how) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


SHEET = Image.new("RGB", (300, 424), (240, 238, 230))
DESK = Image.new("RGB", (420, 560), (58, 54, 50))
DESK.paste(SHEET, (60, 66))


@pytest.fixture
def pages(tmp_path, reader):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(saved(DESK, "JPEG"))
    clock = SystemClock()
    cameras = Cameras((Camera("pages", "folder", str(folder)),), clock)
    server = VisionServer(tmp_path / "vision.sock", cameras, clock, reader)
    yield PageReaderProcess(tmp_path / "vision.sock")
    server.close()


def test_the_camera_hands_over_the_frame_and_the_page_in_it(pages):
    seen, frame = pages.page("pages")
    assert frame == saved(DESK, "JPEG")
    assert seen.measures.found == "squared" and abs(seen.width - 300) < 4
    with Image.open(io.BytesIO(seen.jpeg)) as page:
        assert page.size == (seen.width, seen.height)
    with pytest.raises(DeviceFault, match="camera_unknown"):
        pages.page("attic")


def test_what_lies_under_the_camera_is_shown_small_before_it_is_taken(pages, tmp_path):
    (tmp_path / "desk" / "2.jpg").write_bytes(saved(DESK.resize((4200, 5600)), "JPEG"))
    with Image.open(io.BytesIO(pages.live("pages"))) as small:
        assert small.size == (450, 600)
    with pytest.raises(DeviceFault, match="camera_unknown"):
        pages.live("attic")


def test_a_file_comes_page_by_page_and_says_at_the_end_what_it_is(pages):
    data, got = saved(SHEET, "TIFF", save_all=True, append_images=[SHEET, SHEET]), []
    facts = pages.pages("three.tif", data, got.append)
    assert [one.number for one in got] == [1, 2, 3] and facts.format == "TIFF"
    assert {one.measures.found for one in got} == {"whole"}
    assert pages.count("three.tif", data) == 3
    with pytest.raises(InputRefused, match="picture_unreadable"):
        pages.count("letter.jpg", b"no picture")


def test_what_cannot_be_read_is_refused_by_name_and_the_process_goes_on(pages):
    with pytest.raises(InputRefused) as refused:
        pages.pages("letter.jpg", b"no picture", lambda _page: None)
    assert (refused.value.code, refused.value.params["file"]) == ("picture_unreadable", "letter.jpg")
    cut = saved(Image.effect_noise((300, 300), 80), "TIFF", save_all=True, append_images=[SHEET])
    with pytest.raises(InputRefused, match="picture_damaged"):
        pages.pages("cut.tif", cut[: len(cut) // 2], lambda _page: None)
    threads = [threading.Thread(target=pages.page, args=("pages",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert pages.page("pages")[0].measures.found == "squared"


def test_a_silent_process_is_a_fault(tmp_path):
    with pytest.raises(DeviceFault, match="vision_silent"):
        PageReaderProcess(tmp_path / "nobody.sock").page("pages")
