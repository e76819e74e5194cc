"""A secret item is searched, lent and brought back; then everything that left the node is read for traces of it."""

from __future__ import annotations

from dataclasses import dataclass

import paho.mqtt.client as mqtt
import pytest
import zstandard
from paho.mqtt.enums import CallbackAPIVersion
from panel_keys import CLEARED, wait_for
from whole_room import Record, WholeRoom

from cloud_sync import config, keys
from cloud_sync.broker_users import CENTRE
from cloud_sync.link import SUBSCRIPTIONS

pytestmark = pytest.mark.live


@dataclass
class Spied:
    """``wire``: every message of the node, unpacked. ``after``: the newest event before the secret item was touched."""

    wire: list[tuple[str, bytes]]
    record: Record
    loan_id: str = ""
    after: int = 0

    def said(self) -> bytes:
        return b"\n".join(payload for _topic, payload in self.wire)


@pytest.fixture(scope="module")
def spied(storeroom: WholeRoom) -> Spied:
    """While the item is lent a spy sits in the centre's place at the broker; afterwards the centre gets it all too."""
    storeroom.ready()
    boxed = storeroom.picked(storeroom.open_aisle(), lambda items: any(item.secret_level == "secret" for item in items))
    found = Spied([], next(item for item in boxed if item.secret_level == "secret"), after=storeroom.head())
    storeroom.act("centre_stop")
    spy = listening(storeroom, found.wire)
    lend(storeroom, found)
    wait_for("the spy heard it all", lambda: b"loan.reshelved" in found.said(), 60)
    spy.disconnect()
    spy.loop_stop()
    storeroom.act("centre_start")
    last = storeroom.head()
    wait_for("the centre has confirmed it", lambda: storeroom.trace.acked()[1] >= last, 60)
    return found


def listening(room: WholeRoom, wire: list[tuple[str, bytes]]) -> mqtt.Client:
    settings = config.load(room.places.central_dir / "central.toml")
    spy = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=CENTRE, clean_session=True)
    spy.username_pw_set(CENTRE, keys.read_secret(settings.central.keys_dir / keys.BROKER_PASSWORD))
    connected: list[bool] = []

    def hear(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        wire.append((message.topic, unpacked(bytes(message.payload))))

    spy.on_message = hear
    spy.on_subscribe = lambda *_: connected.append(True)
    spy.on_connect = lambda client, *_: client.subscribe(SUBSCRIPTIONS)
    spy.connect(settings.broker.host, settings.broker.port)
    spy.loop_start()
    wait_for("the spy is connected", lambda: connected)
    return spy


def unpacked(payload: bytes) -> bytes:
    try:
        return zstandard.ZstdDecompressor().stream_reader(payload).read()
    except zstandard.ZstdError:
        return payload


def lend(room: WholeRoom, found: Spied) -> None:
    """Chosen, lent, brought back; the box's label is held to the camera without anybody fetching the box."""
    record = found.record
    room.sign_in(CLEARED)
    assert record.item_id in [hit["item"]["id"] for hit in room.get("search", q=record.ref_code)["hits"] if hit["item"]]
    room.get("search", q=record.title[:12])
    found.loan_id = room.post("requests", item_id=record.item_id)["id"]
    room.stand_open(found.loan_id)
    room.do("hold_to_camera", label=record.box_label)
    assert room.post(f"requests/{found.loan_id}/check")["ok"]
    room.post(f"requests/{found.loan_id}/hand-over")
    room.post(f"reshelving/{record.box_id}/put-away", slot=record.slot)
    room.act("hold_paper", label=record.item_label)
    assert room.post("returns/check")["verdict"]["ok"]
    room.post(f"reshelving/{record.box_id}/put-away", slot=record.slot)


def words_of(record: Record) -> dict[str, str]:
    return {"title": record.title, "number": record.ref_code, "label": record.item_label, "person": CLEARED.name}


def spellings(text: str) -> tuple[bytes, ...]:
    return text.encode(), text.encode("unicode_escape"), text.encode("utf-16-le")


def test_a_reader_without_clearance_does_not_even_find_it(storeroom: WholeRoom, spied: Spied):
    storeroom.sign_in()
    hits = storeroom.get("search", q=spied.record.ref_code)["hits"]
    assert spied.record.item_id not in [hit["item"]["id"] for hit in hits if hit["item"]]
    assert storeroom.refused("requests", item_id=spied.record.item_id)["code"] == "record_unknown"


def test_no_message_of_the_node_carries_its_title_number_label_or_reader(spied: Spied):
    said = spied.said()
    assert b"loan.handed_over" in said, "the spy heard the loan itself"
    for what, text in words_of(spied.record).items():
        assert not any(spelling in said for spelling in spellings(text)), what


def test_nothing_in_the_centres_folders_carries_them(storeroom: WholeRoom, spied: Spied):
    files = [path for path in storeroom.places.central_dir.rglob("*") if path.is_file()]
    assert any(path.name == "central.db" for path in files)
    for path in files:
        try:
            kept = path.read_bytes()
        except FileNotFoundError:  # the broker's own file of a moment, renamed since
            continue
        for what, text in words_of(spied.record).items():
            assert not any(spelling in kept for spelling in spellings(text)), (path.name, what)


def test_the_bodies_of_its_events_stay_in_the_room_and_their_envelopes_leave(storeroom: WholeRoom, spied: Spied):
    of_loan = [event for event in storeroom.events(spied.after) if event.subject == spied.loan_id]
    assert {"loan.approved", "label.checked", "loan.handed_over", "loan.reshelved"} <= {one.action for one in of_loan}
    said = spied.said()
    for event in of_loan:
        assert event.level == "secret", event.action
        assert event.body is not None and event.salt is not None
        assert event.body.decode().replace('"', '\\"').encode() not in said, event.action
        assert event.salt.hex().encode() not in said, event.action
        assert event.envelope.decode().replace('"', '\\"').encode() in said, event.action
