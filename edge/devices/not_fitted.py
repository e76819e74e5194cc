"""What a node uses where its configuration names no such device: it says so, and refuses what needs the device."""

from __future__ import annotations

from edge.errors import DeviceFault


class NoReader:
    def cards(self) -> list[bytes]:
        return []

    def online(self) -> bool:
        return False

    def signal(self, accepted: bool) -> None:
        """Nobody sees it: people identify with name and PIN."""


class NoScanner:
    def scans(self) -> list[str]:
        return []

    def online(self) -> bool:
        return False


class NoDoor:
    @property
    def fitted(self) -> bool:
        return False

    def is_closed(self) -> bool:
        raise DeviceFault("door_not_fitted", "add_device_to_config")

    def exit_pressed(self) -> bool:
        return False

    def unlock(self) -> int:
        raise DeviceFault("door_not_fitted", "add_device_to_config")

    def lock(self) -> None:
        """There is nothing to lock."""


class NoSounder:
    def sound(self, on: bool) -> None:
        """Alarms show on the panel only."""
