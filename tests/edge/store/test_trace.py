"""Reading the trace, signing it, and following the centre's word."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.chain import Chain
from edge.domain.trace import GENESIS, Break, Event, Moment, first_break, make_event
from edge.store.trace import Trace
from edge.store.views import Views

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")


def note(database, count=1, action="box.placed", subject="b"):
    for _ in range(count):
        database.write(lambda c: c.event(action, subject=subject, actor="p", body={}))


def test_events_are_given_in_order_after_a_seq_and_newest_first_by_subject_or_action(database):
    note(database, 3)
    note(database, 2, action="move.started", subject="m")
    trace = Trace(database)
    epoch = trace.head().epoch
    assert [event.seq for event in trace.events_after(epoch, 2, 3)] == [3, 4, 5]
    assert trace.events_after("other", 0, 9) == []
    assert [event.seq for event in trace.recent(9, subject="m")] == [6, 5]
    assert [event.seq for event in trace.recent(2, action_prefix="box.")] == [4, 3]
    assert Views(database).recent(1) == trace.recent(1)


def test_the_cursor_follows_the_centre_also_backwards(database):
    trace = Trace(database)
    note(database, 9)
    epoch = trace.head().epoch
    assert trace.acked() == (epoch, 0) and trace.backlog() == 10
    trace.set_acked(epoch, 8)
    assert trace.acked() == (epoch, 8) and trace.backlog() == 2
    trace.set_acked(epoch, 3)
    assert trace.backlog() == 7
    assert trace.head_at(epoch, 10) == trace.head() and trace.head_at(epoch, 11) is None
    assert trace.head_at(epoch, 0).hash == GENESIS


def test_a_checkpoint_is_signed_for_new_events_only_after_a_hundred_or_a_minute(database, clock):
    trace = Trace(database)
    note(database, 98)
    assert trace.checkpoint(SIGNING) is None
    note(database)
    first = trace.checkpoint(SIGNING)
    assert first.seq == 100
    clock.advance(600_000)
    assert trace.checkpoint(SIGNING) is None and trace.checkpoint(SIGNING, now=True) is None
    note(database)
    assert trace.checkpoint(SIGNING) is None
    clock.advance(60_000)
    assert trace.checkpoint(SIGNING).seq == 101
    note(database)
    assert trace.checkpoint(SIGNING, now=True).seq == 102
    assert [point.seq for point in trace.checkpoints()] == [100, 101, 102]
    SIGNING.public_key().verify(
        bytes.fromhex(first.signature),
        f"storeroom-checkpoint/1 {first.node} {first.epoch} 100 {first.head} {first.utc_ms}".encode(),
    )


def chain_of(count: int) -> list[Event]:
    events: list[Event] = []
    for seq in range(1, count + 1):
        events.append(
            make_event(
                node="n1",
                epoch="e1",
                seq=seq,
                prev=events[-1].hash if events else GENESIS,
                moment=Moment(1_000 + seq, "boot", seq, True),
                actor="p",
                subject="s",
                action="box.placed",
                version=1,
                level="internal",
                body={"seq": seq, "盒": "甲"},
            )
        )
    return events


EVENTS = chain_of(12)


def changed(event: Event, part: str, position: int, bit: int) -> Event:
    raw = bytearray(getattr(event, part))
    raw[position % len(raw)] ^= 1 << bit
    values = {name: getattr(event, name) for name in Event.__slots__}
    return Event(**{**values, part: bytes(raw)})


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, 9),  # with one event behind it nothing can tell which of the two was changed
    part=st.sampled_from(["envelope", "salt", "body"]),
    position=st.integers(0, 2000),
    bit=st.integers(0, 7),
)
def test_one_changed_bit_is_pointed_at_exactly(at, part, position, bit):
    events = [changed(event, part, position, bit) if index == at else event for index, event in enumerate(EVENTS)]
    chain = Chain("e1")
    breaks = [found for event in events for found in chain.follow(event)] + chain.end()
    assert breaks and breaks[0].seq == at + 1
    assert first_break(events) is not None


def test_near_the_end_the_pair_is_named_by_its_later_event():
    position = EVENTS[10].envelope.index(b'"mono_ms":') + 11
    events = [*EVENTS[:10], changed(EVENTS[10], "envelope", position, 0), EVENTS[11]]
    chain = Chain("e1")
    assert [found for event in events for found in chain.follow(event)] + chain.end() == [Break(12, "chain")]


def test_an_unchanged_chain_has_no_break_from_any_start():
    for start in range(12):
        chain = Chain("e1", None)
        assert [found for event in EVENTS[start:] for found in chain.follow(event)] + chain.end() == []
    assert first_break(EVENTS) is None


def test_a_missing_event_is_a_gap_where_it_was():
    chain = Chain("e1")
    assert [found for event in EVENTS[:4] + EVENTS[5:] for found in chain.follow(event)] == [Break(5, "gap")]
