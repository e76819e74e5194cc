"""A storeroom's first minute: keys, an empty store, its first security administrator and the recovery key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edge.clock import Clock
from edge.domain.people import Person, require_strong_pin
from edge.errors import StoreError
from edge.store.database import Database
from edge.store.keys import FILES, new_keys, write_keys
from edge.store.people import People

DATABASE_FILE = "storeroom.db"
READINGS_FILE = "readings.db"
LOOKS_FILE = "looks.db"
SCANS_FILE = "scans.db"


@dataclass(frozen=True, slots=True)
class Begun:
    """``recovery_key`` is shown once and kept nowhere."""

    administrator: Person
    recovery_key: str


def refuse_existing(data_dir: Path, keys_dir: Path) -> None:
    """Raises StoreError ``already_initialised`` with the first file that is there."""
    for path in (data_dir / DATABASE_FILE, *(keys_dir / file for file in FILES)):
        if path.exists():
            raise StoreError("already_initialised", "use_existing_data", path=str(path))


def begin(
    data_dir: Path, keys_dir: Path, *, node_id: str, clock: Clock, name: str, pin: str, site_key: bytes | None = None
) -> Begun:
    """Make everything. Raises StoreError ``already_initialised`` before it touches anything that exists."""
    refuse_existing(data_dir, keys_dir)
    require_strong_pin(pin)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    data_dir.chmod(0o700)
    keys, recovery_key = new_keys(site_key)
    write_keys(keys_dir, keys)
    with Database.open(data_dir / DATABASE_FILE, keys.database, clock=clock, node_id=node_id, create=True) as database:
        people = People(database, keys.site)
        administrator = database.write(lambda change: people.add_first_administrator(change, name, pin))
    return Begun(administrator, recovery_key)
