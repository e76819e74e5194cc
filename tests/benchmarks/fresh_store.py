"""A store of its own for a figure, with the demo's catalogue when asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.clock import SystemClock
from edge.store import box_places
from edge.store.database import Database
from hardware_tests.virtual import demo_catalogue
from hardware_tests.virtual.layouts import demo_layout

KEY = bytes(range(32))
NODE = "bench-node"


@contextmanager
def opened(folder: Path) -> Iterator[Database]:
    path = folder / "storeroom.db"
    with Database.open(path, KEY, clock=SystemClock(), node_id=NODE, create=not path.exists()) as database:
        yield database


def demo_sheet(folder: Path) -> Path:
    sheet = folder / "demo-catalogue.xlsx"
    demo_catalogue.write(sheet)
    return sheet


def with_slots(database: Database) -> None:
    """The sheet names places, so the block's slots come first, as in the demo."""
    database.write(lambda change: box_places.make_slots(change, demo_layout(), "bench"))
