"""The one writer: what was answered is on the disk, what failed left nothing, and nobody waits for ever."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from edge.errors import StoreError
from edge.store.connection import driver, driver_errors, store_error
from edge.store.database import Database
from edge.store.trace import Trace
from edge.store.verify import verify
from tests.edge.small_disk import resize, small_disk

NODE = "test-node"


def note(change, number: int = 0) -> int:
    return change.event("box.placed", subject="b", actor="p", body={"n": number})


def setting(name: str, value: str):
    def write(change) -> None:
        change.db.execute("INSERT INTO setting VALUES (?, ?)", (name, value))
        note(change)

    return write


def settings(database: Database) -> dict[str, str]:
    with database.read() as db:
        return {row["name"]: row["value"] for row in db.execute("SELECT * FROM setting")}


def test_a_new_store_begins_an_epoch_that_names_no_other(database):
    first = Trace(database).recent(1)[0]
    assert (first.seq, first.action) == (1, "epoch.started")
    assert b'"previous_epoch":"","previous_head":"' + b"0" * 64 + b'","previous_seq":0' in first.body


def test_a_change_and_its_event_are_durable_together_or_not_at_all(database):
    database.write(setting("lamp", "1"))
    with pytest.raises(StoreError, match="conflict"):
        database.write(setting("lamp", "2"))
    assert settings(database) == {"lamp": "1"}
    assert Trace(database).head().seq == 2


def test_a_change_without_an_event_is_refused_unless_it_is_telemetry(database):
    def silent(change) -> None:
        change.db.execute("INSERT INTO setting VALUES ('quiet', '1')")

    with pytest.raises(ValueError, match="without an event"):
        database.write(silent)
    assert settings(database) == {}
    database.write(silent, telemetry=True)
    assert settings(database) == {"quiet": "1"}


def test_credentials_and_fractions_never_enter_a_body(database):
    for body in ({"pin": 1}, {"who": [{"uid": "04"}]}, {"key": ""}):
        with pytest.raises(ValueError, match="credentials"):
            database.write(lambda c, body=body: c.event("a.b", subject="s", actor="p", body=body))
    with pytest.raises(TypeError, match="never floats"):
        database.write(lambda c: c.event("a.b", subject="s", actor="p", body={"temp": 21.5}))
    assert Trace(database).head().seq == 1


def test_many_writers_get_gapless_events_and_one_that_fails_fails_alone(database):
    failed: list[int] = []

    def work(worker: int) -> None:
        for number in range(40):
            try:
                if number % 7 == worker % 7:
                    database.write(lambda c, n=number: (note(c, n), 1 // 0))
                else:
                    database.write(setting(f"{worker}/{number}", "x"))
            except ZeroDivisionError:
                failed.append(number)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    written = len(settings(database))
    assert written + len(failed) == 12 * 40 and len(failed) > 50
    assert Trace(database).head().seq == 1 + written


def test_waiting_changes_share_a_commit_and_each_keeps_its_own_outcome(database):
    """The writer is held inside one change while nine others queue up: they all land in the next group."""
    inside, go_on = threading.Event(), threading.Event()
    outcome: dict[int, object] = {}

    def hold(change) -> None:
        inside.set()
        go_on.wait(30)
        note(change)

    def queued(number: int) -> None:
        try:
            outcome[number] = database.write(
                lambda c: note(c, number) if number != 4 else c.db.execute("DROP TABLE no")
            )
        except Exception as error:  # noqa: BLE001 - whatever it was is the outcome
            outcome[number] = error

    first = threading.Thread(target=database.write, args=(hold,))
    first.start()
    assert inside.wait(30)
    rest = [threading.Thread(target=queued, args=(number,)) for number in range(9)]
    for thread in rest:
        thread.start()
    while database._jobs.qsize() < 9:
        time.sleep(0.01)
    go_on.set()
    for thread in [first, *rest]:
        thread.join(30)
    seqs = sorted(value for number, value in outcome.items() if number != 4)
    assert seqs == list(range(3, 11))
    assert "no such table" in str(outcome[4])


def test_a_write_inside_a_write_is_a_mistake_not_a_deadlock(database):
    with pytest.raises(RuntimeError, match="inside write"):
        database.write(lambda c: database.write(note))


def test_readers_cannot_write_and_see_one_state_throughout(database):
    with pytest.raises(StoreError, match="disk_refuses"), database.read() as db:
        db.execute("INSERT INTO setting VALUES ('a', 'b')")
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM setting").fetchone()[0] == 0
        database.write(setting("later", "1"))
        assert db.execute("SELECT count(*) FROM setting").fetchone()[0] == 0
    assert settings(database) == {"later": "1"}


def test_evidence_is_written_with_full_sync_in_wal_mode(database):
    modes = database.write(
        lambda c: [c.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")],
        telemetry=True,
    )
    assert modes == ["wal", 2]


def test_what_was_written_is_folded_into_the_file_while_nobody_writes(database):
    def much(change) -> None:
        change.db.execute("CREATE TABLE ballast (page BLOB)")
        change.db.execute(
            "INSERT INTO ballast WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
            " SELECT randomblob(4000) FROM n"
        )

    before = database.path.stat().st_size
    database.write(much, telemetry=True)
    until = time.monotonic() + 20
    while database.path.stat().st_size < before + 4_000_000:  # the writer itself would leave it in the log
        assert time.monotonic() < until, "the log was left as it was"
        time.sleep(0.05)


def test_the_trace_cannot_be_updated_or_deleted(database):
    for statement in ("UPDATE event SET actor = 'x'", "DELETE FROM event"):
        with pytest.raises(StoreError, match="append-only"):
            database.write(lambda c, s=statement: c.db.execute(s), telemetry=True)


def test_nothing_readable_is_on_the_disk(database, tmp_path):
    database.write(setting("秘密题名", "关于不得公开的事项"))
    for path in tmp_path.iterdir():
        assert "不得公开".encode() not in path.read_bytes() and b"box.placed" not in path.read_bytes()


def test_a_wrong_key_a_plain_file_and_a_missing_file_are_told_with_a_way_out(database, tmp_path, clock, key):
    database.close()
    with pytest.raises(StoreError) as wrong:
        Database.open(database.path, bytes(32), clock=clock, node_id=NODE)
    assert (wrong.value.code, wrong.value.recovery) == ("wrong_key", "bring_database_key")
    (tmp_path / "plain.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    for path, code in ((tmp_path / "plain.db", "wrong_key"), (tmp_path / "none.db", "no_database")):
        with pytest.raises(StoreError, match=code):
            Database.open(path, key, clock=clock, node_id=NODE)
    Database.open(database.path, key, clock=clock, node_id=NODE).close()


def test_a_page_whose_seal_is_broken_is_told_with_a_way_out_by_whoever_writes_there(database, clock, key):
    def indexed(no: int):
        return lambda change: change.db.execute("INSERT INTO item_words (rowid, words) VALUES (?, 'word')", (no,))

    def looked_at(change) -> None:
        change.db.execute("INSERT INTO item_words (item_words, rank) VALUES ('merge', -100)")

    database.write(indexed(1), telemetry=True)
    database.write(indexed(2), telemetry=True)
    with database.read() as db:
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'item_words_data'").fetchone()[0]
    database.close()
    content = bytearray(database.path.read_bytes())
    content[(page - 1) * 4096 + 2000] ^= 0xFF
    database.path.write_bytes(content)
    with (
        Database.open(database.path, key, clock=clock, node_id=NODE) as damaged,
        pytest.raises(StoreError, match="damaged") as told,
    ):
        damaged.write(looked_at, telemetry=True)
    assert told.value.recovery == "restore_backup"
    with pytest.raises(StoreError, match="damaged"), driver_errors(database.path):
        raise MemoryError  # as SQLite says it where the page is met in a commit


def test_a_second_process_is_refused_and_told_which_one_holds_the_data(database, clock, key):
    with pytest.raises(StoreError) as refused:
        Database.open(database.path, key, clock=clock, node_id=NODE)
    assert refused.value.code == "in_use" and refused.value.params["pid"] == str(os.getpid())


def test_another_nodes_data_is_refused(database, clock, key):
    database.close()
    with pytest.raises(StoreError, match="other_node"):
        Database.open(database.path, key, clock=clock, node_id="room-9")
    Database.open(database.path, key, clock=clock, node_id=NODE).close()


def test_a_full_disk_refuses_loudly_keeps_all_evidence_and_goes_on_when_there_is_room(database, key):
    database.write(setting("before", "1"))
    pages = database.write(lambda c: c.db.execute("PRAGMA page_count").fetchone()[0], telemetry=True)
    database.write(lambda c: c.db.execute(f"PRAGMA max_page_count = {pages}"), telemetry=True)
    with pytest.raises(StoreError) as full:
        for number in range(50):
            database.write(setting(f"{number}", "x" * 4000))
    assert (full.value.code, full.value.recovery) == ("disk_full", "free_disk_space")
    kept = settings(database)
    assert kept["before"] == "1"
    database.write(lambda c: c.db.execute("PRAGMA max_page_count = 1000000"), telemetry=True)
    database.write(setting("after", "1"))
    assert settings(database) == {**kept, "after": "1"}
    database.close()
    assert verify(database.path, key).findings == []


def test_a_really_full_disk_loses_nothing_that_was_acknowledged(tmp_path, clock, key):
    with small_disk(tmp_path / "disk", "1200k") as disk:
        acknowledged = 1
        with Database.open(disk / "storeroom.db", key, clock=clock, node_id=NODE, create=True) as database:
            with pytest.raises(StoreError, match="disk_full"):
                for number in range(1000):
                    database.write(setting(f"{number}", "x" * 3000))
                    acknowledged += 1
            assert len(settings(database)) == acknowledged - 1
            with pytest.raises(StoreError, match="disk_full"):
                database.write(setting("again", "x" * 8000))
        resize(disk, "4m")
        with Database.open(disk / "storeroom.db", key, clock=clock, node_id=NODE) as database:
            database.write(setting("room again", "1"))
            assert len(settings(database)) == acknowledged
        report = verify(disk / "storeroom.db", key)
        assert report.findings == [] and report.events == acknowledged + 1


KILLED = """
import sys, threading
sys.path.insert(0, {root!r})
from pathlib import Path
from edge.clock import SystemClock
from edge.store.database import Database
database = Database.open(Path({path!r}), bytes(range(32)), clock=SystemClock(), node_id="test-node", create=True)
gate = threading.Lock()
def work(worker):
    number = 0
    while True:
        seq = database.write(lambda c: c.event("box.placed", subject="b", actor="p", body={{"n": number}}))
        with gate:
            print(seq, flush=True)
        number += 1
