"""Nothing secret or personal is ever on the wire: everything a room publishes is read with the centre's own rights."""

import zstandard

from cloud_sync import config, contract, keys
from cloud_sync.broker import SupervisedBroker
from cloud_sync.link import SUBSCRIPTIONS

SECRETS = ("绝密题名甲", "机密正文乙", "王某某")


def unpacked(payload):
    try:
        return zstandard.ZstdDecompressor().stream_reader(payload).read()
    except zstandard.ZstdError:
        return payload


def test_a_secret_items_title_text_and_person_are_in_no_message(settings: config.Config, room, wait):
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    broker = SupervisedBroker(settings.broker)
    broker.start()
    seen = []
    spy = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="centre", clean_session=True)
    spy.username_pw_set("centre", keys.read_secret(settings.central.keys_dir / keys.BROKER_PASSWORD))
    spy.on_message = lambda _c, _u, message: seen.append((message.topic, bytes(message.payload)))
    spy.on_connect = lambda client, *_: client.subscribe(SUBSCRIPTIONS)
    spy.connect(settings.broker.host, settings.broker.port)
    spy.loop_start()
    try:
        room.event("item.added", {"item": "i1", "title": SECRETS[0], "secret_level": "top_secret"}, level="secret")
        room.event("item.added", {"item": "i2", "title": SECRETS[0]})
        room.event("label.checked", {"loan": "l1", "ok": 0, "seen": [{"text": SECRETS[1]}]})
        room.event("person.added", {"person": "p1", "name": SECRETS[2]})
        room.event("session.opened", {"panel": "p"}, level="personal")
        room.move(1)
        room.start()
        wait(
            lambda: (
                sum(topic.endswith(contract.UP_EVENTS) for topic, _ in seen) and any("checkpoint" in t for t, _ in seen)
            )
        )
    finally:
        spy.disconnect()
        spy.loop_stop()
        room.stop()
        broker.close()
    heard = b"".join(unpacked(payload) for _, payload in seen)
    assert b"box-0" in heard and b"label.checked" in heard
    for secret in SECRETS:
        assert secret.encode() not in heard and secret.encode("unicode_escape") not in heard
    assert b'"panel"' not in heard
