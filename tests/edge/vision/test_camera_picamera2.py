"""The Pi's own camera: how it is set, how it focuses, and that one whose cable slipped holds nobody up."""

import io

import pytest
from PIL import Image

from edge.config_camera import Camera
from edge.errors import DeviceFault
from edge.vision.cameras import Cameras
from tests.edge.vision import pi_library


@pytest.fixture
def library(monkeypatch):
    return pi_library.install(monkeypatch)


def cameras(clock, sees="counter", **controls):
    return Cameras((Camera("pi", "picamera2", "", sees, controls=controls),), clock)


def test_left_alone_it_focuses_for_each_still_and_a_preview_waits_for_no_lens(library, clock):
    pi = cameras(clock)
    still, preview = pi.still("pi"), pi.preview("pi")
    (device,) = library.opened
    assert (device.focused, device.shots, device.controls) == (1, 2, {})
    assert still.metadata["SensorTimestamp"] == 1 and still.age_ms == 0
    assert Image.open(io.BytesIO(preview.jpeg)).size == (1152, 648)


def test_what_node_toml_sets_is_set_before_the_first_frame_and_a_fixed_lens_stays_where_it_is(library, clock):
    set_so = {"AfMode": "Manual", "LensPosition": 2.0, "AeEnable": False, "ExposureTime": 10_000, "AnalogueGain": 2.0}
    pi = cameras(clock, "pages", **set_so, ScalerCrop=(0, 0, 4608, 2592))
    assert pi.still("pi").metadata["ExposureTime"] == 10_000
    (device,) = library.opened
    assert device.controls == {**set_so, "AfMode": 0, "ScalerCrop": (0, 0, 4608, 2592)} and device.focused == 0


@pytest.mark.parametrize(
    ("controls", "code"),
    [
        ({"Sharpness": 2.0}, "camera_control_unknown"),
        ({"AnalogueGain": 60.0}, "camera_control_out_of_range"),
        ({"ScalerCrop": (4000, 0, 1000, 500)}, "camera_control_out_of_range"),
    ],
)
def test_a_control_that_this_camera_has_not_or_cannot_reach_is_named_and_the_camera_is_let_go(
    library, clock, controls, code
):
    with pytest.raises(DeviceFault) as refused:
        cameras(clock, **controls).still("pi")
    assert (refused.value.code, refused.value.params["name"]) == (code, next(iter(controls)))
    assert not library.opened[0].is_open
    assert cameras(clock).still("pi").jpeg, "mended, it opens"


def test_one_that_shows_nothing_any_more_is_silent_in_time_and_is_there_again_by_itself(library, clock):
    pi = cameras(clock)
    pi.still("pi")
    library.frozen = True
    for _ in range(2):
        with pytest.raises(DeviceFault, match="camera_silent"):
            pi.still("pi")
    assert not any(device.is_open for device in library.opened)
    library.frozen = False
    assert pi.still("pi").jpeg


def test_a_number_that_no_camera_has_is_a_silent_camera(library, clock):
    with pytest.raises(DeviceFault, match="camera_silent"):
        Cameras((Camera("pi", "picamera2", "3"),), clock).still("pi")
