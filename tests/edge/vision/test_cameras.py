"""How a camera that hangs is noticed, and the kernel's numbers that USB cameras are asked with."""

import os

import pytest

from edge.config_camera import Camera
from edge.errors import DeviceFault
from edge.vision import camera_v4l2
from edge.vision.cameras import WATCH_MS, Cameras
from tests.edge.vision.test_vision_process import CameraProgram, framed


@pytest.fixture
def watched(clock, tmp_path):
    """A counter camera behind its program, a trolley's lens and a folder."""
    program = CameraProgram(tmp_path / "camera.sock", framed(b"first"))
    configs = (
        Camera("counter", "socket", str(tmp_path / "camera.sock"), sees="counter"),
        Camera("top", "v4l2", "/dev/null", sees="mast"),
        Camera("drop", "folder", str(tmp_path)),
    )
    yield Cameras(configs, clock), program
    program.close()


def test_a_camera_that_answers_with_the_same_frame_or_not_at_all_grows_old(watched, clock):
    cameras, program = watched
    for answer in (framed(b"second"), framed(b"second"), b""):
        program.answer = answer
        clock.advance(WATCH_MS)
        cameras.look_after("counter")
    assert cameras.watched() == ["counter"], "only what must always see is watched"
    assert cameras.ages_ms() == {"counter": 2 * WATCH_MS}
    program.answer = framed(b"third")
    cameras.look_after("counter")
    assert cameras.ages_ms() == {"counter": 0}


def test_one_camera_that_hangs_lets_no_other_grow_old(clock, tmp_path, monkeypatch):
    monkeypatch.setattr("edge.vision.cameras.BUSY_S", 0.05)
    good = CameraProgram(tmp_path / "good.sock", framed(b"first"))
    hangs = CameraProgram(tmp_path / "hangs.sock", framed(b"first"))
    seen = Cameras([Camera(name, "socket", str(tmp_path / f"{name}.sock")) for name in ("good", "hangs")], clock)
    seen.still("hangs")
    with seen._held("hangs"):  # whoever asked first waits for it still
        clock.advance(WATCH_MS)
        for name in seen.watched():
            seen.look_after(name)
        with pytest.raises(DeviceFault, match="camera_silent"):
            seen.still("hangs")
    assert seen.ages_ms() == {"good": 0, "hangs": WATCH_MS}
    good.close()
    hangs.close()


def test_a_camera_that_was_just_looked_through_is_left_alone(watched, clock):
    cameras, program = watched
    cameras.still("counter")
    program.answer = framed(b"another")
    clock.advance(WATCH_MS - 1)
    cameras.look_after("counter")
    assert cameras.ages_ms() == {"counter": WATCH_MS - 1}


def test_the_requests_to_the_kernel_are_those_of_its_header():
    """As `linux/videodev2.h` defines them on 64-bit machines."""
    assert (camera_v4l2.SET_FORMAT, camera_v4l2.REQUEST_BUFFERS) == (0xC0D05605, 0xC0145608)
    assert (camera_v4l2.QUERY_BUFFER, camera_v4l2.QUEUE, camera_v4l2.DEQUEUE) == (0xC0585609, 0xC058560F, 0xC0585611)
    assert (camera_v4l2.STREAM_ON, camera_v4l2.STREAM_OFF) == (0x40045612, 0x40045613)


@pytest.mark.parametrize("path", ["/dev/video-that-is-not-there", "/dev/null"])
def test_what_is_no_video_device_is_a_silent_camera(path, clock):
    with pytest.raises(DeviceFault, match="camera_silent"):
        camera_v4l2.V4l2Camera("top", path, clock)


@pytest.mark.parametrize("name", ["IMG_0002.JPG", "2.jpeg"])
def test_a_folder_s_newest_still_is_seen_however_its_name_is_written(watched, tmp_path, name):
    cameras, _ = watched
    (tmp_path / "1.jpg").write_bytes(b"older")
    os.utime(tmp_path / "1.jpg", (1, 1))
    (tmp_path / name).write_bytes(b"newer")
    (tmp_path / "notes.txt").write_bytes(b"newest, and no picture")
    assert cameras.still("drop").jpeg == b"newer"
