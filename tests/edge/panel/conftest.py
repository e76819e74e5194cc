"""A real store behind the real application; only what has wires is stood in for, by objects that tests set."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from fastapi.testclient import TestClient

from edge.devices.not_fitted import NoReader
from edge.panel.app import create, loopback_hosts
from edge.panel.enrolment import COOKIE
from edge.store.database import Database
from edge.store.sessions import Sessions
from edge.store.views import Views
from edge.workflows.at_carriage import AtCarriage
from edge.workflows.commissioning import BlockFileWatch
from edge.workflows.doorkeeper import Doorkeeper
from edge.workflows.evidence import Signed
from edge.workflows.monthly_proof import ProofWatch
from edge.workflows.presence import Presence
from tests.edge.conftest import KEY, NODE, FakeClock
from tests.edge.held_door import HeldDoor
from tests.edge.panel import stood_in
from tests.edge.panel.kiosk import expect, page, running, served

__all__ = ["expect", "page", "running", "served"]  # fixtures; pytest finds them by these names

PORT = 8080
ORIGIN = f"http://localhost:{PORT}"
PIN = "250914"
Settled = tuple[dict[str, Any], dict[str, str]]  # who → person, number → id of the box


class Desk:
    """The room, its application, and clients at the panel or anywhere else."""

    def __init__(
        self, database: Database, tmp_path: Path, clock: Any, drive: str = "motors", settled: Settled | None = None
    ) -> None:
        """``settled``: who and what is in ``database`` already; else they come in now."""
        self.database, self.clock = database, clock
        self.shelving = stood_in.Shelving()
        self.camera = stood_in.Camera()
        self.reader = stood_in.Reader()
        self.scanner = stood_in.Scanner()
        self.sounder = stood_in.Sounder()
        self.door = HeldDoor()
        self.room = stood_in.room(self, tmp_path, drive)
        self.sessions = Sessions(database)
        self.presence = Presence(self.room)
        self.faults: list[str] = []
        self.at_carriage = AtCarriage(self.room, self._signed_in)
        self.block_file, self.proof = BlockFileWatch(self.room), ProofWatch(self.room)
        self.keeper = Doorkeeper(self.room, NoReader())
        self.app: FastAPI = create(
            self.room,
            sessions=self.sessions,
            presence=self.presence,
            views=Views(database),
            panel_id="kiosk",
            language="zh-Hans",
            hosts=loopback_hosts(PORT),
            faults=lambda: self.faults,
            block_file=self.block_file,
            at_carriage=self.at_carriage,
            proof=self.proof,
            door=self.keeper,
            signed=Signed(database, Ed25519PrivateKey.from_private_bytes(bytes(range(32)))),
            version="0",
        )
        people, boxes = settled or (stood_in.people(self.room, PIN), stood_in.catalogue(self.room))
        self.people, self.boxes = dict(people), dict(boxes)

    def close(self) -> None:
        self.room.readings.close()
        self.room.looks.close()
        self.room.scans.close()

    def _signed_in(self) -> Any:
        session = self.sessions.at_panel("kiosk")
        return self.room.people.get(session.person_id) if session else None

    def client(self, peer: str = "127.0.0.1", origin: str | None = ORIGIN, **headers: str) -> TestClient:
        """A browser at address ``peer``; the default is the kiosk."""
        told = {**({"origin": origin} if origin else {}), **{k.replace("_", "-"): v for k, v in headers.items()}}
        return TestClient(self.app, base_url=ORIGIN, client=(peer, 50000), headers=told, follow_redirects=False)

    def signed_in(self, who: str = "archivist", **how: Any) -> TestClient:
        client = self.client(**how)
        token, _ = self.sessions.open(self.people[who].id, "kiosk")
        client.cookies.set(COOKIE, token)
        return client

    def events(self, action: str) -> list[Any]:
        return Views(self.database).recent(200, action_prefix=action)

    def walked(self) -> None:
        """A person walked and reset every aisle."""
        self.shelving.set_aisles("clear")

    def report(self, **changed: Any) -> None:
        self.shelving.now = replace(self.shelving.now, seq=self.shelving.now.seq + 1, **changed)


@pytest.fixture(scope="session")
def settled_store(begun_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Settled]:
    """The file of a store with people and boxes in it, and which they are: PINs are dear to hash for each test."""
    folder = tmp_path_factory.mktemp("settled")
    path, clock = shutil.copyfile(begun_store, folder / "storeroom.db"), FakeClock()
    with Database.open(path, KEY, clock=clock, node_id=NODE) as database:
        desk = Desk(database, folder, clock)
        desk.close()
    return path, (desk.people, desk.boxes)


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock, settled_store: tuple[Path, Settled]) -> Iterator[Database]:
    path = shutil.copyfile(settled_store[0], tmp_path / "storeroom.db")
    with Database.open(path, KEY, clock=clock, node_id=NODE) as opened:
        yield opened


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    database: Database,
    settled_store: tuple[Path, Settled],
    tmp_path: Path,
    clock: FakeClock,
) -> Iterator[Desk]:
    """Its shelving has motors; indirect parameter ``crank``: none."""
    desk = Desk(database, tmp_path, clock, getattr(request, "param", "motors"), settled_store[1])
    yield desk
    desk.close()
