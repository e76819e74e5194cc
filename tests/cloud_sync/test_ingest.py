"""The ingest without a broker: duplicates, gaps, forks, restored nodes, bad messages."""

import json

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync import contract, keys
from cloud_sync.store import evidence, projections
from cloud_sync.store.database import Database
from cloud_sync.store.fleet import Fleet
from cloud_sync.store.nodes import Bad, Nodes
from tests.cloud_sync.chain import NODE, NODE_KEY, Chain


def quarantine(database):
    with database.read() as db:
        return [(row["why"], row["seq"], row["times"]) for row in db.execute("SELECT * FROM quarantine ORDER BY id")]


def held(database):
    with database.read() as db:
        return [(row["epoch"], row["seq"]) for row in db.execute("SELECT epoch, seq FROM event ORDER BY id")]


def test_the_ack_names_what_is_held_and_is_signed_by_the_centre(ingest, centre_key):
    chain = Chain().fill(5)
    ack = ingest.events(NODE, chain.batch(1, 5)).ack
    assert (ack.epoch, ack.seq, ack.head, ack.gap) == ("e1", 5, chain.events[4].hash, False)
    assert keys.verifies(keys.public_hex(centre_key), ack.signature, ack.signed_bytes())


def test_a_batch_that_comes_again_adds_nothing(ingest, database):
    chain = Chain().fill(5)
    assert ingest.events(NODE, chain.batch(1, 5)).added == 5
    again = ingest.events(NODE, chain.batch(1, 5))
    overlapping = ingest.events(NODE, chain.fill(2).batch(3, 7))
    assert again.added == 0 and not again.ack.gap and overlapping.added == 2
    assert [seq for _, seq in held(database)] == [1, 2, 3, 4, 5, 6, 7]
    assert quarantine(database) == []


def test_a_gap_stores_nothing_and_asks_from_what_is_held(ingest, database):
    chain = Chain().fill(9)
    ingest.events(NODE, chain.batch(1, 3))
    outcome = ingest.events(NODE, chain.batch(6, 9))
    assert (outcome.ack.seq, outcome.ack.gap, outcome.added) == (3, True, 0)
    assert len(held(database)) == 3


def test_a_centre_that_holds_nothing_asks_for_the_beginning(ingest):
    outcome = ingest.events(NODE, Chain().fill(9).batch(4, 9))
    assert (outcome.ack.epoch, outcome.ack.seq, outcome.ack.gap) == ("", 0, True)


def test_another_hash_for_a_held_number_is_a_fork_kept_and_alarmed(ingest, database):
    chain = Chain().fill(5)
    ingest.events(NODE, chain.batch(1, 5))
    other = chain.fork(3).add(body={"box": "x", "slot": "elsewhere"}).add()
    outcome = ingest.events(NODE, other.batch(3, 5))
    assert outcome.quarantined == "fork" and outcome.ack is None
    assert quarantine(database) == [("fork", 4, 1)]
    assert Fleet(database, "Asia/Shanghai").rooms(0)[0]["forks"] == 1
    ingest.events(NODE, other.batch(3, 5))
    assert quarantine(database) == [("fork", 4, 2)]


def test_a_fork_that_joins_on_at_the_end_with_another_past_is_seen(ingest, database):
    chain = Chain().fill(5)
    ingest.events(NODE, chain.batch(1, 5))
    other = chain.fork(4).add(body={"box": "x", "slot": "y"}).add()
    assert ingest.events(NODE, other.batch(6, 6)).quarantined == "fork"
    assert len(held(database)) == 5


def tampered(payload, change):
    raw = json.loads(zstandard.ZstdDecompressor().stream_reader(payload).read())
    change(raw)
    return zstandard.ZstdCompressor().compress(json.dumps(raw, ensure_ascii=False).encode())


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("body", lambda raw: raw["events"][1].update(body='{"box":"b2","slot":"other"}')),
        (
            "chain",
            lambda raw: raw["events"][1].update(
                envelope=raw["events"][1]["envelope"].replace('"actor":"a"', '"actor":"z"')
            ),
        ),
        ("gap", lambda raw: raw["events"].pop(1)),
        ("chain", lambda raw: raw.update(head="0" * 64)),
        ("version", lambda raw: raw.update(v=99)),
        ("fields", lambda raw: raw.update(node="room-2")),
        ("unreadable", lambda raw: raw["events"][1].update(envelope="{")),
        ("unreadable", lambda raw: raw.update(events=[])),
    ],
)
def test_a_message_that_does_not_verify_is_quarantined_and_the_rest_goes_on(ingest, database, why, change):
    chain = Chain().fill(3)
    assert ingest.events(NODE, tampered(chain.batch(1, 3), change)).quarantined == why
    assert held(database) == []
    assert ingest.events(NODE, chain.batch(1, 3)).added == 3


