"""A camera behind a Unix socket: ``still`` and a newline ask, four bytes of length (big-endian) and a JPEG answer."""

from __future__ import annotations

import socket

from edge.errors import DeviceFault
from edge.vision.still import Still

TIMEOUT_S = 3.0
MAX_JPEG_BYTES = 16 * 1024 * 1024


class SocketCamera:
    """A connection for each still, so a camera program that was restarted is simply there again."""

    def __init__(self, camera: str, path: str) -> None:
        self._camera, self._path = camera, path

    def still(self) -> Still:
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(TIMEOUT_S)
                link.connect(self._path)
                link.sendall(b"still\n")
                with link.makefile("rb") as answer:
                    length = int.from_bytes(answer.read(4), "big")
                    if not 0 < length <= MAX_JPEG_BYTES:
                        raise DeviceFault("camera_silent", "check_camera", camera=self._camera)
                    jpeg = answer.read(length)
        except OSError as error:
            raise DeviceFault("camera_silent", "check_camera", camera=self._camera) from error
        if len(jpeg) < length:
            raise DeviceFault("camera_silent", "check_camera", camera=self._camera)
        return Still(jpeg, 0)

    def preview(self) -> Still:
        return self.still()

    def close(self) -> None:
        """Nothing stays open between stills."""
