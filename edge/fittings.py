"""What is fitted in this room, as its configuration says: one adapter for each thing, or its absence."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from edge.config import CardReader, Config
from edge.devices import Door, Reader, Scanner, Sounder
from edge.devices.not_fitted import NoDoor, NoReader, NoScanner, NoSounder
from edge.errors import DeviceFault

log = logging.getLogger(__name__)

PAGE_CAMERA = "pages"  # the document camera's id in node.toml; without one pages are held to the counter camera


class Fittings:
    """``held`` takes a device and closes it when the node ends. A driver is imported where its device is fitted."""

    def __init__(self, config: Config, held: Callable[[Any], Any]) -> None:
        self._config, self._held = config, held

    def page_camera(self) -> str:
        """The one that sees pages; without it pages are held to the counter camera."""
        cameras = self._config.cameras
        pages = [camera.id for camera in cameras if camera.sees == "pages" or camera.id == PAGE_CAMERA]
        return next(iter([*pages, *(camera.id for camera in cameras if camera.sees == "counter")]), "")

    def card_reader(self, reader: CardReader | None) -> Reader:
        if reader is None:
            return NoReader()
        from edge.devices.reader_osdp import ReaderOsdp, key_in

        try:
            device: Reader = self._held(ReaderOsdp(reader.port, reader.address, key_in(reader.key_file)))
        except DeviceFault as fault:  # the panel says that the reader is offline; people use name and PIN
            log.error("no card reader until the node is started again with its key at %s: %s", reader.key_file, fault)
            return NoReader()
        return device

    def scanner(self) -> Scanner:
        if self._config.scanner is None:
            return NoScanner()
        from edge.devices.scanner_serial import ScannerSerial

        device: Scanner = self._held(ScannerSerial(self._config.scanner.port))
        return device

    def door(self) -> Door:
        door = self._config.door
        if door is None:
            return NoDoor()
        from edge.devices.door_gpio import DoorGpio

        pins = door.strike_pin, door.contact_pin, door.exit_pin
        device: Door = self._held(DoorGpio(*pins, door.unlock_s, holds=door.lock == "fail_safe"))
        return device

    def sounder(self) -> Sounder:
        if self._config.sounder is None:
            return NoSounder()
        from edge.devices.sounder_gpio import SounderGpio

        device: Sounder = self._held(SounderGpio(self._config.sounder.pin))
        return device
