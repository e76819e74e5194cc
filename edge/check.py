"""``storeroom check``: what a technician wants to know before the first start. Looks only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.config import Config, load


@dataclass(frozen=True, slots=True)
class Finding:
    good: bool
    what: str


def findings(config_path: Path) -> Iterator[Finding]:
    """One line per thing looked at. Raises InputRefused when the configuration itself cannot be read."""
    config = load(config_path)
    yield Finding(
        True, f"{config_path}: {len(config.block.columns)} columns, {len(config.sensor_boards)} sensor boards"
    )
    yield from _keys(config)
    yield _store(config)
    for bus in config.buses:
        yield _port(f"bus {bus.id}", bus.port)
    if config.reader:
        yield _port("card reader", config.reader.port)
        yield Finding(config.reader.key_file.exists(), f"card reader key {config.reader.key_file}")
    if config.scanner:
        yield _port("code scanner", config.scanner.port)
    for camera in config.cameras:
        if camera.driver == "socket":
            yield Finding(Path(camera.path).exists(), f"camera {camera.id}: {camera.path}")
    if config.sync:
        yield Finding(config.sync.password_file.exists(), f"centre: password {config.sync.password_file}")
        yield Finding(config.sync.centre_key_file.exists(), f"centre: public key {config.sync.centre_key_file}")


def _keys(config: Config) -> Iterator[Finding]:
    for name in ("database.key", "signing.key", "site.key"):
        path = config.node.keys_dir / name
        if not path.exists():
            yield Finding(False, f"{path} is missing: run storeroom init, or storeroom restore with the recovery key")
        elif stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(False, f"{path} can be read by others: chmod 600 {path}")
        else:
            yield Finding(True, str(path))
    inside = config.node.data_dir.resolve() in config.node.keys_dir.resolve().parents
    yield Finding(not inside, f"keys lie {'inside' if inside else 'outside'} the data directory {config.node.data_dir}")


def _store(config: Config) -> Finding:
    path = config.node.data_dir / "storeroom.db"
    return Finding(path.exists(), f"store {path}")


def _port(name: str, port: str) -> Finding:
    if not Path(port).exists():
        return Finding(False, f"{name}: {port} is not there; is it plugged in?")
    if not os.access(port, os.R_OK | os.W_OK):
        return Finding(False, f"{name}: {port} may not be opened; add this user to the group dialout")
    return Finding(True, f"{name}: {port}")