for worker in range(4):
    threading.Thread(target=work, args=(worker,), daemon=True).start()
threading.Event().wait()
"""


@pytest.mark.parametrize("wanted", [3, 60, 250])
def test_a_node_killed_at_any_instant_loses_no_acknowledged_event(tmp_path, clock, key, wanted):
    path = tmp_path / "storeroom.db"
    root = str(Path(__file__).parents[3])
    code = KILLED.format(root=root, path=str(path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        told = [int(process.stdout.readline()) for _ in range(wanted)]
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout if line.endswith("\n")]
    with Database.open(path, key, clock=clock, node_id=NODE) as database:
        assert Trace(database).head().seq >= max(told)
        database.write(note)
    assert verify(path, key).findings == []


def test_a_jump_of_the_wall_clock_becomes_an_event_of_its_own(database, clock):
    database.write(note)
    clock.advance(3_600_000)
    database.write(note)
    clock.jump(-86_400_000)
    database.write(note)
    clock.reboot(utc_ms=0)
    database.write(note)
    actions = [event.action for event in reversed(Trace(database).recent(10))]
    assert actions == ["epoch.started", *["box.placed"] * 2, *["clock.jumped", "box.placed"] * 2]
    jumps = Trace(database).recent(10, action_prefix="clock.")
    assert b'"jump_ms":-86400000' in jumps[1].body


def test_a_closed_store_refuses_and_closing_waits_for_what_was_asked(database):
    inside = threading.Event()

    def slow(change) -> int:
        inside.set()
        time.sleep(0.2)
        return note(change)

    seqs: list[int] = []
    thread = threading.Thread(target=lambda: seqs.append(database.write(slow)))
    thread.start()
    assert inside.wait(30)
    database.close()
    thread.join(30)
    assert seqs == [2]
    with pytest.raises(StoreError, match="store_closed"):
        database.write(note)
    database.close()


def test_a_lock_that_passes_is_told_as_busy_and_a_mistake_of_ours_as_what_it_is(tmp_path):
    db = driver.connect(str(tmp_path / "t.db"), isolation_level=None, timeout=0)
    other = driver.connect(str(tmp_path / "t.db"), isolation_level=None, timeout=0)
    db.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="store_busy"), driver_errors():
        other.execute("BEGIN IMMEDIATE")
    with pytest.raises(driver.OperationalError, match="no such table"), driver_errors():
        other.execute("SELECT * FROM nowhere")
    protocol = driver.OperationalError("locking protocol")
    protocol.sqlite_errorcode = driver.SQLITE_PROTOCOL
    assert store_error(protocol).code == "store_busy"
