"""How a camera that hangs is noticed, and the kernel's numbers that USB cameras are asked with."""

import pytest

from edge.config import Camera
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
        cameras.look_after()
    assert cameras.ages_ms() == {"counter": 2 * WATCH_MS}, "only what must always see is watched"
    program.answer = framed(b"third")
    cameras.look_after()
    assert cameras.ages_ms() == {"counter": 0}


def test_a_camera_that_was_just_looked_through_is_left_alone(watched, clock):
    cameras, program = watched
    cameras.still("counter")
    program.answer = framed(b"another")
    clock.advance(WATCH_MS - 1)
    cameras.look_after()
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
