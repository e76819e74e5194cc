"""Raspberry Pi camera through picamera2, which exists on the Pi only: imported when such a camera is opened."""

from __future__ import annotations

import io
import threading

from edge.errors import DeviceFault
from edge.vision.still import Still

BINNED_PX = (2304, 1296)  # Camera Module 3: enough pixels for a 20 mm code at 0.5 m, and quick
WHOLE_PX = (4608, 2592)  # every pixel of it: A4 at 300 dpi, slot labels from a mast
JPEG_QUALITY = 88


class PiCamera:
    def __init__(self, camera: str, path: str, *, whole: bool = False) -> None:
        """``path``: number of the camera as libcamera counts them, "" = 0; ``whole``: every pixel. Raises
        DeviceFault.
        """
        self._camera = camera
        try:
            from libcamera import controls
            from picamera2 import Picamera2
        except ImportError as error:
            raise DeviceFault("camera_driver_missing", "install_picamera2", camera=camera) from error
        try:
            self._device = Picamera2(int(path or 0))
            self._device.options["quality"] = JPEG_QUALITY
            size = WHOLE_PX if whole else BINNED_PX
            self._device.configure(self._device.create_still_configuration(main={"size": size}))
            self._device.start()
            self._autofocus = "AfMode" in self._device.camera_controls
            if self._autofocus:
                self._device.set_controls({"AfMode": controls.AfModeEnum.Auto})
        except (IndexError, RuntimeError, ValueError) as error:
            raise DeviceFault("camera_silent", "check_camera", camera=camera) from error
        self._lock = threading.Lock()

    def still(self) -> Still:
        frame = io.BytesIO()
        with self._lock:
            try:
                if self._autofocus:
                    self._device.autofocus_cycle()
                # flush=True waits for a frame whose exposure began after this call
                request = self._device.capture_request(flush=True)
                try:
                    request.save("main", frame, format="jpeg")
                finally:
                    request.release()
            except (RuntimeError, TimeoutError) as error:
                raise DeviceFault("camera_silent", "check_camera", camera=self._camera) from error
        return Still(frame.getvalue(), 0)

    def close(self) -> None:
        self._device.stop()
        self._device.close()
