"""The cameras of node.toml, each opened at its first look and again after a failure; one that fails blinds no other."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterable
from typing import Protocol

from edge.clock import Clock
from edge.config import Camera as CameraConfig
from edge.errors import DeviceFault
from edge.vision.camera_folder import FolderCamera
from edge.vision.camera_picamera2 import PiCamera
from edge.vision.camera_socket import SocketCamera
from edge.vision.camera_v4l2 import V4l2Camera
from edge.vision.still import Still

WATCH_MS = 3_000  # a camera that showed nothing new for so long is asked for a frame


class Camera(Protocol):
    def still(self) -> Still:
        """Raises DeviceFault."""
        ...

    def close(self) -> None: ...


class Cameras:
    def __init__(self, configs: Iterable[CameraConfig], clock: Clock) -> None:
        self._configs = {config.id: config for config in configs}
        self._clock = clock
        self._open: dict[str, Camera] = {}
        self._locks = {name: threading.Lock() for name in self._configs}
        started_ms = clock.monotonic_ms()
        self._fresh = {name: Fresh(started_ms) for name, config in self._configs.items() if is_watched(config)}

    def names(self) -> list[str]:
        return sorted(self._configs)

    def still(self, name: str) -> Still:
        """Raises DeviceFault ``camera_unknown``, ``camera_driver_missing`` or ``camera_silent``."""
        if name not in self._configs:
            raise DeviceFault("camera_unknown", "check_node_toml", camera=name)
        with self._locks[name]:
            if name not in self._open:
                self._open[name] = open_camera(self._configs[name], self._clock)
            asked_ms = self._clock.monotonic_ms()
            try:
                still = self._open[name].still()
            except DeviceFault:
                self._open.pop(name).close()
                raise
            if name in self._fresh:
                self._fresh[name].take(still, asked_ms)
            return still

    def look_after(self) -> None:
        """One frame of each watched camera that has shown none lately; its failure is what its age then tells."""
        for name, fresh in self._fresh.items():
            if self._clock.monotonic_ms() - fresh.at_ms >= WATCH_MS:
                with contextlib.suppress(DeviceFault):
                    self.still(name)

    def ages_ms(self) -> dict[str, int]:
        """Watched camera → how long ago its last new frame came; since the start where none has."""
        now_ms = self._clock.monotonic_ms()
        return {name: now_ms - fresh.at_ms for name, fresh in self._fresh.items()}

    def close(self) -> None:
        for camera in self._open.values():
            camera.close()
        self._open.clear()


class Fresh:
    """When a camera last showed something new. Two frames of a sensor are never the same to the last byte."""

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms
        self._last = b""

    def take(self, still: Still, asked_ms: int) -> None:
        seen = hashlib.sha256(still.jpeg).digest()
        if seen != self._last:
            self._last, self.at_ms = seen, asked_ms - still.age_ms


def is_watched(config: CameraConfig) -> bool:
    """A mast is unplugged when nobody walks it, and a folder shows what somebody put there."""
    return config.sees != "mast" and config.driver != "folder"


def open_camera(config: CameraConfig, clock: Clock) -> Camera:
    """Raises DeviceFault where the driver or the camera is missing."""
    if config.driver == "picamera2":
        return PiCamera(config.id, config.path, whole=config.sees != "counter")
    if config.driver == "socket":
        return SocketCamera(config.id, config.path)
    if config.driver == "v4l2":
        return V4l2Camera(config.id, config.path, clock)
    return FolderCamera(config.id, config.path, clock)
