"""Backup while the node runs, its check, and the way back: restore into an empty folder with the recovery key.

A restored store starts a new epoch whose first event names the epoch, seq and head it goes on from. What the lost
machine recorded after the backup stays at the centre under the old epoch: nothing there is overwritten.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from edge.clock import Clock
from edge.domain.trace import Head
from edge.errors import StoreError
from edge.store import block_file
from edge.store.backup_set import (
    MANIFEST,
    SEALED_KEYS,
    SIGNATURE,
    Manifest,
    check_files,
    check_signature,
    entry,
    find_set,
    read_manifest,
)
from edge.store.begin import DATABASE_FILE, LOOKS_FILE, READINGS_FILE, SCANS_FILE
from edge.store.connection import connect, driver_errors
from edge.store.database import NODE, Database
from edge.store.keys import Keys, recovery_secret, seal, unseal, write_keys
from edge.store.space import refusal
from edge.store.tip import new_epoch_id, read_tip
from edge.store.verify import Report, verify

FILES = (DATABASE_FILE, READINGS_FILE, LOOKS_FILE, SCANS_FILE)
COMMISSIONED = (block_file.NAME, block_file.PROGRESS)  # signed and hashed: which boards, which people, no titles

Step = Callable[[str], None]  # told the name of each file as it is done


@dataclass(frozen=True, slots=True)
class Restored:
    """``previous`` is where the backup stood, ``head`` the first event of the new epoch."""

    node: str
    previous: Head
    head: Head


def back_up(database: Database, keys: Keys, target: Path, on_file: Step = lambda _name: None) -> Path:
    """Write one set into ``target`` while the node goes on working; its folder. Records ``backup.made``.

    Raises StoreError ``backup_no_space``, ``disk_full`` or ``disk_refuses``; a set that was not finished keeps the
    ending ``.partial`` and is never restored.
    """
    data_dir, utc_ms = database.path.parent, database.clock.utc_ms()
    stamp = datetime.fromtimestamp(utc_ms / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = target / f"{database.node_id}-{stamp}"
    partial = folder.with_name(folder.name + ".partial")
    try:
        target.mkdir(parents=True, exist_ok=True)
        _require_space(data_dir, target)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        for name in FILES:
            if (data_dir / name).exists():
                _copy_database(data_dir / name, partial / name, keys.database)
                on_file(name)
        for name in COMMISSIONED:
            if (data_dir / name).exists():
                shutil.copyfile(data_dir / name, partial / name)
                on_file(name)
        (partial / SEALED_KEYS).write_bytes(seal(keys))
        on_file(SEALED_KEYS)
        files = tuple(entry(path) for path in sorted(partial.iterdir()))
        manifest = Manifest(database.node_id, utc_ms, _head_of(partial / DATABASE_FILE, keys.database), files)
        (partial / MANIFEST).write_bytes(manifest.as_bytes())
        (partial / SIGNATURE).write_text(keys.signing.sign(manifest.as_bytes()).hex() + "\n", "ascii")
        _sync(partial)
        partial.rename(folder)
        _sync(target)
    except OSError as error:
        raise refusal(error, target) from error
    body = {
        "made_utc_ms": utc_ms,
        "epoch": manifest.head.epoch,
        "seq": manifest.head.seq,
        "head": manifest.head.hash,
        "files": len(files),
        "bytes": sum(file.size for file in files),
        "manifest_sha256": entry(folder / MANIFEST).sha256,
    }
    database.write(lambda change: change.event("backup.made", subject=NODE, actor=NODE, body=body))
    return folder


def verify_backup(path: Path, keys: Keys | None = None, recovery_key: str | None = None) -> tuple[Manifest, Report]:
    """Hashes, signature, every page of the store and its whole trace. ``keys`` or ``recovery_key`` must open it."""
    folder = find_set(path)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    if recovery_key is not None:
        keys = unseal((folder / SEALED_KEYS).read_bytes(), recovery_secret(recovery_key))
    if keys is None:
        raise StoreError("recovery_key_wrong", "find_recovery_key")
    check_signature(folder, keys)
    return manifest, verify(folder / DATABASE_FILE, keys.database, keys.signing_public)


def restore(path: Path, recovery_key: str, data_dir: Path, keys_dir: Path, *, node_id: str, clock: Clock) -> Restored:
    """Check the set, write keys and data where nothing is yet, and start the new epoch.

    Raises StoreError ``backup_not_found``, ``backup_damaged``, ``recovery_key_wrong``, ``other_node``,
    ``restore_not_empty`` or (other keys are there) ``already_initialised``; nothing of what exists is changed.
    """
    secret = recovery_secret(recovery_key)
    folder = find_set(path)
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    keys = unseal((folder / SEALED_KEYS).read_bytes(), secret)
    check_signature(folder, keys)
    if manifest.node != node_id:
        raise StoreError("other_node", "check_node_id", path=str(folder), found=manifest.node, expected=node_id)
    if data_dir.exists() and any(data_dir.iterdir()):
        raise StoreError("restore_not_empty", "choose_empty_folder", path=str(data_dir))
    arriving = data_dir.with_name(data_dir.name + ".arriving")
    try:
        shutil.rmtree(arriving, ignore_errors=True)
        _unpack(folder, arriving)
        database_path = arriving / DATABASE_FILE
        with Database.open(database_path, keys.database, clock=clock, node_id=node_id) as database:
            database.write(lambda change: change.start_epoch(new_epoch_id(), manifest.head, "restored"))
        write_keys(keys_dir, keys)
        if data_dir.exists():
            data_dir.rmdir()
        arriving.rename(data_dir)
        _sync(data_dir)
    except OSError as error:
        raise refusal(error, data_dir) from error
    return Restored(manifest.node, manifest.head, _head_of(data_dir / DATABASE_FILE, keys.database))


def _unpack(folder: Path, arriving: Path) -> None:
    """Beside the data folder: it gets its name only when all of it is there, so a power cut leaves no half a node."""
    arriving.mkdir(parents=True)
    arriving.chmod(0o700)
    for name in (*FILES, *COMMISSIONED):
        if (folder / name).exists():
            shutil.copyfile(folder / name, arriving / name)
    _sync(arriving)


def _copy_database(source: Path, target: Path, key: bytes) -> None:
    """One consistent copy in one step: in WAL mode it blocks no writer. The copy has no -wal beside it."""
    reading = connect(source, key, read_only=True)
    try:
        writing = connect(target, key)
        try:
            with driver_errors(target):
                reading.backup(writing)
                writing.execute("PRAGMA journal_mode = DELETE")
        finally:
            writing.close()
    finally:
        reading.close()


def _head_of(path: Path, key: bytes) -> Head:
    opened = connect(path, key, read_only=True)
    try:
        with driver_errors(path):
            tip = read_tip(opened)
    finally:
        opened.close()
    return Head(tip.epoch, tip.seq, tip.hash)


def _require_space(data_dir: Path, target: Path) -> None:
    needed = sum(path.stat().st_size for path in data_dir.rglob("*") if path.is_file())
    free = shutil.disk_usage(target).free
    if free < needed * 11 // 10:
        raise StoreError(
            "backup_no_space",
            "free_disk_space",
            path=str(target),
            needed_mb=-(-needed * 11 // 10 // 2**20),
            free_mb=free // 2**20,
        )


def _sync(folder: Path) -> None:
    """Files and their names are on the disk, not only in its cache."""
    for path in (*folder.iterdir(), folder):
        if path.is_file() or path == folder:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
