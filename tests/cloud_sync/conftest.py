"""A real centre with a real broker, and a real node's store with its publisher, on free ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync import config, enrolment
from cloud_sync.app import Centre, now_ms
from cloud_sync.contract import Directory
from cloud_sync.ingest import Ingest
from cloud_sync.rights import BEFORE
from cloud_sync.store.console_rights import AT_THE_SERVER, ConsoleRights
from cloud_sync.store.database import Database as CentralDatabase
from cloud_sync.store.nodes import Nodes
from edge.clock import SystemClock
from edge.config import Node, Sync
from edge.store.database import Database
from edge.store.trace import Trace
from edge.sync.inbox import Inbox
from edge.sync.publisher import Publisher
from hardware_tests.virtual.ports import free_ports
from tests.cloud_sync import chain

NODE = "room-1"
KEY = bytes(range(32))


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


class RoomUnderTest:
    """A node's store and publisher; ``move(n)`` writes n box moves."""

    def __init__(self, folder: Path, settings: config.Config, ship_level: str = "internal") -> None:
        self.folder, self.settings = folder, settings
        self.signing = Ed25519PrivateKey.generate()
        self.ticket = enrolment.enrol(
            settings,
            NODE,
            name="一号库房",
            node_key=self.signing.public_key().public_bytes_raw().hex(),
            out=folder / "keys",
            now_ms=now_ms(),
        )
        self.clock = SystemClock()
        self.open()
        self.faults: list[str] = []
        self.readings: list = []
        self.handlers: dict = {}
        self.take_directory: Callable[[Directory], bool] = lambda _directory: False
        self.publisher: Publisher | None = None
        self.ship_level = ship_level

    def open(self) -> None:
        file = self.folder / "storeroom.db"
        self.database = Database.open(file, KEY, clock=self.clock, node_id=NODE, create=not file.exists())
        self.trace = Trace(self.database)

    def start(self) -> None:
        centre_key = bytes.fromhex(self.ticket.centre_key)
        room = SimpleNamespace(node_id=NODE, clock=self.clock, database=self.database)
        inbox = Inbox(room, self.trace, centre_key, self.handlers, self.take_directory)
        broker = self.settings.broker
        sync = Sync(
            broker.host, broker.port, NODE, self.folder / "keys/centre.password", self.folder / "keys/centre.pub", None
        )
        node = Node(
            NODE, "一号库房", "Asia/Shanghai", "zh-Hans", self.ship_level, self.folder, self.folder, self.folder
        )
        self.publisher = Publisher(
            sync,
            node,
            trace=self.trace,
            inbox=inbox,
            clock=self.clock,
            signing_key=self.signing,
            version="test",
            faults=lambda: self.faults,
            readings=lambda: self.readings,
        )
        self.publisher.start()

    def stop(self) -> None:
        if self.publisher is not None:
            self.publisher.stop()
            self.publisher = None

    def event(self, action: str, body: dict, level: str = "internal") -> int:
        return self.database.write(lambda change: change.event(action, subject="s", actor="a", body=body, level=level))

    def move(self, count: int, start: int = 0) -> None:
        for number in range(start, start + count):
            self.event("box.placed", {"box": f"box-{number}", "slot": "B1-A-03-R-02-4-07", "from": "", "why": "test"})

    def seq(self) -> int:
        return self.trace.head().seq

    def delivered(self) -> bool:
        head = self.trace.head()
        return self.trace.acked() == (head.epoch, head.seq)

    def close(self) -> None:
        self.stop()
        self.database.close()


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    port, broker_port = free_ports(2)
    made = enrolment.init(
        tmp_path / "centre",
        name="Test",
        port=port,
        broker_port=broker_port,
        zone="Asia/Shanghai",
        language="en",
        admin="li",
        password="correct horse",
        now_ms=now_ms(),
    )
    database = CentralDatabase(made.config.central.data_dir)
    rights = ConsoleRights(database)
    rights.add("first", ("users",), "users battery", AT_THE_SERVER, now_ms())
    rights.set("li", BEFORE, AT_THE_SERVER, now_ms())
    database.close()
    return made.config


@pytest.fixture
def centre(settings: config.Config) -> Iterator[Centre]:
    with Centre(settings) as running:
        yield running


@pytest.fixture
def room(tmp_path: Path, settings: config.Config) -> Iterator[RoomUnderTest]:
    made = RoomUnderTest(tmp_path / "room", settings)
    yield made
    made.close()


@pytest.fixture
def wait() -> Callable[..., None]:
    return wait_for


def held(centre: Centre) -> list[tuple[str, int]]:
    with centre.database.read() as db:
        return [tuple(row) for row in db.execute("SELECT epoch, seq FROM event ORDER BY id")]


@pytest.fixture
def arrived(centre: Centre) -> Callable[[], list[tuple[str, int]]]:
    """(epoch, seq) of every event the centre holds, in order of arrival."""
    return lambda: held(centre)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[CentralDatabase]:
    """The centre's store, with one room enrolled; no broker."""
    made = CentralDatabase(tmp_path)
    Nodes(made).enrol(NODE, "Room", chain.NODE_KEY.public_key().public_bytes_raw().hex(), 1)
    yield made
    made.close()


@pytest.fixture
def centre_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def ingest(database: CentralDatabase, centre_key: Ed25519PrivateKey) -> Ingest:
    return Ingest(database, centre_key, lambda: chain.NOW)


@pytest.fixture
def quiet(settings: config.Config) -> Iterator[Centre]:
    """A centre whose broker and link stay off, with one room that has never been heard."""
    centre = Centre(settings, with_broker=False)
    enrolment.enrol(settings, "room-1", name="Room <b>1</b>", node_key="", out=None, now_ms=now_ms())
    yield centre
    centre.database.close()
