"""What a command asks of the store: done by the node where one runs, else here with the store opened under its lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from edge.clock import SystemClock
from edge.config import Config
from edge.control import SOCKET, Progress, Verb, ask, is_running
from edge.store.begin import DATABASE_FILE
from edge.store.database import Database
from edge.store.keys import Keys, read_keys

Args = dict[str, Any]
Ask = Callable[[str, Args, Progress], Args]
Verbs = Callable[[Database, Keys], dict[str, Verb]]


def quiet(_said: Args) -> None:
    """Progress that nobody is told of."""


@contextmanager
def opened(config: Config) -> Iterator[tuple[Database, Keys]]:
    """The store of a node that does not run. Raises StoreError ``in_use`` when one does."""
    keys = read_keys(config.node.keys_dir)
    path = config.node.data_dir / DATABASE_FILE
    with Database.open(path, keys.database, clock=SystemClock(), node_id=config.node.id) as database:
        yield database, keys


@contextmanager
def node_or_store(config: Config, verbs: Verbs) -> Iterator[Ask]:
    """For several verbs in a row, under one lock. ``verbs``: what a running node answers to, on a store opened here."""
    socket = config.node.run_dir / SOCKET
    if is_running(socket):
        yield lambda verb, args, on_progress: ask(socket, verb, args, on_progress)
        return
    with opened(config) as (database, keys):
        here = verbs(database, keys)
        yield lambda verb, args, on_progress: here[verb](args, on_progress)


def done_by(config: Config, verbs: Verbs, verb: str, args: Args, on_progress: Progress = quiet) -> Args:
    with node_or_store(config, verbs) as do:
        return do(verb, args, on_progress)
