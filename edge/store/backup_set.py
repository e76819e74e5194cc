"""What a backup set is: a folder of files, each keyed or sealed, and a manifest signed by the node that names them all.

manifest.json   node, moment, where the trace stood, name, size and SHA-256 of each file
manifest.sig    Ed25519 by the node over the bytes of manifest.json, hex
keys.sealed     the node's keys, opened by the recovery key only
storeroom.db readings.db looks.db scans.db   SQLCipher with the node's database key
block.json commissioning.json                what was proved of the block: the same boards need no new commissioning
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature

from edge.domain.trace import Head
from edge.errors import StoreError
from edge.store.keys import Keys

MANIFEST, SIGNATURE, SEALED_KEYS = "manifest.json", "manifest.sig", "keys.sealed"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class FileEntry:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``head``: the newest event in the set."""

    node: str
    made_utc_ms: int
    head: Head
    files: tuple[FileEntry, ...]

    def as_bytes(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True).encode("utf-8") + b"\n"


def entry(path: Path) -> FileEntry:
    with path.open("rb") as file:
        return FileEntry(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def find_set(path: Path) -> Path:
    """``path`` itself, or the newest complete set in it. Raises StoreError ``backup_not_found``."""
    if (path / MANIFEST).is_file():
        return path
    sets = sorted(found.parent for found in path.glob(f"*/{MANIFEST}") if not found.parent.name.endswith(".partial"))
    if not sets:
        raise StoreError("backup_not_found", "choose_other_backup", path=str(path))
    return max(sets, key=lambda folder: read_manifest(folder).made_utc_ms)


def read_manifest(folder: Path) -> Manifest:
    """Raises StoreError ``backup_not_found`` or ``backup_damaged``."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if found["format"] != FORMAT:
            raise StoreError("backup_damaged", "choose_other_backup", file=MANIFEST, why=f"format {found['format']}")
        files = tuple(FileEntry(file["name"], file["size"], file["sha256"]) for file in found["files"])
        return Manifest(found["node"], found["made_utc_ms"], Head(**found["head"]), files)
    except FileNotFoundError:
        raise StoreError("backup_not_found", "choose_other_backup", path=str(folder)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError("backup_damaged", "choose_other_backup", file=MANIFEST, why=str(error)) from error


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file is there and has its hash. Raises StoreError ``backup_damaged`` naming the first that is not."""
    for listed in manifest.files:
        path = folder / listed.name
        if not path.is_file():
            raise StoreError("backup_damaged", "choose_other_backup", file=listed.name, why="missing")
        if entry(path) != listed:
            raise StoreError("backup_damaged", "choose_other_backup", file=listed.name, why="SHA-256")


def check_signature(folder: Path, keys: Keys) -> None:
    """The manifest is the one this node signed. Raises StoreError ``backup_damaged``."""
    try:
        signature = bytes.fromhex((folder / SIGNATURE).read_text("ascii").strip())
        keys.signing_public.verify(signature, (folder / MANIFEST).read_bytes())
    except (OSError, ValueError, InvalidSignature):
        raise StoreError("backup_damaged", "choose_other_backup", file=MANIFEST, why="signature") from None
