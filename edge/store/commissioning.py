"""Whether a block may be moved at all: its signed file, the files this node took up before, and its monthly proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.domain.block import BlockState
from edge.domain.commissioning import BlockFile, differences
from edge.domain.monthly_proof import Terms
from edge.domain.trace import canonical
from edge.errors import RuleRefused
from edge.store import block_file
from edge.store.database import Change, Database
from edge.store.proofs import Proofs


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that this node took up. ``taken_ms`` begins the month of the first proof."""

    serial: int
    sha256: str
    taken_ms: int


class Commissioning:
    """``path`` is looked at again whenever it changed; ``config_crc``: column → what node.toml asks of its board.

    ``sensors``: addresses of node.toml's sensor boards.
    """

    def __init__(
        self,
        database: Database,
        path: Path,
        key: Ed25519PublicKey,
        area: str,
        config_crc: Mapping[int, int],
        sensors: Collection[int],
        terms: Terms,
    ) -> None:
        self._database, self._path, self._key, self._area = database, path, key, area
        self._config_crc, self._sensors = config_crc, sensors
        self.proofs = Proofs(database, area, terms)
        self._read: tuple[tuple[int, int], BlockFile] | None = None

    def file(self) -> BlockFile:
        """The block's file, whole and signed, and not one that a newer one replaced. Raises RuleRefused."""
        file = self._file()
        newest = self.newest()
        if newest and (file.serial < newest.serial or (file.serial == newest.serial and _hash(file) != newest.sha256)):
            raise RuleRefused("block_file_older", "commission_block", serial=file.serial, newest=newest.serial)
        return file

    def refuse_changed(self, state: BlockState) -> BlockFile:
        """Raises RuleRefused ``not_commissioned_<what>`` with the first thing that is no longer what was proved."""
        file = self.file()
        for one in differences(file, self._config_crc, self._sensors, state.carriages, state.sensors):
            raise RuleRefused(f"not_commissioned_{one.what}", "prove_again", no=one.no)
        return file

    def newest(self) -> Taken | None:
        with self._database.read() as db:
            row = db.execute(
                "SELECT * FROM block_commissioned WHERE area = ? ORDER BY serial DESC LIMIT 1", (self._area,)
            ).fetchone()
        return None if row is None else Taken(row["serial"], row["sha256"], row["taken_ms"])

    def take(self, change: Change, file: BlockFile) -> None:
        """A new file is in force; event ``block.commissioned``."""
        change.db.execute(
            "INSERT INTO block_commissioned (area, serial, signed_ms, taken_ms, sha256) VALUES (?, ?, ?, ?, ?)",
            (file.area, file.serial, file.utc_ms, change.utc_ms, _hash(file)),
        )
        body = {
            "block": file.area,
            "serial": file.serial,
            "signed_ms": file.utc_ms,
            "sha256": _hash(file),
            "technician": file.technician.id,
            "witness": file.witness.id,
            "limits": dict(file.limits),
            "columns": [board.column for board in file.boards],
            "sensors": [board.address for board in file.sensors],
        }
        actor = file.technician.id or "node"
        change.event("block.commissioned", subject=file.area, actor=actor, body=body, level="internal")

    def _file(self) -> BlockFile:
        try:
            now = self._path.stat()
        except OSError:
            raise RuleRefused("block_file_missing", "commission_block", file=str(self._path)) from None
        seen = (now.st_mtime_ns, now.st_ino)
        if self._read is None or self._read[0] != seen:
            self._read = (seen, block_file.read(self._path, self._key, self._area))
        return self._read[1]


def _hash(file: BlockFile) -> str:
    return hashlib.sha256(canonical(file.as_body())).hexdigest()
