"""USB cameras through the kernel's V4L2 interface: Motion-JPEG frames in mapped buffers, without any library.

Structures and numbers as in linux/videodev2.h on 64-bit kernels. A frame counts only if the kernel stamped it after the
request: the queue may hold older ones.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import select
import struct

from edge.clock import Clock
from edge.errors import DeviceFault
from edge.vision.still import Still

CAPTURE, MEMORY_MAPPED = 1, 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP
MJPEG = int.from_bytes(b"MJPG", "little")
FLAG_ERROR, FLAG_MONOTONIC = 0x40, 0x2000
BUFFERS = 3
WIDEST_PX = (4656, 3496)  # asked for; the driver answers with the nearest it has
TIMEOUT_S = 5.0

_FORMAT = struct.Struct("=I4x 12I 152x")  # v4l2_format with a v4l2_pix_format, 208 bytes
_REQUEST = struct.Struct("=5I")  # v4l2_requestbuffers, 20 bytes
_BUFFER = struct.Struct("=5I4x qq 16x 2I Q I2I4x")  # v4l2_buffer, 88 bytes


def _iowr(number: int, size: int, direction: int = 3) -> int:
    return direction << 30 | size << 16 | ord("V") << 8 | number


SET_FORMAT = _iowr(5, _FORMAT.size)
REQUEST_BUFFERS = _iowr(8, _REQUEST.size)
QUERY_BUFFER, QUEUE, DEQUEUE = (_iowr(number, _BUFFER.size) for number in (9, 15, 17))
STREAM_ON, STREAM_OFF = _iowr(18, 4, 1), _iowr(19, 4, 1)


class V4l2Camera:
    """``path``: the device, for example ``/dev/v4l/by-id/…``. Raises DeviceFault ``camera_silent``."""

    def __init__(self, camera: str, path: str, clock: Clock) -> None:
        self._camera, self._clock = camera, clock
        self._maps: list[mmap.mmap] = []
        try:
            self._device = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            raise DeviceFault("camera_silent", "check_camera", camera=camera) from error
        try:
            self._start()
        except OSError as error:
            self.close()
            raise DeviceFault("camera_silent", "check_camera", camera=camera) from error

    def still(self) -> Still:
        """The first whole frame whose exposure ended after this call."""
        asked_ms = self._clock.monotonic_ms()
        try:
            while self._clock.monotonic_ms() - asked_ms < TIMEOUT_S * 1000:
                if not select.select([self._device], [], [], TIMEOUT_S)[0]:
                    break
                index, jpeg, taken_ms = self._dequeued()
                self._queue(index)
                if jpeg and taken_ms >= asked_ms:
                    return Still(jpeg, max(0, self._clock.monotonic_ms() - taken_ms))
        except OSError as error:
            raise DeviceFault("camera_silent", "check_camera", camera=self._camera) from error
        raise DeviceFault("camera_silent", "check_camera", camera=self._camera)

    def preview(self) -> Still:
        return self.still()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it was unplugged, or never started
            fcntl.ioctl(self._device, STREAM_OFF, struct.pack("=I", CAPTURE))
        for mapped in self._maps:
            mapped.close()
        self._maps.clear()
        os.close(self._device)

    def _start(self) -> None:
        asked = _FORMAT.pack(CAPTURE, *WIDEST_PX, MJPEG, *(0,) * 9)
        _, _, _, pixels, *_ = _FORMAT.unpack(fcntl.ioctl(self._device, SET_FORMAT, asked))
        if pixels != MJPEG:
            raise OSError("no Motion-JPEG")
        granted = fcntl.ioctl(self._device, REQUEST_BUFFERS, _REQUEST.pack(BUFFERS, CAPTURE, MEMORY_MAPPED, 0, 0))
        for index in range(_REQUEST.unpack(granted)[0]):
            told = _BUFFER.unpack(fcntl.ioctl(self._device, QUERY_BUFFER, _buffer(index)))
            offset, length = told[9] & 0xFFFFFFFF, told[10]
            self._maps.append(mmap.mmap(self._device, length, offset=offset))
            self._queue(index)
        fcntl.ioctl(self._device, STREAM_ON, struct.pack("=I", CAPTURE))

    def _queue(self, index: int) -> None:
        fcntl.ioctl(self._device, QUEUE, _buffer(index))

    def _dequeued(self) -> tuple[int, bytes, int]:
        """Buffer, its JPEG ("" where the kernel marked it bad) and the kernel's monotonic stamp in ms."""
        told = _BUFFER.unpack(fcntl.ioctl(self._device, DEQUEUE, _buffer(0)))
        index, used, flags, seconds, microseconds = told[0], told[2], told[3], told[5], told[6]
        taken_ms = seconds * 1000 + microseconds // 1000
        if not flags & FLAG_MONOTONIC:
            taken_ms = 0  # a stamp of another clock proves nothing
        good = not flags & FLAG_ERROR and index < len(self._maps)
        return index, self._maps[index][:used] if good else b"", taken_ms


def _buffer(index: int) -> bytes:
    return _BUFFER.pack(index, CAPTURE, 0, 0, 0, 0, 0, 0, MEMORY_MAPPED, 0, 0, 0, 0)
