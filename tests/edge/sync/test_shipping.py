"""The two cursors over a real trace: what an acknowledgement may do, and what is sent again when."""

import json
from itertools import pairwise

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud_sync import contract
from edge.domain.trace import GENESIS
from edge.store.trace import Trace
from edge.sync import shipping
from edge.sync.shipping import FIRST_RETRY_MS, WINDOW, Shipping

CENTRE = Ed25519PrivateKey.generate()


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(contract, "MAX_BATCH_EVENTS", 3)


@pytest.fixture
def trace(database):
    return Trace(database)


@pytest.fixture
def ship(trace, small_batches):
    return Shipping(trace, "test-node", "internal", CENTRE.public_key().public_bytes_raw(), 0)


def fill(database, count):
    for number in range(count):
        database.write(lambda c, n=number: c.event("box.placed", subject="s", actor="a", body={"box": f"b{n}"}))


def ack(trace, seq, *, key=CENTRE, node="test-node", epoch=None, head=None, gap=False):
    epoch = trace.head().epoch if epoch is None else epoch
    head = head or trace.head_at(epoch, seq).hash if epoch else GENESIS
    made = contract.Ack(node=node, epoch=epoch, seq=seq, head=head, signature="", gap=gap)
    return made.model_copy(update={"signature": key.sign(made.signed_bytes()).hex()}).model_dump_json().encode()


def drain(ship, now_ms=0):
    sent = []
    while (batch := ship.next_batch(now_ms)) is not None:
        sent.append((batch.first_seq, batch.last_seq))
    return sent


def test_at_most_a_window_is_sent_ahead_and_an_ack_opens_it(ship, trace, database):
    fill(database, 19)  # with epoch.started: 20 events
    assert drain(ship) == [(1, 3), (4, 6), (7, 9), (10, 12)] and ship.in_flight == WINDOW
    assert ship.acknowledged(ack(trace, 6), 10)
    assert trace.acked()[1] == 6
    assert drain(ship, 10) == [(13, 15), (16, 18)]


@pytest.mark.parametrize(
    "forged",
    [
        lambda trace: ack(trace, 6, key=Ed25519PrivateKey.generate()),
        lambda trace: ack(trace, 6, node="other-node"),
        lambda trace: ack(trace, 6).replace(b'"seq":6', b'"seq":9'),
        lambda trace: json.dumps({**json.loads(ack(trace, 6)), "signature": "zz"}).encode(),
        lambda trace: b"{}",
        lambda trace: b"\xff",
    ],
)
def test_a_forged_acknowledgement_moves_nothing(ship, trace, database, forged):
    fill(database, 9)
    drain(ship)
    before, flight = trace.acked(), ship.in_flight
    assert not ship.acknowledged(forged(trace), 10)
    assert trace.acked() == before and ship.in_flight == flight


def test_a_centre_that_goes_back_gets_everything_from_there(ship, trace, database):
    fill(database, 9)
    drain(ship)
    ship.acknowledged(ack(trace, 10), 10)
    assert ship.acknowledged(ack(trace, 4), 20)
    assert trace.acked()[1] == 4 and drain(ship, 20) == [(5, 7), (8, 10)]


def test_a_centre_that_holds_nothing_gets_everything(ship, trace, database):
    fill(database, 5)
    drain(ship)
    ship.acknowledged(ack(trace, 6), 10)
    assert ship.acknowledged(ack(trace, 0, epoch=""), 20)
    assert drain(ship, 20)[0] == (1, 3)


def test_a_gap_is_filled_at_once_but_only_once_for_all_batches_behind_it(ship, trace, database):
    fill(database, 19)
    drain(ship)
    ship.acknowledged(ack(trace, 3, gap=True), 10)
    ship.acknowledged(ack(trace, 3, gap=True), 20)
    assert drain(ship, 20) == [(4, 6)]
    ship.acknowledged(ack(trace, 3, gap=True), 30)
    assert drain(ship, 30) == []
    ship.acknowledged(ack(trace, 6), 40)
    assert len(drain(ship, 40)) == WINDOW


