"""A backup is whole or refused, opened by its recovery key alone, and restored without touching what exists."""

import json
import shutil
import threading
from dataclasses import replace

import pytest

from edge.devices.carriage_modbus import silent
from edge.domain.block import BlockState, Column, Layout
from edge.domain.monthly_proof import Terms
from edge.domain.trace import Head
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.store import backup as backup_module
from edge.store import block_file
from edge.store.backup import back_up, restore, verify_backup
from edge.store.backup_set import find_set, read_manifest
from edge.store.begin import DATABASE_FILE, LOOKS_FILE, READINGS_FILE, begin
from edge.store.commissioning import Commissioning
from edge.store.connection import connect
from edge.store.database import Database
from edge.store.keys import new_keys, read_keys, recovery_secret, recovery_text, seal, unseal
from edge.store.looks import Looks
from edge.store.trace import Trace
from edge.store.verify import verify
from firmware.registers import MAP_VERSION
from tests.edge import commissioned

NODE = "room-1"
BLOCK = Layout("B1-A", 2100, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 1, 1, 1)


def boards(board_id):
    """The block's one carriage board and no other report."""
    said = replace(
        silent(2, 2), online=True, board_id=board_id, firmware_version=1, image=0, config_crc=commissioned.CRC
    )
    said = replace(said, map_version=MAP_VERSION)
    return BlockState(1, True, (said,), (), (), None, False, 0)


def note(database, count=1):
    for number in range(count):
        body = {"n": number, "pad": "盒" * 40}
        database.write(lambda c, body=body: c.event("box.placed", subject="b", actor="p", body=body))


@pytest.fixture
def storeroom(tmp_path, clock):
    begun = begin(tmp_path / "data", tmp_path / "keys", node_id=NODE, clock=clock, name="张敏", pin="271828")
    keys = read_keys(tmp_path / "keys")
    path = tmp_path / "data" / DATABASE_FILE
    with Database.open(path, keys.database, clock=clock, node_id=NODE) as database:
        yield database, keys, begun.recovery_key


def test_a_backup_made_while_the_node_writes_is_one_consistent_moment(storeroom, tmp_path):
    database, keys, _recovery = storeroom
    stop = threading.Event()

    def write():
        while not stop.is_set():
            note(database)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    folder = back_up(database, keys, tmp_path / "usb")
    stop.set()
    for writer in writers:
        writer.join(30)
    manifest, report = verify_backup(folder, keys)
    assert report.findings == [] and report.head == manifest.head
    assert Trace(database).head().seq >= manifest.head.seq
    made = [event for event in Trace(database).recent(10_000) if event.action == "backup.made"]
    assert json.loads(made[0].body)["seq"] == manifest.head.seq


def keep_look(data_dir, keys, look_id="one", jpeg=b"\xff\xd8 a person at the counter"):
    looks = Looks(data_dir / LOOKS_FILE, keys.database)
    looks.keep(look_id, jpeg, 1_795_305_600_000)
    looks.close()


def test_readings_and_looks_come_back_and_nothing_in_the_set_can_be_read(storeroom, tmp_path, clock):
    database, keys, recovery = storeroom
    readings = connect(tmp_path / "data" / READINGS_FILE, keys.database)
    readings.execute("CREATE TABLE reading (value INTEGER)")
    readings.execute("INSERT INTO reading VALUES (2150)")
    readings.close()
    keep_look(tmp_path / "data", keys)
    folder = back_up(database, keys, tmp_path / "usb")
    everything = b"".join(path.read_bytes() for path in folder.iterdir())
    for hidden in (b"at the counter", "张敏".encode(), keys.database, keys.database.hex().encode(), b"SQLite format"):
        assert hidden not in everything
    restore(folder, recovery, tmp_path / "data2", tmp_path / "keys2", node_id=NODE, clock=clock)
    looks = Looks(tmp_path / "data2" / LOOKS_FILE, keys.database)
    assert looks.read("one") == b"\xff\xd8 a person at the counter"
    looks.close()
    back = connect(tmp_path / "data2" / READINGS_FILE, keys.database, read_only=True)
    assert back.execute("SELECT value FROM reading").fetchone()[0] == 2150
    back.close()


def test_a_look_kept_while_the_node_runs_is_in_the_next_backup(storeroom, tmp_path):
    database, keys, _recovery = storeroom
    looks = Looks(tmp_path / "data" / LOOKS_FILE, keys.database)
    looks.keep("one", b"\xff\xd8 first", 1_795_305_600_000)  # still in its -wal, held open by the node
    folder = back_up(database, keys, tmp_path / "usb")
    looks.close()
    in_set = Looks(folder / LOOKS_FILE, keys.database)
    assert in_set.read("one") == b"\xff\xd8 first"
    in_set.close()


