"""A real store and a clock that tests set."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import pytest

from edge.store.database import Database

KEY = bytes(range(32))
NODE = "test-node"


class FakeClock:
    """The tests' own Clock: ``advance`` moves both clocks, ``jump`` the wall clock only, ``reboot`` starts anew."""

    def __init__(self, utc_ms: int = 1_795_305_600_000) -> None:
        self._utc_ms, self._mono_ms, self._boot, self._trusted = utc_ms, 1000, 1, True
        self._steps = Lock()

    def utc_ms(self) -> int:
        return self._utc_ms

    def monotonic_ms(self) -> int:
        return self._mono_ms

    def boot_id(self) -> str:
        return f"boot-{self._boot}"

    def trusted(self) -> bool:
        return self._trusted

    def advance(self, ms: int) -> None:
        with self._steps:  # a test steps it beside a thread that lets it run
            self._utc_ms += ms
            self._mono_ms += ms

    def jump(self, ms: int) -> None:
        self._utc_ms += ms

    def reboot(self, utc_ms: int | None = None) -> None:
        self._boot += 1
        self._mono_ms = 1000
        self._trusted = utc_ms is None
        self._utc_ms = self._utc_ms if utc_ms is None else utc_ms


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture(scope="session")
def begun_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store just begun and closed; each test writes in a copy, and no migration runs for it again."""
    path = tmp_path_factory.mktemp("begun") / "storeroom.db"
    Database.open(path, KEY, clock=FakeClock(), node_id=NODE, create=True).close()
    return path


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock, begun_store: Path) -> Iterator[Database]:
    path = shutil.copyfile(begun_store, tmp_path / "storeroom.db")
    with Database.open(path, KEY, clock=clock, node_id=NODE) as opened:
        yield opened