def test_silence_is_answered_ever_more_slowly_with_one_batch(ship, trace, database):
    fill(database, 30)
    assert len(drain(ship, 0)) == WINDOW
    sent, at = [], 0
    while at < 24 * 3_600_000:
        at += 1000
        sent += [at] if drain(ship, at) else []
    assert sent[0] == FIRST_RETRY_MS and len(sent) < 40
    pauses = [later - earlier for earlier, later in pairwise(sent)]
    assert pauses == sorted(pauses)


def test_an_acknowledgement_of_another_history_is_a_fault_and_moves_nothing(ship, trace, database):
    fill(database, 9)
    drain(ship)
    for strange, fault in (
        (ack(trace, 5, head="1" * 64), "centre_knows_other_trace"),
        (ack(trace, 99, head="1" * 64), "centre_holds_more"),
        (ack(trace, 5, epoch="ffff", head="1" * 64), "centre_knows_other_trace"),
    ):
        assert not ship.acknowledged(strange, 10)
        assert ship.fault == fault and trace.acked()[1] == 0
    assert ship.acknowledged(ack(trace, 3), 10) and ship.fault == ""


def test_a_new_epoch_follows_the_old_one(ship, trace, database):
    fill(database, 4)
    first = trace.head().epoch
    database.write(lambda change: change.start_epoch("e2", trace.head(), "restored"))
    assert drain(ship) == [(1, 3), (4, 5), (1, 1)]
    ship.acknowledged(ack(trace, 5, epoch=first), 10)
    assert ship.in_flight == 1
    ship.acknowledged(ack(trace, 1, epoch="e2"), 20)
    assert ship.in_flight == 0 and trace.backlog() == 0


def test_events_that_a_restore_lost_do_not_hold_up_the_new_epoch(ship, trace, database):
    fill(database, 4)
    first = trace.head().epoch
    database.write(lambda change: change.start_epoch("e2", trace.head(), "restored"))
    assert ship.acknowledged(ack(trace, 700, epoch=first, head="1" * 64), 10)
    assert drain(ship, 10) == [(1, 1)]


class Centre:
    """The centre's rule as the contract states it, over a channel that loses and doubles."""

    def __init__(self):
        self.held = []

    def take(self, payload):
        raw = json.loads(zstandard.ZstdDecompressor().stream_reader(payload).read())
        first = raw["first_seq"]
        if first > len(self.held) + 1:
            return True
        self.held += [wire["envelope"] for wire in raw["events"]][len(self.held) + 1 - first :]
        return False


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fates=st.lists(st.sampled_from(["arrives", "lost", "twice", "ack lost"]), max_size=40), backwards=st.integers(0, 20)
)
def test_whatever_is_lost_or_doubled_everything_arrives_once_and_in_order(
    trace, database, monkeypatch, fates, backwards
):
    monkeypatch.setattr(shipping.contract, "MAX_BATCH_EVENTS", 3)
    if trace.head().seq < 20:
        fill(database, 20)
    trace.set_acked(trace.head().epoch, 0)
    ship = Shipping(trace, "test-node", "internal", CENTRE.public_key().public_bytes_raw(), 0)
    centre, fates, now_ms, total = Centre(), list(fates), 0, trace.head().seq
    for _ in range(400):
        now_ms += 3000
        sent = []
        while (batch := ship.next_batch(now_ms)) is not None:
            sent.append(batch)
        for batch in sent:
            fate = fates.pop(0) if fates else "arrives"
            if fate == "lost":
                continue
            gap = centre.take(batch.payload)
            if fate == "twice":
                gap = centre.take(batch.payload)
            if fate != "ack lost":
                ship.acknowledged(ack(trace, len(centre.held), epoch="" if not centre.held else None, gap=gap), now_ms)
        if backwards and len(centre.held) >= backwards:
            centre.held, backwards = centre.held[: backwards // 2], 0
            ship.acknowledged(ack(trace, len(centre.held), epoch="" if not centre.held else None), now_ms)
        if trace.acked()[1] == total:
            break
    assert [json.loads(envelope)["seq"] for envelope in centre.held] == list(range(1, total + 1))
    assert trace.acked()[1] == total
