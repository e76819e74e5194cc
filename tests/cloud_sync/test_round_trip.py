"""Trace → broker → centre → acknowledgement, with the real nats-server, through everything that may go away."""

import os
import signal

from cloud_sync.app import Centre, now_ms


def in_order_and_once(events):
    return [seq for _, seq in events] == list(range(1, len(events) + 1))


def test_events_arrive_in_order_and_the_cursor_follows_the_centre(centre, room, wait, arrived):
    room.start()
    room.move(30)
    wait(room.delivered)
    assert in_order_and_once(arrived()) and len(arrived()) == room.seq()
    shown = centre.fleet.room("room-1", now_ms())
    assert shown["name"] == "一号库房" and shown["backlog"] == 0
    wait(lambda: centre.fleet.rooms(now_ms())[0]["state"] == "online")


def test_a_clean_stop_is_shown_as_stopped_not_offline(centre, room, wait):
    room.start()
    wait(room.delivered)
    room.stop()
    wait(lambda: centre.fleet.rooms(now_ms())[0]["state"] == "stopped")


def test_checkpoints_arrive_and_the_whole_holding_verifies(centre, room, wait):
    from cloud_sync.store.nodes import Nodes

    room.start()
    room.move(5)
    wait(room.delivered)
    wait(lambda: Nodes(centre.database).verify().checkpoints)
    verdict = Nodes(centre.database).verify()
    assert verdict.events == room.seq() and verdict.bad == []


def test_the_broker_killed_in_mid_stream_loses_and_doubles_nothing(centre, room, wait, arrived):
    room.start()
    room.move(20)
    os.kill(centre.broker.pid, signal.SIGKILL)
    room.move(200, start=20)
    wait(room.delivered, 60)
    assert in_order_and_once(arrived()) and len(arrived()) == room.seq()


def test_fifty_boxes_moved_while_the_centre_is_away_arrive_afterwards(settings, room, wait):
    with Centre(settings) as first:
        room.start()
        wait(room.delivered)
        before = room.trace.acked()
        assert first.broker.pid
    room.move(50)
    assert room.trace.acked() == before
    with Centre(settings) as second:
        wait(room.delivered, 60)
        with second.database.read() as db:
            boxes = db.execute("SELECT count(*) FROM box").fetchone()[0]
            seqs = [row[0] for row in db.execute("SELECT seq FROM event ORDER BY id")]
        assert boxes == 50 and seqs == list(range(1, room.seq() + 1))


def test_a_node_that_never_met_its_broker_works_and_ships_everything_in_its_next_life(settings, room, wait):
    room.start()
    room.move(10)
    room.stop()
    with Centre(settings) as centre:
        room.start()
        wait(room.delivered)
        assert centre.fleet.rooms(0)[0]["events_held"] == room.seq()


def test_a_centre_that_lost_its_store_gets_everything_again(settings, room, wait):
    from cloud_sync.store.database import FILE

    with Centre(settings) as first:
        room.start()
        room.move(10)
        wait(room.delivered)
        assert first.fleet.rooms(0)[0]["events_held"] == room.seq()
    for suffix in ("", "-wal", "-shm"):
        (settings.central.data_dir / (FILE + suffix)).unlink(missing_ok=True)
    with Centre(settings) as second:
        from cloud_sync.store.nodes import Nodes

        Nodes(second.database).enrol("room-1", "", "", 1)
        room.move(1, start=10)
        wait(lambda: second.fleet.rooms(0)[0]["events_held"] == room.seq(), 60)


def test_a_node_put_back_to_an_older_copy_goes_on_and_loses_nothing_at_the_centre(centre, room, wait, arrived):
    room.start()
    room.move(5)
    wait(room.delivered)
    room.close()
    copy = (room.folder / "storeroom.db").read_bytes()
    room.open()
    room.start()
    room.move(5, start=5)
    wait(room.delivered)
    held = len(arrived())
    first = room.trace.head().epoch
    room.close()
    (room.folder / "storeroom.db").write_bytes(copy)
    for left in ("-wal", "-shm"):
        (room.folder / f"storeroom.db{left}").unlink(missing_ok=True)
    room.open()
    head = room.trace.head()
    room.database.write(lambda change: change.start_epoch("aa" * 8, head, "restored"))
    room.move(2, start=20)
    room.start()
    wait(room.delivered)
    assert len(arrived()) == held + 3
    assert [seq for epoch, seq in arrived() if epoch == first] == list(range(1, held + 1))
    shown = centre.fleet.room("room-1", now_ms())
    assert shown["epochs"][0]["previous_epoch"] == first and shown["quarantined"] == 0
    with centre.database.read() as db:
        boxes = {row["box"] for row in db.execute("SELECT box FROM box")}
    assert boxes == {f"box-{number}" for number in (0, 1, 2, 3, 4, 20, 21)}
