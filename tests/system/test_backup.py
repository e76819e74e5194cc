"""Backup, the loss of the machine, restore with the recovery key; and a trace of which one byte was changed."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from panel_keys import wait_for
from whole_room import WholeRoom

from edge.errors import StoreError
from edge.store.begin import DATABASE_FILE
from edge.store.connection import connect, driver_errors
from edge.store.keys import read_keys
from hardware_tests.virtual.programs import Program

pytestmark = pytest.mark.live

PAGE = 4096


@dataclass
class Restored:
    """``told``: what ``storeroom restore`` said. ``lost``: newest event of the old machine, after the backup."""

    config: Path
    old_data: Path
    told: dict[str, object]
    saved: int
    lost: int
    held_before: int


@pytest.fixture(scope="module")
def restored(storeroom: WholeRoom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restored]:
    """The node runs on new folders, restored from a backup that is older than what the centre holds."""
    room, fresh = storeroom, tmp_path_factory.mktemp("fresh")
    saved = json.loads(said(room, "backup", str(fresh / "stick"), "--json"))
    room.post("requests", box_id=room.pick(room.open_aisle()).box_id)
    lost = room.head()
    wait_for("the centre holds it", lambda: room.trace.acked()[1] >= lost, 60)
    node = room.demo.scene.programs["node"]
    node.stop()
    held = len(at_the_centre(room))
    config = moved_config(room, fresh)
    recovery_key = (room.places.root / "recovery-key.txt").read_text("utf-8")
    told = json.loads(said(room, "restore", saved["path"], "--json", config=config, typed=recovery_key))
    program = Program.of_module(
        *("edge.cli", "run", "--config", str(config)),
        log=room.places.root / "logs" / "restored.log",
        env={"GPIOZERO_PIN_FACTORY": "bench", "STOREROOM_BENCH_PINS": str(room.places.bench / "pins.sock")},
    )
    program.start()
    wait_for("the panel answers", room.answers, 60)
    yield Restored(config, room.places.data, told, saved["seq"], lost, held)
    program.stop()


def said(room: WholeRoom, *args: str, config: Path | None = None, typed: str = "") -> str:
    done = room.storeroom(*args, config=config, typed=typed)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout[done.stdout.index("{") :]


def moved_config(room: WholeRoom, fresh: Path) -> Path:
    """node.toml with new, empty folders for data and keys."""
    text = room.places.node_toml.read_text("utf-8")
    for name, old in (("node", room.places.data), ("keys", room.places.keys)):
        text = text.replace(str(old), str(fresh / name))
    path = fresh / "node.toml"
    path.write_text(text, "utf-8")
    return path


def at_the_centre(room: WholeRoom) -> list[tuple[str, int]]:
    with sqlite3.connect(f"file:{room.places.central_dir / 'data' / 'central.db'}?mode=ro", uri=True) as db:
        return db.execute("SELECT epoch, seq FROM event ORDER BY id").fetchall()


def test_the_restored_node_opens_its_data_with_the_recovery_key_in_a_new_epoch(
    storeroom: WholeRoom, restored: Restored
):
    assert restored.told["previous"] == storeroom.trace.epochs()[-1].epoch != restored.told["epoch"]
    assert restored.told["seq"] == restored.saved < restored.lost
    storeroom.sign_in()
    assert storeroom.get("search", q=storeroom.records[0].ref_code)["hits"]


def test_the_centre_loses_nothing_and_takes_the_new_epoch(storeroom: WholeRoom, restored: Restored):
    new = str(restored.told["epoch"])
    wait_for("the new epoch arrives", lambda: any(epoch == new for epoch, _seq in at_the_centre(storeroom)), 90)
    held = at_the_centre(storeroom)
    assert [epoch for epoch, _seq in held[: restored.held_before]] == [str(restored.told["previous"])] * (
        restored.held_before
    )
    verdict = storeroom.central("verify", "--json")
    assert json.loads(verdict.stdout)["bad"] == []
    with sqlite3.connect(f"file:{storeroom.places.central_dir / 'data' / 'central.db'}?mode=ro", uri=True) as db:
        assert db.execute("SELECT why FROM quarantine").fetchall() == []


def test_the_trace_of_the_lost_machine_verifies(storeroom: WholeRoom, restored: Restored):
    report = json.loads(said(storeroom, "trace", "verify", "--json"))
    assert report["good"] is True
    assert report["head"]["seq"] >= restored.lost


def test_verify_points_at_the_events_of_one_changed_byte(storeroom: WholeRoom, restored: Restored, tmp_path: Path):
    data = tmp_path / "node"
    shutil.copytree(restored.old_data, data)
    text = storeroom.places.node_toml.read_text("utf-8").replace(str(restored.old_data), str(data))
    config = tmp_path / "node.toml"
    config.write_text(text, "utf-8")
    broken = change_one_byte(data / DATABASE_FILE, read_keys(storeroom.places.keys).database)
    done = storeroom.storeroom("trace", "verify", "--json", config=config)
    assert done.returncode != 0
    report = json.loads(done.stdout.splitlines()[0])
    assert report["good"] is False
    first = report["findings"][0]
    assert (first["why"], first["seq"]) == ("unreadable", broken[0]), first


def change_one_byte(path: Path, key: bytes) -> list[int]:
    """Flip a bit in a page of the newest events; the seqs of those that cannot be read any more.

    The file is encrypted, so nobody sees which page holds what: pages are tried from the end of the file.
    """
    everything = readable(path, key)  # closing it also puts the write-ahead log into the file
    whole = path.read_bytes()
    for page in reversed(range(1, len(whole) // PAGE)):
        changed = bytearray(whole)
        changed[page * PAGE + PAGE // 2] ^= 1
        path.write_bytes(changed)
        left = readable(path, key)
        if 0 < len(left) < len(everything):
            return sorted(everything - left)
    raise AssertionError("no page of the file holds events")


def readable(path: Path, key: bytes) -> set[int]:
    """Seqs of the events whose row this file still gives up."""
    found: set[int] = set()
    try:
        db = connect(path, key, read_only=True)
    except StoreError:
        return found
    for row_id in range(1, 5000):
        with contextlib.suppress(StoreError), driver_errors(path):
            row = db.execute("SELECT seq, body, envelope FROM event WHERE id = ?", (row_id,)).fetchone()
            if row is None:
                break
            found.add(row["seq"])
    db.close()
    return found