def test_garbage_and_a_bomb_are_quarantined(ingest, database):
    bomb = zstandard.ZstdCompressor(level=3).compress(b" " * (64 * 1024 * 1024))
    assert ingest.events(NODE, b"\x00garbage").quarantined == "unreadable"
    assert ingest.events(NODE, bomb).quarantined == "too_large"
    assert ingest.events(NODE, b"x" * (contract.MAX_BATCH_BYTES + 1)).quarantined == "too_large"


def test_a_node_that_is_not_enrolled_gets_no_ack(ingest, database):
    outcome = ingest.events("stranger", Chain(node="stranger").fill(2).batch(1, 2))
    assert outcome.quarantined == "not_enrolled" and outcome.ack is None and held(database) == []


def test_unknown_fields_of_a_newer_node_are_ignored(ingest):
    payload = tampered(Chain().fill(2).batch(1, 2), lambda raw: raw.update(later="field"))
    assert ingest.events(NODE, payload).added == 2


def test_a_restored_node_loses_nothing_here_and_goes_on_in_its_new_epoch(ingest, database):
    chain = Chain().fill(8)
    ingest.events(NODE, chain.batch(1, 8))
    restored = chain.restored(at=5).add(body={"box": "b6", "slot": "new"})
    outcome = ingest.events(NODE, restored.batch(1, 2))
    assert (outcome.added, outcome.ack.epoch, outcome.ack.seq) == (2, "e2", 2)
    assert len(held(database)) == 10
    with database.read() as db:
        boxes = {row["box"]: row["slot"] for row in db.execute("SELECT * FROM box")}
    assert boxes == {"b1": "s1", "b2": "s2", "b3": "s3", "b4": "s4", "b5": "s5", "b6": "new"}


def test_a_new_epoch_waits_until_the_end_of_the_old_one_is_here(ingest):
    chain = Chain().fill(8)
    ingest.events(NODE, chain.batch(1, 4))
    restored = chain.restored(at=8)
    asked = ingest.events(NODE, restored.batch(1, 1)).ack
    assert (asked.epoch, asked.seq, asked.gap) == ("e1", 4, True)
    ingest.events(NODE, chain.batch(5, 8))
    assert ingest.events(NODE, restored.batch(1, 1)).ack.epoch == "e2"


def test_a_new_epoch_that_names_no_past_or_a_false_one_is_quarantined(ingest, database):
    chain = Chain().fill(4)
    ingest.events(NODE, chain.batch(1, 4))
    assert ingest.events(NODE, Chain("e9").fill(2).batch(1, 2)).quarantined == "epoch_unlinked"
    liar = chain.fork(3).add(body={"box": "x", "slot": "y"}).restored(at=4, epoch="e8")
    assert ingest.events(NODE, liar.batch(1, 1)).quarantined == "fork"


def test_a_withheld_body_keeps_its_place_in_the_chain(ingest, database):
    chain = Chain().add().add("search.secret", {"hits": 3}, level="secret").add()
    assert ingest.events(NODE, chain.batch(1, 3)).added == 3
    assert [event["body"] is None for event in Fleet(database, "Asia/Shanghai").events(NODE, 9)] == [False, True, False]
    assert Nodes(database).verify().bad == []


