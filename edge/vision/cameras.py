"""The cameras of node.toml, each opened at its first look and again after a failure; one that fails blinds no other."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from edge.clock import Clock
from edge.config_camera import Camera as CameraConfig
from edge.errors import DeviceFault
from edge.vision.camera_folder import FolderCamera
from edge.vision.camera_picamera2 import PiCamera
from edge.vision.camera_socket import SocketCamera
from edge.vision.camera_v4l2 import V4l2Camera
from edge.vision.still import Still

WATCH_MS = 3_000  # a camera that showed nothing new for so long is asked for a frame
BUSY_S = 8.0  # one that does not come back to whoever asked before is as good as silent

log = logging.getLogger(__name__)


class Camera(Protocol):
    def still(self) -> Still:
        """As good as it can: focused, all pixels. Raises DeviceFault."""
        ...

    def preview(self) -> Still:
        """As soon as it can, for a person who lays something under it. Raises DeviceFault."""
        ...

    def close(self) -> None: ...


class Cameras:
    def __init__(self, configs: Iterable[CameraConfig], clock: Clock) -> None:
        self._configs = {config.id: config for config in configs}
        self._clock = clock
        self._open: dict[str, Camera] = {}
        self._locks = {name: threading.Lock() for name in self._configs}
        started_ms = clock.monotonic_ms()
        self._fresh = {name: Fresh(started_ms) for name, config in self._configs.items() if config.watched}
        self._failed: dict[str, str] = {}  # by which fault, of those that did at the last look after them

    def names(self) -> list[str]:
        return sorted(self._configs)

    def still(self, name: str) -> Still:
        """Raises DeviceFault ``camera_unknown``, ``camera_silent`` or what its driver refuses."""
        return self._shown(name, lambda camera: camera.still())

    def preview(self, name: str) -> Still:
        """Raises as ``still``."""
        return self._shown(name, lambda camera: camera.preview())

    def _shown(self, name: str, show: Callable[[Camera], Still]) -> Still:
        if name not in self._configs:
            raise DeviceFault("camera_unknown", "check_node_toml", camera=name)
        with self._held(name):
            if name not in self._open:
                self._open[name] = open_camera(self._configs[name], self._clock)
            asked_ms = self._clock.monotonic_ms()
            try:
                still = show(self._open[name])
            except DeviceFault:
                self._open.pop(name).close()
                raise
            if name in self._fresh:
                self._fresh[name].take(still, asked_ms)
            return still

    @contextmanager
    def _held(self, name: str) -> Iterator[None]:
        lock = self._locks[name]
        if not lock.acquire(timeout=BUSY_S):
            raise DeviceFault("camera_silent", "check_camera", camera=name)
        try:
            yield
        finally:
            lock.release()

    def watched(self) -> list[str]:
        return list(self._fresh)

    def look_after(self, name: str) -> None:
        """One frame of a watched camera that has shown none lately; its failure is what its age then tells.

        Each from a thread of its own, so that one that hangs lets no other grow old.
        """
        if self._clock.monotonic_ms() - self._fresh[name].at_ms < WATCH_MS:
            return
        try:
            self.preview(name)
            self._failed.pop(name, None)
        except DeviceFault as fault:
            if self._failed.get(name) != fault.code:
                log.warning("camera %s: %s", name, fault)
            self._failed[name] = fault.code

    def ages_ms(self) -> dict[str, int]:
        """Watched camera → how long ago its last new frame came; since the start where none has."""
        now_ms = self._clock.monotonic_ms()
        return {name: now_ms - fresh.at_ms for name, fresh in self._fresh.items()}

    def close(self) -> None:
        for camera in list(self._open.values()):
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


def open_camera(config: CameraConfig, clock: Clock) -> Camera:
    """Raises DeviceFault where the driver or the camera is missing."""
    if config.driver == "picamera2":
        return PiCamera(config.id, config.path, config.controls, whole=config.sees != "counter")
    if config.driver == "socket":
        return SocketCamera(config.id, config.path)
    if config.driver == "v4l2":
        return V4l2Camera(config.id, config.path, clock)
    return FolderCamera(config.id, config.path, clock)
