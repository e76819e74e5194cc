"""What a node's credential can and cannot do at the broker, tried with real MQTT connections."""

import time

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from cloud_sync import contract, enrolment, keys
from cloud_sync.app import now_ms


class Client:
    def __init__(self, settings, user, password, client_id, will=None):
        self.refused, self.connected, self.heard, self.subscribed = None, False, [], []
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
        self.client.username_pw_set(user, password)
        if will:
            self.client.will_set(will, b"forged", 1)
        self.client.on_connect = self._on_connect
        self.client.on_message = lambda _c, _u, message: self.heard.append((message.topic, bytes(message.payload)))
        self.client.on_subscribe = lambda _c, _u, _m, codes, _p: self.subscribed.extend(c.is_failure for c in codes)
        self.client.connect(settings.broker.host, settings.broker.port, 10)
        self.client.loop_start()
        until = time.monotonic() + 20
        while not self.connected and self.refused is None and time.monotonic() < until:
            time.sleep(0.02)

    def _on_connect(self, _client, _data, _flags, code, _props):
        if code.is_failure:
            self.refused = str(code)
            self.client.disconnect()
        else:
            self.connected = True

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def client(settings, centre):
    opened = []

    def connect(*args, **named):
        opened.append(Client(settings, *args, **named))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


@pytest.fixture
def two(settings, centre, wait):
    tickets = [
        enrolment.enrol(settings, node, name="", node_key="", out=None, now_ms=now_ms())
        for node in ("room-1", "room-2")
    ]
    wait(lambda: "room-2" in centre.broker._hashes)
    time.sleep(0.5)  # nats-server reloads its users on a signal and answers nothing
    return [ticket.password for ticket in tickets]


def test_a_node_cannot_connect_under_the_client_id_of_the_centre_or_of_another_node(client, two):
    assert "not valid" in client("room-1", two[0], "centre").refused
    assert "not valid" in client("room-1", two[0], "room-2").refused
    assert client("room-1", two[0], "room-1").connected


def test_a_wrong_password_and_an_unknown_name_are_refused(client, two):
    assert client("room-1", two[1], "room-1").refused
    assert client("nobody", two[0], "nobody").refused
    assert client(None, None, "room-1").refused


def test_a_will_for_another_node_is_refused(client, two):
    assert client("room-1", two[0], "room-1", will="storeroom/v1/room-2/state").refused
    assert client("room-1", two[0], "room-1", will="storeroom/v1/room-1/state").connected


def test_a_node_hears_and_says_only_what_is_its_own(client, two, settings, centre, wait):
    one, other = client("room-1", two[0], "room-1"), client("room-2", two[1], "room-2")
    one.client.subscribe(
        [(f"storeroom/v1/{name}", 1) for name in ("room-1/down/ack", "room-2/down/ack", "room-2/up/events")]
    )
    other.client.subscribe("storeroom/v1/room-2/down/ack", 1)
    wait(lambda: len(one.subscribed) == 3 and other.subscribed)
    assert one.subscribed == [False, True, True]
    # The broker confirms a publish that it throws away: nothing may ever be concluded from that.
    forged = one.client.publish("storeroom/v1/room-2/down/ack", b"forged", 1)
    one.client.publish("storeroom/v1/room-2/up/events", b"forged", 1)
    forged.wait_for_publish(20)
    centre.link._publish(centre.ingest.ack("room-2"))
    wait(lambda: other.heard)
    assert all(payload != b"forged" for _, payload in other.heard)
    with centre.database.read() as db:
        assert db.execute("SELECT count(*) FROM quarantine").fetchone()[0] == 0


def test_the_nodes_own_password_is_worthless_at_the_brokers_inner_port(two, centre, settings):
    class Inner:
        class broker:
            host, port = "127.0.0.1", centre.broker._inner_port

    assert Client(Inner, "room-1", two[0], "room-1").refused


def test_a_new_password_replaces_the_old_one_while_the_broker_runs(client, two, settings, centre, wait):
    before = centre.broker._hashes["room-1"]
    ticket = enrolment.enrol(settings, "room-1", name="", node_key="", out=None, now_ms=now_ms())
    wait(lambda: centre.broker._hashes["room-1"] != before)
    assert client("room-1", two[0], "room-1").refused
    assert client("room-1", ticket.password, "room-1").connected


def test_the_password_hash_is_the_format_of_mosquitto():
    hashed = keys.broker_hash("secret")
    assert hashed.startswith("$7$101$") and keys.broker_hash_matches(hashed, b"secret")
    assert not keys.broker_hash_matches(hashed, b"Secret")


def test_no_kind_of_command_can_start_motion_or_unlock():
    assert contract.Command.model_json_schema()["properties"]["kind"]["enum"] == [
        "acknowledge_alarm",
        "cancel_loan",
        "stop",
        "approve_loan",
        "deny_loan",
        "revoke_card",
        "revoke_person",
    ]
