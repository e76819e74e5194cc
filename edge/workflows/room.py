"""Everything a workflow may reach, handed to it by the composition root ``edge/app.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.clock import Clock
from edge.devices import Carriages, Cranked, Door, Eyes, PageReader, Printer, Reader, Scanner, Sounder
from edge.domain.block import Layout
from edge.store.aisle_log import AisleLog
from edge.store.alarms import Alarms
from edge.store.batches import Batches
from edge.store.block_work import BlockWork
from edge.store.catalogue import Catalogue
from edge.store.commissioning import Commissioning
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
from edge.workflows.openings import Openings


@dataclass(slots=True)
class Lamp:
    """The one place that is to be lit, and which start of its board took the command; None = none did."""

    slot: str = ""
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """One storeroom 库房: its stores, its devices, its clock.

    ``places``: sensor board address → where it hangs.
    """

    node_id: str
    name: str
    zone: str
    layout: Layout
    places: Mapping[int, str]
    counter_camera: str
    page_camera: str
    clock: Clock
    database: Database
    catalogue: Catalogue
    search: Search
    people: People
    loans: Loans
    moves: Moves
    pulls: PullLists
    aisles: AisleLog
    block_faults: FaultLog
    commissioning: Commissioning
    entrapments: Entrapments
    work: BlockWork
    alarms: Alarms
    readings: Readings
    looks: Looks
    pages: Pages
    batches: Batches
    scans: Scans
    carriages: Carriages
    eyes: Eyes
    page_reader: PageReader
    reader: Reader
    scanner: Scanner
    door: Door
    sounder: Sounder
    printer: Printer
    mast_cameras: tuple[str, ...] = ()
    fixed_cameras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # bay → those that hang before it
    cranked: Cranked | None = None
    lamp: Lamp = field(default_factory=Lamp)
    openings: Openings = field(default_factory=Openings)
