"""The parts of picamera2 and libcamera that the driver calls, as that library behaves, on a machine without it.

What matters of it: jobs wait one behind the other for frames; one that timed out stays at the head until all are
struck off, and stopping waits behind it for ever.
"""

from __future__ import annotations

import io
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
from PIL import Image

ADVERTISED = {
    "AfMode": (0, 2, 0),
    "LensPosition": (0.0, 15.0, 1.0),
    "AeEnable": (False, True, True),
    "ExposureTime": (9, 77_193_582, 20_000),
    "AnalogueGain": (1.12, 16.0, 1.0),
    "ScalerCrop": ((0, 0, 64, 64), (0, 0, 4608, 2592), (0, 0, 4608, 2592)),
}


class Picamera2:
    cameras = 1
    advertised: ClassVar = ADVERTISED
    frozen = False  # the cable has slipped: no frame ever completes
    opened: ClassVar[list[Picamera2]] = []

    def __init__(self, number: int = 0) -> None:
        if number >= self.cameras:
            raise IndexError(number)
        if any(one.is_open for one in self.opened):
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.is_open, self.started, self.stuck = True, False, False
        self.options: dict[str, Any] = {}
        self.controls: dict[str, Any] = {}
        self.focused = self.shots = 0
        self.opened.append(self)

    @property
    def camera_controls(self) -> dict[str, Any]:
        return self.advertised

    def create_still_configuration(self, **streams: Any) -> dict[str, Any]:
        return streams

    def configure(self, streams: dict[str, Any]) -> None:
        self.streams = streams

    def set_controls(self, controls: dict[str, Any]) -> None:
        if unknown := set(controls) - set(self.advertised):
            raise RuntimeError(f"Control {unknown} is not advertised by libcamera")
        self.controls |= controls

    def start(self) -> None:
        self.started = True

    def autofocus_cycle(self, wait: float) -> bool:
        self._wait(wait)
        self.focused += 1
        return True

    def capture_request(self, wait: float, flush: bool) -> Request:
        assert flush, "else it may be a frame from before the question"
        self._wait(wait)
        self.shots += 1
        return Request(self)

    def _wait(self, wait: float) -> None:
        if self.frozen or self.stuck:
            self.stuck = True
            raise TimeoutError

    def cancel_all_and_flush(self) -> None:
        self.stuck = False

    def stop(self) -> None:
        assert not self.stuck, "it would wait for ever behind the job that waits for a frame"
        self.started = False

    def close(self) -> None:
        self.stop()
        self.is_open = False


class Request:
    def __init__(self, camera: Picamera2) -> None:
        self._camera = camera
        self.config = camera.streams

    def _shade(self, stream: str) -> np.ndarray:
        width, height = self.config[stream]["size"]
        return np.full((height, width), self._camera.shots % 256, np.uint8)

    def save(self, stream: str, out: io.BytesIO, format: str) -> None:
        Image.fromarray(self._shade(stream)[::4, ::4]).save(out, format.upper())

    def make_array(self, stream: str) -> np.ndarray:
        """YUV 4:2:0 as the library hands it over: half as high again, and wider than the picture."""
        grey = self._shade(stream)
        return np.pad(grey, ((0, len(grey) // 2), (0, 64)), constant_values=128)

    def get_metadata(self) -> dict[str, Any]:
        return {
            "ExposureTime": self._camera.controls.get("ExposureTime", 20_000),
            "SensorTimestamp": self._camera.shots,
        }

    def release(self) -> None: ...


def install(monkeypatch: Any) -> type[Picamera2]:
    """A fresh one, where the driver looks for it."""
    fresh = type("Picamera2", (Picamera2,), {"opened": [], "advertised": dict(ADVERTISED)})
    camera, library = ModuleType("picamera2"), ModuleType("libcamera")
    camera.Picamera2 = fresh  # type: ignore[attr-defined]
    library.controls = SimpleNamespace(  # type: ignore[attr-defined]
        AfModeEnum=SimpleNamespace(Manual=0, Auto=1, Continuous=2)
    )
    monkeypatch.setitem(sys.modules, "picamera2", camera)
    monkeypatch.setitem(sys.modules, "libcamera", library)
    return fresh