def test_projections_can_be_built_again_and_come_out_the_same(ingest, database):
    chain = (
        Chain()
        .fill(3)
        .add(
            "loan.approved",
            {"loan": "L1", "kind": "item", "item": "i", "box": "b1", "box_no": "0007", "slot": "s1", "due": ""}
            | {"state": "approved"},
        )
    )
    chain.add("loan.handed_over", {"loan": "L1", "due": "2026-12-01", "state": "handed_over"})
    chain.add(
        "alarm.raised",
        {
            "alarm": "A1",
            "rule": "rh_high",
            "place": "21",
            "severity": "alarm",
            "active": True,
            "acked": False,
            "value": 6400,
            "limit": 6000,
        },
    )
    chain.add("alarm.acknowledged", {"alarm": "A1", "active": True, "acked": True}).add(
        "box.taken", {"box": "b1", "slot": "s1"}
    )
    chain.add("patrol.begun", {"patrol": "P1", "kind": "daily", "points": 9})
    chain.add("patrol.found", {"finding": "F1", "patrol": "P1", "kind": "damaged", "what": "door"})
    chain.add("patrol.finding_assigned", {"finding": "F1", "owner": "p", "until": "2026-12-01"})
    chain.add("patrol.signed", {"patrol": "P1", "kind": "daily", "points": 9, "found": 1})
    ingest.events(NODE, chain.batch(1, len(chain.events)))

    def tables():
        with database.read() as db:
            return {
                name: [tuple(row) for row in db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]
                for name in projections.TABLES
            }

    before = tables()
    assert before["loan"] == [
        (NODE, "L1", "item", "i", "b1", "s1", "2026-12-01", "handed_over", 1005, "0007", "a", 1004)
    ]
    assert before["alarm"][0][2:] == ("rh_high", "21", "alarm", 1, 1, 6400, 6000, 1007)
    assert before["box"][0] == (NODE, "b1", "", 2, 1008)
    assert before["patrol"] == [(NODE, "P1", "daily", "signed", 1009, 1012)]
    assert before["finding"] == [(NODE, "F1", "damaged", "door", "2026-12-01", 0, 1011)]
    database.write(lambda db: db.execute("UPDATE loan SET state = 'lost'"))
    Nodes(database).verify()
    assert tables() == before


def test_a_checkpoint_counts_only_with_the_enrolled_key_and_the_held_head(ingest, database):
    chain = Chain().fill(3)
    ingest.events(NODE, chain.batch(1, 3))

    def checkpoint(key, head):
        made = contract.Checkpoint(node=NODE, epoch="e1", seq=3, head=head, utc_ms=7, signature="")
        made = made.model_copy(update={"signature": key.sign(made.signed_bytes()).hex()})
        return ingest.checkpoint(NODE, made.model_dump_json().encode()).quarantined

    assert checkpoint(Ed25519PrivateKey.generate(), chain.events[2].hash) == "signature"
    assert checkpoint(NODE_KEY, "1" * 64) == "fork"
    assert checkpoint(NODE_KEY, chain.events[2].hash) == ""
    assert Nodes(database).verify().checkpoints == 1


def test_verify_points_at_an_event_that_was_changed_in_the_file(ingest, database):
    ingest.events(NODE, Chain().fill(5).batch(1, 5))

    def change(db):
        db.execute("DROP TRIGGER event_is_never_changed")
        db.execute("UPDATE event SET body = CAST(replace(body, 's3', 's9') AS BLOB) WHERE seq = 3")

    database.write(change)
    assert Nodes(database).verify().bad == [Bad(NODE, "e1", 3, "body")]


def test_a_file_of_an_earlier_release_gains_the_boxs_number(tmp_path):
    Database(tmp_path).write(lambda db: db.execute("ALTER TABLE loan DROP COLUMN box_no"))
    Database(tmp_path).write(lambda db: projections.apply(db, NODE, "loan.approved", 1, LOAN, "p1"))
    with Database(tmp_path).read() as db:
        assert db.execute("SELECT loan, box_no FROM loan").fetchone()[:] == ("L1", "0007")


LOAN = b'{"loan": "L1", "kind": "box", "box": "b1", "box_no": "0007", "state": "approved"}'


def test_events_cannot_be_changed_or_deleted_by_accident(ingest, database):
    ingest.events(NODE, Chain().fill(1).batch(1, 1))
    for statement in ("DELETE FROM event", "UPDATE event SET actor = 'z'"):
        with pytest.raises(Exception, match="never"):
            database.write(lambda db, statement=statement: db.execute(statement))
    with database.read() as db:
        assert evidence.newest(db, NODE).seq == 1