def test_a_lost_machine_goes_on_in_a_new_epoch_and_the_centre_keeps_what_came_after_the_backup(
    storeroom, tmp_path, clock
):
    database, keys, recovery = storeroom
    note(database, 30)
    folder = back_up(database, keys, tmp_path / "usb")
    backed_up = read_manifest(folder).head
    note(database, 20)
    trace = Trace(database)
    old = trace.head()
    centre = {(event.epoch, event.seq): event.hash for event in trace.events_after(old.epoch, 0, 1000)}
    database.close()
    shutil.rmtree(tmp_path / "data")
    shutil.rmtree(tmp_path / "keys")

    restored = restore(tmp_path / "usb", recovery, tmp_path / "data", tmp_path / "keys", node_id=NODE, clock=clock)
    assert restored.previous == backed_up and restored.head.epoch != old.epoch and restored.head.seq == 1
    with Database.open(tmp_path / "data" / DATABASE_FILE, keys.database, clock=clock, node_id=NODE) as again:
        note(again, 5)
        trace = Trace(again)
        assert [epoch.epoch for epoch in trace.epochs()] == [old.epoch, restored.head.epoch]
        first = json.loads(trace.events_after(restored.head.epoch, 0, 1)[0].body)
        assert Head(first["previous_epoch"], first["previous_seq"], first["previous_head"]) == backed_up
        resent = {
            (event.epoch, event.seq): event.hash
            for epoch in trace.epochs()
            for event in trace.events_after(epoch.epoch, 0, 1000)
        }
    # Resending everything forks nothing, and the centre still holds the 20 events this machine never saw.
    assert all(centre.get(place, digest) == digest for place, digest in resent.items())
    assert len(centre.keys() - resent.keys()) == old.seq - backed_up.seq
    report = verify(tmp_path / "data" / DATABASE_FILE, keys.database, keys.signing_public)
    assert report.findings == [] and report.epochs == 2


def test_a_restore_that_was_cut_off_can_be_run_again(storeroom, tmp_path, clock, monkeypatch):
    database, keys, recovery = storeroom
    folder = back_up(database, keys, tmp_path / "usb")

    def cut(_folder) -> None:
        raise OSError(28, "No space left on device")

    def again() -> None:
        restore(folder, recovery, tmp_path / "d2", tmp_path / "k2", node_id=NODE, clock=clock)

    with monkeypatch.context() as patched:
        patched.setattr(backup_module, "_sync", cut)
        with pytest.raises(StoreError, match="disk_full"):
            again()
    assert not (tmp_path / "d2").exists()
    again()
    assert verify(tmp_path / "d2" / DATABASE_FILE, keys.database).findings == []
    with pytest.raises(StoreError, match="restore_not_empty"):
        again()


def test_keys_of_devices_and_centre_come_back_and_keys_of_another_node_are_never_overwritten(
    storeroom, tmp_path, clock
):
    database, _keys, recovery = storeroom
    (tmp_path / "keys" / "centre.password").write_text("of this node at the broker\n", "ascii")
    (tmp_path / "keys" / "centre.pub").write_text("ab" * 32 + "\n", "ascii")
    (tmp_path / "keys" / "reader.key").write_text("00112233445566778899aabbccddeeff\n", "ascii")
    folder = back_up(database, read_keys(tmp_path / "keys"), tmp_path / "usb")
    (tmp_path / "k2").mkdir()
    (tmp_path / "k2" / "database.key").write_text("ab" * 32, "ascii")
    with pytest.raises(StoreError, match="already_initialised"):
        restore(folder, recovery, tmp_path / "d2", tmp_path / "k2", node_id=NODE, clock=clock)
    assert not (tmp_path / "d2").exists() and len(list((tmp_path / "k2").iterdir())) == 1
    restore(folder, recovery, tmp_path / "d3", tmp_path / "k3", node_id=NODE, clock=clock)
    names = sorted(path.name for path in (tmp_path / "keys").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "k3").iterdir())
    for name in names:
        assert (tmp_path / "k3" / name).read_bytes() == (tmp_path / "keys" / name).read_bytes()
        assert (tmp_path / "k3" / name).stat().st_mode & 0o777 == 0o600


def test_a_rewritten_link_between_epochs_is_noticed(storeroom, tmp_path, clock):
    database, keys, recovery = storeroom
    note(database, 5)
    folder = back_up(database, keys, tmp_path / "usb")
    restore(folder, recovery, tmp_path / "data2", tmp_path / "keys2", node_id=NODE, clock=clock)
    path = tmp_path / "data2" / DATABASE_FILE
    db = connect(path, keys.database)
    db.execute("DROP TRIGGER event_is_never_deleted")
    db.execute("DELETE FROM event WHERE epoch_no = 1 AND seq = (SELECT max(seq) FROM event WHERE epoch_no = 1)")
    db.close()
    assert [finding.why for finding in verify(path, keys.database).findings] == ["epoch"]


