"""A node that answers on its control socket, and commands as people type them at it with their PIN."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from click.testing import CliRunner, Result

from edge.clock import Clock
from edge.control import SOCKET, ControlServer, Verb
from edge.store.database import Database
from tests.edge.fresh_node import EXAMPLE
from tests.edge.panel.conftest import PIN, Desk


@contextmanager
def answering(
    folder: Path, database: Database, clock: Clock, verbs_of: Callable[[Desk], dict[str, Verb]]
) -> Iterator[Desk]:
    (folder / "node.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    (folder / "run").mkdir()
    desk = Desk(database, folder, clock)
    control = ControlServer(folder / "run" / SOCKET, verbs_of(desk))
    try:
        yield desk
    finally:
        control.close()
        desk.room.readings.close()
        desk.room.looks.close()


def typed(desk: Desk, folder: Path, group: click.Group, *args: object, by: str = "archivist") -> Result:
    texts = [*map(str, args), "--config", str(folder / "node.toml"), "--by", desk.people[by].id]
    return CliRunner().invoke(group, texts, input=f"{PIN}\n")
