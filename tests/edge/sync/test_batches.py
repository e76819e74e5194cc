"""What leaves the room: whole bodies or none, never above the ship level, never with a personal field."""

import json

import pytest
import zstandard

from cloud_sync import contract
from edge.domain.trace import GENESIS, Moment, first_break, make_event
from edge.sync.batches import may_leave, pack


def chain(*bodies, level="internal"):
    events = []
    for seq, body in enumerate(bodies, 1):
        prev = events[-1].hash if events else GENESIS
        moment = Moment(seq, "boot", seq, True)
        events.append(
            make_event(
                node="n",
                epoch="e",
                seq=seq,
                prev=prev,
                moment=moment,
                actor="a",
                subject="s",
                action="x",
                version=1,
                level=level,
                body=body,
            )
        )
    return events


def unpacked(batch):
    return json.loads(zstandard.ZstdDecompressor().stream_reader(batch.payload).read())


@pytest.mark.parametrize(
    ("level", "ship_level", "leaves"),
    [
        ("open", "open", True),
        ("internal", "open", False),
        ("internal", "internal", True),
        ("personal", "internal", False),
        ("secret", "internal", False),
    ],
)
def test_a_body_above_the_ship_level_stays(level, ship_level, leaves):
    assert may_leave(chain({"box": "b"}, level=level)[0], ship_level) is leaves


@pytest.mark.parametrize(
    "field", [name for name in contract.PERSONAL_FIELDS if name not in ("pin", "card", "id_number")]
)
def test_a_personal_field_anywhere_keeps_the_whole_body_at_home(field):
    assert not may_leave(chain({"box": "b", "inside": [{field: "王"}]})[0], "internal")


def test_a_withheld_body_takes_its_salt_with_it_and_the_chain_still_verifies():
    events = chain({"box": "b1"}, {"title": "绝密计划"}, {"box": "b3"})
    raw = unpacked(pack("n", events, "internal", GENESIS))
    assert raw["events"][1].keys() == {"envelope"}
    assert raw["events"][0].keys() == {"envelope", "salt", "body"}
    assert raw["head"] == events[2].hash and first_break(events) is None


def test_a_batch_keeps_to_the_size_of_the_wire_and_to_two_thousand_events():
    import random

    noise = random.Random(1)
    big = chain(*({"note": noise.randbytes(30_000).hex()} for _ in range(12)))
    batch = pack("n", big, "internal", GENESIS)
    assert len(batch.payload) <= contract.MAX_BATCH_BYTES and 1 <= batch.last_seq < 12
    many = chain(*({"box": "b"} for _ in range(2100)))
    assert pack("n", many, "internal", GENESIS).last_seq <= contract.MAX_BATCH_EVENTS


def test_one_body_too_large_for_any_message_goes_as_its_envelope():
    import random

    event = chain({"note": random.Random(2).randbytes(400_000).hex()})
    batch = pack("n", event, "internal", GENESIS)
    assert len(batch.payload) <= contract.MAX_BATCH_BYTES and unpacked(batch)["events"][0].keys() == {"envelope"}
