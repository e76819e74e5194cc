"""Raspberry Pi camera through picamera2, which exists on the Pi only: imported when such a camera is opened.

Its queue of jobs waits for frames without an end of its own; a lens whose cable has slipped must not hold up whoever
asks, so each wait has one, and what still waits is struck off before the camera is closed.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from PIL import Image

from edge.config_camera import NAMED, Control
from edge.errors import DeviceFault
from edge.vision.still import Still

BINNED_PX = (2304, 1296)  # Camera Module 3: enough pixels for a 20 mm code at 0.5 m, and quick
WHOLE_PX = (4608, 2592)  # every pixel of it: A4 at 300 dpi, slot labels from a mast
PREVIEW_PX = (1152, 648)
JPEG_QUALITY = 88
FRAME_TIMEOUT_S = 3.0
FOCUS_TIMEOUT_S = 3.0


class PiCamera:
    def __init__(self, camera: str, path: str, controls: Mapping[str, Control], *, whole: bool = False) -> None:
        """``path``: number of the camera as libcamera counts them, "" = 0; ``whole``: every pixel.

        DeviceFault ``camera_driver_missing``, ``camera_silent``, ``camera_control_unknown`` or ``_out_of_range``.
        """
        self._camera = camera
        self._lock = threading.Lock()
        try:
            import libcamera
            from picamera2 import Picamera2
        except ImportError as error:
            raise DeviceFault("camera_driver_missing", "install_picamera2", camera=camera) from error
        try:
            self._device = Picamera2(int(path or 0))
        except (IndexError, RuntimeError, ValueError) as error:
            raise DeviceFault("camera_silent", "check_camera", camera=camera) from error
        try:
            self._begin({name: _value(libcamera.controls, name, value) for name, value in controls.items()}, whole)
        except DeviceFault:
            self.close()
            raise
        except (RuntimeError, ValueError, AttributeError) as error:
            self.close()
            raise DeviceFault("camera_silent", "check_camera", camera=camera) from error
        self._focuses = "AfMode" in self.advertised() and controls.get("AfMode", "Auto") == "Auto"

    def _begin(self, controls: dict[str, Any], whole: bool) -> None:
        device = self._device
        device.options["quality"] = JPEG_QUALITY
        size = WHOLE_PX if whole else BINNED_PX
        device.configure(device.create_still_configuration(main={"size": size}, lores={"size": PREVIEW_PX}))
        advertised = self.advertised()
        for name, value in controls.items():
            self._require(advertised, name, value)
        device.set_controls(controls)  # they hold from the first frame on
        device.start()

    def _require(self, advertised: Mapping[str, tuple[Any, Any, Any]], name: str, value: Any) -> None:
        if name not in advertised:
            has = ", ".join(sorted(advertised))
            raise DeviceFault("camera_control_unknown", "mend_camera_controls", camera=self._camera, name=name, has=has)
        lowest, highest, _usual = advertised[name]
        if name == "ScalerCrop":
            (left, top, width, height), whole = value, highest
            good = width > 0 < height and left + width <= whole[0] + whole[2] and top + height <= whole[1] + whole[3]
        elif isinstance(value, int | float) and isinstance(lowest, int | float) and isinstance(highest, int | float):
            good = lowest <= value <= highest
        else:
            good = True  # libcamera gives no bounds for lists
        if not good:
            about = {"camera": self._camera, "name": name, "value": value, "lowest": lowest, "highest": highest}
            raise DeviceFault("camera_control_out_of_range", "mend_camera_controls", **about)

    def advertised(self) -> dict[str, tuple[Any, Any, Any]]:
        """Control → least, greatest and usual value, as this camera tells them."""
        told: dict[str, tuple[Any, Any, Any]] = self._device.camera_controls
        return told

    def still(self) -> Still:
        with self._request(focus=self._focuses) as request:
            frame = io.BytesIO()
            request.save("main", frame, format="jpeg")
            return Still(frame.getvalue(), 0, dict(request.get_metadata()))

    def preview(self) -> Still:
        """Grey, small, with the lens where it happens to be."""
        with self._request(focus=False) as request:
            width, height = request.config["lores"]["size"]
            grey = np.ascontiguousarray(request.make_array("lores")[:height, :width])  # before the colours of YUV 4:2:0
            frame = io.BytesIO()
            Image.fromarray(grey).save(frame, "JPEG", quality=JPEG_QUALITY)
            return Still(frame.getvalue(), 0, dict(request.get_metadata()))

    @contextmanager
    def _request(self, *, focus: bool) -> Iterator[Any]:
        """A frame whose exposure began after this call. DeviceFault ``camera_silent``."""
        with self._lock:
            try:
                if focus:
                    self._device.autofocus_cycle(wait=FOCUS_TIMEOUT_S)
                request = self._device.capture_request(wait=FRAME_TIMEOUT_S, flush=True)
                try:
                    yield request
                finally:
                    request.release()
            except (RuntimeError, TimeoutError) as error:
                raise DeviceFault("camera_silent", "check_camera", camera=self._camera) from error

    def close(self) -> None:
        self._device.cancel_all_and_flush()
        self._device.stop()
        self._device.close()


def _value(controls: Any, name: str, value: Control) -> Any:
    """``AfMode = "Manual"`` as libcamera's own value. AttributeError where this libcamera has no such name."""
    return getattr(getattr(controls, f"{name}Enum"), str(value)) if name in NAMED else value
