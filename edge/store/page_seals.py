"""Which pages of a keyed file do not match their HMAC, told apart from a page that a running node is just writing.

The check reads the file below SQLite's locks, so a page that is being brought home from the log can be met half
written. What is damaged stays so; what is being written is whole a moment later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from edge.store.connection import Connection
from edge.store.lock import in_use

PAUSES_S = (0.0, 0.05, 0.2, 0.8, 1.6)  # a busy machine may stop the writer in the middle of a page


def damaged_pages(path: Path, looked: Callable[[], set[str]]) -> list[str]:
    """What SQLCipher says of each page that fails in every look; ``looked`` takes one look with a fresh connection."""
    damaged = looked()
    for pause_s in PAUSES_S:
        if not damaged or not in_use(path.parent):
            break
        time.sleep(pause_s)
        damaged &= looked()
    return sorted(damaged)


def pages_that_fail(db: Connection) -> set[str]:
    return {row[0] for row in db.execute("PRAGMA cipher_integrity_check")}
