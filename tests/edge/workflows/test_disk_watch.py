"""A disk that something fills: large things wait, and neither an alarm nor the trace is ever refused."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.records import NewItem
from edge.errors import StoreError
from edge.store import index_rebuild
from edge.store.database import Database
from edge.store.reserve import RESERVE_BYTES, Reserve
from edge.store.upkeep_index import TABLES, index
from edge.store.upkeep_site import Site
from edge.store.verify import verify
from edge.workflows import ingest
from edge.workflows.disk_watch import DiskWatch
from edge.workflows.watch_protections import Watch
from tests.edge.small_disk import small_disk
from tests.edge.workflows.test_watch_protections import seconds

MB = 1 << 20


@pytest.fixture
def tmp_path(tmp_path):
    """All of this room lies on a disk of its own."""
    with small_disk(tmp_path / "disk", "300m") as disk:
        yield disk


def fill(disk, leave_bytes):
    free = os.statvfs(disk)
    with (disk / "somebody-elses.log").open("ab") as file:
        os.posix_fallocate(file.fileno(), file.tell(), free.f_bavail * free.f_frsize - leave_bytes)


def test_the_disk_fills_and_alarm_trace_and_sign_in_go_on_in_the_reserve(scene, tmp_path, clock, key):
    watch, protections = DiskWatch(scene.room), Watch(scene.room)
    watch.step()
    assert Reserve(tmp_path).held
    assert [alarm.rule for alarm in scene.room.alarms.standing()] == ["disk_low"]  # 300 MB are little
    assert not scene.desk.sounding and not (watch.tight() or watch.full())

    fill(tmp_path, 60 * MB)
    assert watch.tight()
    (tmp_path / "list.csv").write_text("档号,题名\nA001-WS·2013·Y-0001,晚来的通知\n", "utf-8")
    with pytest.raises(StoreError, match="disk_tight"):
        ingest.ingest(scene.room.database, tmp_path / "list.csv", actor="p", fonds_no="A001")
    with pytest.raises(StoreError, match="disk_tight"):
        scene.room.scans.keep(b"page", clock.utc_ms())
    with pytest.raises(StoreError, match="disk_tight"):
        next(index_rebuild.rebuild(scene.room.database, "p"))

    fill(tmp_path, 0)
    watch.step()
    assert not Reserve(tmp_path).held and watch.tight()
    seconds(scene, protections, 4, leak=True)
    assert "leak" in [alarm.rule for alarm in scene.room.alarms.standing()] and scene.desk.sounding
    scene.room.database.write(lambda change: change.event("note", subject="a", actor="p", body={}))

    (tmp_path / "somebody-elses.log").unlink()
    watch.step()
    assert Reserve(tmp_path).held and not watch.tight()
    ingest.ingest(scene.room.database, tmp_path / "list.csv", actor="p", fonds_no="A001")
    scene.room.database.close()
    assert verify(tmp_path / "storeroom.db", key).findings == []


def test_a_refused_change_makes_room_for_whoever_tries_again(scene, tmp_path):
    DiskWatch(scene.room).step()
    fill(tmp_path, 0)

    def much(change):
        change.db.execute("CREATE TABLE IF NOT EXISTS much (text TEXT)")
        change.db.execute("INSERT INTO much VALUES (?)", ("x" * 4 * MB,))
        change.event("note", subject="a", actor="p", body={})

    with pytest.raises(StoreError, match="disk_full"):
        scene.room.database.write(much)
    scene.room.database.write(much)
    assert not Reserve(tmp_path).held


def test_a_store_on_a_full_disk_opens_in_its_reserve(scene, tmp_path, clock, key):
    DiskWatch(scene.room).step()
    database = scene.room.database
    database.close()
    fill(tmp_path, 0)
    with Database.open(database.path, key, clock=clock, node_id="test-node") as opened:
        opened.write(lambda change: change.event("note", subject="a", actor="p", body={}))
    assert RESERVE_BYTES > os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize > RESERVE_BYTES // 2


def test_an_emergency_that_no_store_can_take_is_heard_at_once_and_recorded_when_it_can(scene, tmp_path):
    watch = Watch(scene.room)
    seconds(scene, watch, 1, leak=False)
    fill(tmp_path, 0)  # and no reserve
    for _ in range(2):
        with pytest.raises(StoreError, match="disk_full"):
            seconds(scene, watch, 1, leak=True, rh_cpct=9000)
        assert scene.desk.sounding and not scene.room.alarms.standing()
    (tmp_path / "somebody-elses.log").unlink()
    seconds(scene, watch, 3, leak=True, rh_cpct=9000)
    assert [alarm.rule for alarm in scene.room.alarms.standing()] == ["leak"] and scene.desk.sounding


def test_the_night_proves_the_index_and_leaves_its_merging_until_there_is_room(scene, tmp_path, key):
    database = scene.room.database
    for no in range(60):
        new = NewItem("A001", f"关于会计档案第{no}号的通知")
        database.write(lambda change, new=new: scene.room.catalogue.add_item(change, new, actor="p"))
    site = Site(database, key, Ed25519PrivateKey.generate().public_key(), (), lambda: True, tmp_path / "scans.db")

    def night():
        steps = list(index(site, {}))
        with database.read() as db:
            return sum(step.checked for step in steps), db.execute("SELECT count(*) FROM item_words_data").fetchone()[0]

    fill(tmp_path, 60 * MB)
    proved, pieces = night()
    (tmp_path / "somebody-elses.log").unlink()
    merged = night()
    assert proved == merged[0] == len(TABLES)
    assert merged[1] < pieces
