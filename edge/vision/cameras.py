"""The cameras of node.toml, each opened at its first look and again after a failure; one that fails blinds no other."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Protocol

from edge.clock import Clock
from edge.config import Camera as CameraConfig
from edge.errors import DeviceFault
from edge.vision.camera_folder import FolderCamera
from edge.vision.camera_picamera2 import PiCamera
from edge.vision.camera_socket import SocketCamera
from edge.vision.still import Still


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

    def names(self) -> list[str]:
        return sorted(self._configs)

    def still(self, name: str) -> Still:
        """Raises DeviceFault ``camera_unknown``, ``camera_driver_missing`` or ``camera_silent``."""
        if name not in self._configs:
            raise DeviceFault("camera_unknown", "check_node_toml", camera=name)
        with self._locks[name]:
            if name not in self._open:
                self._open[name] = open_camera(self._configs[name], self._clock)
            try:
                return self._open[name].still()
            except DeviceFault:
                self._open.pop(name).close()
                raise

    def close(self) -> None:
        for camera in self._open.values():
            camera.close()
        self._open.clear()


def open_camera(config: CameraConfig, clock: Clock) -> Camera:
    """Raises DeviceFault where the driver or the camera is missing."""
    if config.driver == "picamera2":
        return PiCamera(config.id, config.path)
    if config.driver == "socket":
        return SocketCamera(config.id, config.path)
    return FolderCamera(config.id, config.path, clock)