@pytest.mark.parametrize("name", ["storeroom.db", "looks.db", "keys.sealed", "manifest.json", "manifest.sig"])
def test_one_changed_byte_in_any_file_of_a_set_is_refused_and_nothing_is_restored(storeroom, tmp_path, clock, name):
    database, keys, recovery = storeroom
    keep_look(tmp_path / "data", keys)
    folder = back_up(database, keys, tmp_path / "usb")
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)
    for attempt in (
        lambda: verify_backup(folder, keys),
        lambda: restore(folder, recovery, tmp_path / "d2", tmp_path / "k2", node_id=NODE, clock=clock),
    ):
        with pytest.raises(StoreError, match="backup_damaged"):
            attempt()
    assert not (tmp_path / "d2").exists() and not (tmp_path / "k2").exists()


def test_a_missing_file_is_named(storeroom, tmp_path):
    database, keys, _recovery = storeroom
    keep_look(tmp_path / "data", keys)
    folder = back_up(database, keys, tmp_path / "usb")
    (folder / "looks.db").unlink()
    with pytest.raises(StoreError) as damaged:
        verify_backup(folder, keys)
    assert damaged.value.params["file"] == "looks.db"


def test_the_newest_complete_set_of_a_folder_is_taken_and_an_unfinished_one_never(storeroom, tmp_path, clock):
    database, keys, _recovery = storeroom
    with pytest.raises(StoreError, match="backup_not_found"):
        find_set(tmp_path / "usb")
    back_up(database, keys, tmp_path / "usb")
    clock.advance(5_000)
    newest = back_up(database, keys, tmp_path / "usb")
    clock.advance(5_000)
    unfinished = back_up(database, keys, tmp_path / "usb")
    unfinished.rename(unfinished.with_name(unfinished.name + ".partial"))
    assert find_set(tmp_path / "usb") == newest


def test_too_little_room_is_told_before_anything_is_written(storeroom, tmp_path, monkeypatch):
    database, keys, _recovery = storeroom
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(backup_module.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(StoreError) as full:
        back_up(database, keys, tmp_path / "usb")
    assert full.value.code == "backup_no_space"
    assert list((tmp_path / "usb").iterdir()) == []


def test_a_recovery_key_survives_handwriting_but_not_a_wrong_character():
    keys, text = new_keys()
    assert unseal(seal(keys), recovery_secret(text)) == keys
    sloppy = text.lower().replace("-", " ").replace("0", "O").replace("1", "l")
    assert recovery_secret(sloppy) == recovery_secret(text)
    plain = text.removeprefix("SRK1-")
    for position, letter in enumerate(plain):
        if letter != "-":
            wrong = plain[:position] + ("Z" if letter != "Z" else "Y") + plain[position + 1 :]
            with pytest.raises(InputRefused, match="recovery_key_unreadable"):
                recovery_secret("SRK1-" + wrong)
    for nonsense in ("", "SRK1", "钥匙", recovery_text(bytes(32))[:-2], recovery_text(bytes(33))):
        with pytest.raises(InputRefused, match="recovery_key_unreadable"):
            recovery_secret(nonsense)


def test_another_recovery_key_opens_nothing():
    keys, _text = new_keys()
    _other, text = new_keys()
    for bundle in (seal(keys), b"", seal(keys)[:40]):
        with pytest.raises(StoreError, match="recovery_key_wrong"):
            unseal(bundle, recovery_secret(text))


def test_rule_13_a_restored_node_on_the_same_boards_is_commissioned_and_on_other_boards_it_is_not(
    storeroom, tmp_path, clock
):
    database, keys, recovery = storeroom
    path = tmp_path / "data" / block_file.NAME
    block_file.write(path, commissioned.file(BLOCK), keys.signing)
    (tmp_path / "data" / block_file.PROGRESS).write_text("{}", "utf-8")
    folder = back_up(database, keys, tmp_path / "usb")
    assert verify_backup(folder, keys)[1].findings == []
    restore(folder, recovery, tmp_path / "data2", tmp_path / "keys2", node_id=NODE, clock=clock)
    assert (tmp_path / "data2" / block_file.PROGRESS).exists()
    again = read_keys(tmp_path / "keys2").signing_public
    with Database.open(tmp_path / "data2" / DATABASE_FILE, keys.database, clock=clock, node_id=NODE) as back:
        here = Commissioning(
            back, tmp_path / "data2" / block_file.NAME, again, BLOCK.area, {2: commissioned.CRC}, [21], Terms()
        )
        assert here.refuse_changed(boards(board_id=0)).serial == 1
        with pytest.raises(RuleRefused, match="not_commissioned_board"):
            here.refuse_changed(boards(board_id=0x5352))


def test_a_block_file_altered_in_the_backup_set_is_refused(storeroom, tmp_path):
    database, keys, _recovery = storeroom
    block_file.write(tmp_path / "data" / block_file.NAME, commissioned.file(BLOCK), keys.signing)
    folder = back_up(database, keys, tmp_path / "usb")
    (folder / block_file.NAME).write_text("{}", "utf-8")
    with pytest.raises(StoreError, match="backup_damaged"):
        verify_backup(folder, keys)
