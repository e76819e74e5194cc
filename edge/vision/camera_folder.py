"""Stills from a folder: the newest JPEG in it, put there by any other program (a network camera's upload, say)."""

from __future__ import annotations

from pathlib import Path

from edge.clock import Clock
from edge.errors import DeviceFault
from edge.vision.still import Still

SUFFIXES = (".jpg", ".jpeg")  # in either case: cameras write IMG_0001.JPG


class FolderCamera:
    def __init__(self, camera: str, path: str, clock: Clock) -> None:
        self._camera, self._folder, self._clock = camera, Path(path), clock

    def still(self) -> Still:
        try:
            jpegs = (path for path in self._folder.iterdir() if path.suffix.lower() in SUFFIXES)
            pictures = [(path.stat().st_mtime_ns, path.name, path) for path in jpegs]
            if pictures:
                written_ns, _, newest = max(pictures)
                return Still(newest.read_bytes(), max(0, self._clock.utc_ms() - written_ns // 1_000_000))
        except OSError as error:
            raise DeviceFault("camera_silent", "check_camera", camera=self._camera) from error
        raise DeviceFault("camera_silent", "check_camera", camera=self._camera)

    def preview(self) -> Still:
        return self.still()

    def close(self) -> None:
        """Nothing stays open between stills."""
