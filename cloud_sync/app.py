"""Composition root of the centre: configuration → store → ingest → broker and link → API and console."""

from __future__ import annotations

import time
from types import TracebackType

from fastapi import FastAPI

from cloud_sync import keys
from cloud_sync.api import web
from cloud_sync.broker import SupervisedBroker
from cloud_sync.commands import Commands
from cloud_sync.config import Config
from cloud_sync.ingest import Ingest
from cloud_sync.link import Link
from cloud_sync.store.approvals import Approvals
from cloud_sync.store.console_rights import ConsoleRights
from cloud_sync.store.database import Database
from cloud_sync.store.deeds import Deeds
from cloud_sync.store.directory import PeopleOfTheCentre
from cloud_sync.store.fleet import Fleet
from cloud_sync.store.happenings import Happenings
from cloud_sync.store.people import People
from cloud_sync.store.people_of_rooms import PeopleOfRooms


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Centre:
    """The running service. ``with Centre(config)`` starts the broker (when supervised) and the link, and stops both."""

    def __init__(self, config: Config, *, with_broker: bool = True) -> None:
        self.config = config
        self.database = Database(config.central.data_dir)
        self.fleet = Fleet(self.database, config.central.zone)
        self.people = People(self.database)
        self.console_rights = ConsoleRights(self.database)
        self.ingest = Ingest(self.database, keys.signing_key(config.central.keys_dir), now_ms)
        self.broker = SupervisedBroker(config.broker) if with_broker and config.broker.supervised else None
        self.link = Link(
            self.ingest,
            host=config.broker.host,
            port=config.broker.port,
            password=keys.read_secret(config.central.keys_dir / keys.BROKER_PASSWORD),
            ca_file=config.broker.ca_file,
        )
        self.commands = Commands(self.database, self.link.command, now_ms, keys.signing_key(config.central.keys_dir))
        signing_key = keys.signing_key(config.central.keys_dir)
        self.directory = PeopleOfTheCentre(self.database, self.link.directory, now_ms, signing_key)
        self.link.on_connected = self.directory.send_all
        self.approvals = Approvals(self.database)
        self.people_of_rooms = PeopleOfRooms(self.database)

    def __enter__(self) -> Centre:
        if self.broker is not None:
            self.broker.start()
        self.link.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.link.close()
        if self.broker is not None:
            self.broker.close()
        self.database.close()

    def web(self) -> FastAPI:
        return web.create(
            fleet=self.fleet,
            people=self.people,
            console_rights=self.console_rights,
            commands=self.commands,
            approvals=self.approvals,
            happenings=Happenings(self.database),
            people_of_rooms=self.people_of_rooms,
            directory=self.directory,
            deeds=Deeds(self.database),
            link=self.link,
            central=self.config.central,
            now_ms=now_ms,
        )
