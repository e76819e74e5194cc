"""What every job of the upkeep works on, and how it stops for a move: between its steps, or inside a long look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.domain.upkeep import Finding
from edge.errors import StoreError
from edge.store.connection import Connection, connect, driver_errors
from edge.store.database import Database

LOOK_EVERY = 200_000  # steps of SQLite's machine between two looks at the block


class Disturbed(Exception):
    """A move began: the job stops where it is and goes on later."""


@dataclass(frozen=True, slots=True)
class Step:
    """``position``: where the job goes on after it; after the ``last``, where the next run begins."""

    checked: int
    findings: list[Finding]
    position: dict[str, Any]
    last: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """``others``: the other keyed files beside the store. ``quiet``: whether the upkeep may work now.

    ``scans``: the file of pages, which there need not be.
    """

    database: Database
    key: bytes = field(repr=False)
    public_key: Ed25519PublicKey
    others: tuple[Path, ...]
    quiet: Callable[[], bool]
    scans: Path | None = None

    @contextmanager
    def looking(self, path: Path | None = None) -> Iterator[Connection]:
        """A connection of its own that only reads. Raises Disturbed; StoreError ``damaged`` for a page that is."""
        path = path or self.database.path
        db = connect(path, self.key, read_only=True)
        disturbed: list[bool] = []

        def look() -> int:
            if not self.quiet():
                disturbed.append(True)
            return len(disturbed)

        db.set_progress_handler(look, LOOK_EVERY)
        try:
            with driver_errors(path):
                yield db
        except Exception as error:
            if disturbed:
                raise Disturbed from error
            if isinstance(error, StoreError) and not error.params.get("path"):
                error.params["path"] = str(path)  # which of the files it was
            raise
        finally:
            db.close()

    def require_quiet(self) -> None:
        """Raises Disturbed."""
        if not self.quiet():
            raise Disturbed
