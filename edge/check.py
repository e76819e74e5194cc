"""``storeroom check``: what a technician wants to know before the first start. Looks only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from edge.config import Config, load
from edge.domain.slot_codes import all_slots
from edge.errors import DeviceFault
from edge.words import Words

# by what a camera sees, and why: a 15 mm code has 21 modules, fewer than 2.5 pixels each are not read for certain;
# 300 dpi less the gate's slack for corners found to a pixel
LEAST_PX_PER_MM = {"mast": (3.5, "too_coarse"), "pages": (11.6, "too_coarse_for_pages")}
DEV = Path("/dev")
KEYS = ("database.key", "signing.key", "site.key")


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` also says what to do where it is bad."""

    good: bool
    what: Words


def findings(config_path: Path) -> Iterator[Finding]:
    """One per thing looked at. Raises InputRefused when the configuration itself cannot be read."""
    config = load(config_path)
    yield _good("config", file=config_path, columns=len(config.block.columns), sensors=len(config.sensor_boards))
    yield from _keys(config)
    yield _there("store", config.node.data_dir / "storeroom.db")
    for bus in config.buses:
        yield _port("bus", bus.port, id=bus.id)
    if config.reader:
        yield _port("reader", config.reader.port)
        yield _there("reader_key", config.reader.key_file)
    if config.scanner:
        yield _port("scanner", config.scanner.port)
    yield from _pins(config)
    bays = {str(slot).rsplit("-", 2)[0] for slot in all_slots(config.block)}
    for camera in config.cameras:
        if camera.driver == "socket":
            yield _there("camera", Path(camera.path), id=camera.id)
        if camera.driver == "picamera2":
            there = find_spec("picamera2") is not None
            about = {"path": camera.path or "0", "id": camera.id}
            yield _good("camera", **about) if there else _bad("camera", "no_picamera2", **about)
        if camera.driver == "v4l2":
            yield _port("camera", camera.path, id=camera.id)
        if camera.bay and camera.bay not in bays:
            yield _bad("camera", "no_such_bay", path=camera.path, id=camera.id, bay=camera.bay)
        least, why = LEAST_PX_PER_MM.get("mast" if camera.bay else camera.sees, (0.0, ""))
        if 0 < camera.px_per_mm < least:
            yield _bad("camera", why, path=camera.path, id=camera.id, px=camera.px_per_mm, least=least)
    if not any(camera.sees == "counter" for camera in config.cameras):
        yield _bad("counter", "no_counter")
    if config.sync:
        yield _there("centre_password", config.sync.password_file)
        yield _there("centre_key", config.sync.centre_key_file)


def reading() -> Finding:
    """Whether print can be read here: loads every network, a second or two."""
    from edge.vision.reader import Reader

    try:
        Reader().load()
    except DeviceFault as fault:
        why, then = Words(f"error.{fault.code}", fault.params), Words(f"recovery.{fault.recovery}")
        return Finding(False, Words("check.unread", {"why": why, "then": then}))
    return _good("reading")


def _good(what: str, **params: Any) -> Finding:
    return Finding(True, Words(f"check.{what}", params))


def _bad(what: str, why: str, **params: Any) -> Finding:
    about = Words(f"check.{what}", params)
    return Finding(False, Words("check.bad", {"about": about, "why": Words(f"check.{why}", params)}))


def _keys(config: Config) -> Iterator[Finding]:
    for name in KEYS:
        path = config.node.keys_dir / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield _bad("key", "readable_by_others", path=path)
        else:
            yield _there("key", path)
    node = config.node
    inside = node.data_dir.resolve() in (node.keys_dir.resolve(), *node.keys_dir.resolve().parents)
    if inside:
        yield _bad("keys_dir", "keys_inside", path=node.keys_dir)
    else:
        yield _good("keys_dir", path=node.keys_dir)


def _pins(config: Config) -> Iterator[Finding]:
    """Of the door and the sounder; none is touched, a strike would open."""
    door, sounder = config.door, config.sounder
    pins = [*((door.strike_pin, door.contact_pin, door.exit_pin) if door else ()), *((sounder.pin,) if sounder else ())]
    if not pins:
        return
    named, chips = ", ".join(map(str, pins)), sorted(DEV.glob("gpiochip*"))
    if find_spec("lgpio") is None:
        yield _bad("pins", "no_lgpio", pins=named)
    elif not chips:
        yield _bad("pins", "no_gpio", pins=named)
    elif not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        yield _bad("pins", "pins_not_allowed", pins=named)
    else:
        yield _good("pins", pins=named)


def _there(what: str, path: Path, **params: Any) -> Finding:
    return _good(what, path=path, **params) if path.exists() else _bad(what, f"no_{what}", path=path, **params)


def _port(what: str, port: str, **params: Any) -> Finding:
    if not Path(port).exists():
        return _bad(what, "not_plugged_in", path=port, **params)
    if not os.access(port, os.R_OK | os.W_OK):
        return _bad(what, "not_allowed", path=port, **params)
    return _good(what, path=port, **params)
