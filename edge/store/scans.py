"""Scans: originals and squared pages by their SHA-256, in pieces, in a keyed file of their own beside the looks.

They are large and never change, so they stay out of the store; the same content is kept once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from edge.errors import StoreError
from edge.store.keyed_file import KeyedFile
from edge.store.space import require_room

PIECE_BYTES = 1_000_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS scan (
    sha256 TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    utc_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS scan_piece (
    sha256 TEXT NOT NULL REFERENCES scan (sha256),
    piece INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (sha256, piece)
) STRICT;
"""


class Scans:
    def __init__(self, path: Path, key: bytes) -> None:
        """Raises StoreError ``wrong_key``, ``damaged`` or ``disk_full``."""
        self.file = KeyedFile(path, key, SCHEMA)
        self._path = path

    def keep(self, content: bytes, utc_ms: int) -> str:
        """Its SHA-256 in hex; durable on return, so before the event that names it. StoreError ``disk_tight``,
        ``disk_full``.
        """
        require_room(self._path)
        sha256 = hashlib.sha256(content).hexdigest()
        with self.file.change() as db:
            if db.execute("SELECT 1 FROM scan WHERE sha256 = ?", (sha256,)).fetchone() is None:
                db.execute("INSERT INTO scan VALUES (?, ?, ?)", (sha256, len(content), utc_ms))
                for piece, start in enumerate(range(0, len(content), PIECE_BYTES)):
                    part = content[start : start + PIECE_BYTES]
                    db.execute("INSERT INTO scan_piece VALUES (?, ?, ?)", (sha256, piece, part))
        return sha256

    def read(self, sha256: str) -> bytes:
        """Whole and unchanged, or StoreError ``scan_missing`` or ``scan_changed``."""
        with self.file.use() as db:
            known = db.execute("SELECT 1 FROM scan WHERE sha256 = ?", (sha256,)).fetchone()
            rows = db.execute("SELECT content FROM scan_piece WHERE sha256 = ? ORDER BY piece", (sha256,))
            content = b"".join(row["content"] for row in rows)
        if not known:
            raise StoreError("scan_missing", "restore_scans", scan=sha256[:12])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreError("scan_changed", "restore_scans", scan=sha256[:12])
        return content

    def part(self, sha256: str, start: int, length: int) -> bytes:
        """So many bytes from ``start`` on, fewer at the end, for a player that asks on; only ``read`` proves them."""
        first, last = start // PIECE_BYTES, (start + length) // PIECE_BYTES
        with self.file.use() as db:
            rows = db.execute(
                "SELECT content FROM scan_piece WHERE sha256 = ? AND piece BETWEEN ? AND ? ORDER BY piece",
                (sha256, first, last),
            ).fetchall()
        skipped = start - first * PIECE_BYTES
        return b"".join(row["content"] for row in rows)[skipped : skipped + length]

    def all(self) -> Iterator[str]:
        """SHA-256 of everything kept, oldest first."""
        with self.file.use() as db:
            found = [row["sha256"] for row in db.execute("SELECT sha256 FROM scan ORDER BY utc_ms, sha256")]
        yield from found

    def close(self) -> None:
        self.file.close()
