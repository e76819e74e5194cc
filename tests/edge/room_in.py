"""A Room over a real store, for tests that stand in for its devices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.domain.block import Layout
from edge.store.aisle_log import AisleLog
from edge.store.alarms import Alarms
from edge.store.batches import Batches
from edge.store.block_work import BlockWork
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.entrapments import Entrapments
from edge.store.fault_log import FaultLog
from edge.store.loans import Loans
from edge.store.looks import Looks
from edge.store.moves import Moves
from edge.store.pages import Pages
from edge.store.people import People
from edge.store.pull_lists import PullLists
from edge.store.readings import Readings
from edge.store.scans import Scans
from edge.store.search import Search
from edge.workflows.room import Room
from tests.edge.commissioned import commissioning


def room_in(database: Database, folder: Path, key: bytes, clock: Clock, built: Layout, **rest: Any) -> Room:
    """``built``: the block as commissioned. ``rest``: places, devices, and ``layout`` where it is another."""
    return Room(
        **{
            "node_id": "test-node",
            "name": "一号库房",
            "zone": "Asia/Shanghai",
            "layout": built,
            "counter_camera": "counter",
            "page_camera": "pages",
            "clock": clock,
            "database": database,
            "catalogue": Catalogue(database),
            "search": Search(database),
            "people": People(database, key),
            "loans": Loans(database),
            "moves": Moves(database),
            "pulls": PullLists(database),
            "aisles": AisleLog(database),
            "block_faults": FaultLog(database),
            "commissioning": commissioning(database, folder, built),
            "entrapments": Entrapments(database),
            "work": BlockWork(database),
            "alarms": Alarms(database),
            "readings": Readings(folder / "readings.db", key),
            "looks": Looks(folder / "looks.db", key),
            "pages": Pages(database),
            "batches": Batches(database),
            "scans": Scans(folder / "scans.db", key),
            **rest,
        }
    )
