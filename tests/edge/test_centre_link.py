"""A room without the centre's keys works and says so; once they lie there the link begins by itself."""

import time
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync import contract
from edge.centre_link import CentreLink
from edge.config import Node, Sync
from edge.store.trace import Trace

NOBODY_LISTENS = 1  # a port where no broker is


@pytest.fixture
def make(tmp_path, database, clock):
    """``make(ca_file)``: the link of a room whose broker is away."""
    made = []

    def link(ca_file=None):
        files = tmp_path / "centre.password", tmp_path / "centre.pub", ca_file
        sync = Sync("127.0.0.1", NOBODY_LISTENS, "room-1", *files)
        node = Node("test-node", "一号库房", "Asia/Shanghai", "zh-Hans", "internal", tmp_path, tmp_path, tmp_path)
        room = SimpleNamespace(node_id="test-node", clock=clock, database=database)
        keys = SimpleNamespace(signing=Ed25519PrivateKey.generate())
        made.append(CentreLink(SimpleNamespace(sync=sync, node=node), room, Trace(database), keys, "test", list))
        return made[-1]

    yield link
    for one in made:
        one.stop()


@pytest.fixture
def link(make):
    return make()


def put_password(folder):
    (folder / "centre.password").write_text("correct horse\n", "ascii")


def put_key(folder):
    """The key by which the centre signs."""
    key = Ed25519PrivateKey.generate()
    (folder / "centre.pub").write_text(key.public_key().public_bytes_raw().hex() + "\n", "ascii")
    return key


def test_without_the_centres_key_the_room_runs_and_shows_what_is_missing(link, tmp_path, caplog):
    put_password(tmp_path)
    link.begin()
    link.begin()
    assert not link.begun and link.faults() == ["sync_not_set_up"]
    assert sum("centre_key_unreadable" in line for line in caplog.messages) == 1  # said once, tried again


def test_the_link_begins_by_itself_when_the_keys_arrive(link, tmp_path):
    link.begin()
    put_key(tmp_path)
    link.begin()
    assert link.faults() == ["sync_not_set_up"]  # its password is still missing
    put_password(tmp_path)
    link.begin()
    assert link.begun and link.faults() == ["sync_away"]


def test_the_room_takes_what_the_console_asks_of_it(link, tmp_path):
    put_password(tmp_path)
    put_key(tmp_path)
    link.begin()
    decisions = ["approve_loan", "deny_loan", "revoke_card", "revoke_person"]
    assert link._publisher._inbox.kinds() == [
        "acknowledge_alarm",
        decisions[0],
        decisions[1],
        "directory",
        *decisions[2:],
        "stop",
    ]


def test_a_key_that_is_damaged_counts_as_missing(link, tmp_path):
    put_password(tmp_path)
    (tmp_path / "centre.pub").write_text("not a key\n", "ascii")
    link.begin()
    assert not link.begun and link.faults() == ["sync_not_set_up"]


def test_a_certificate_that_is_not_there_is_named(make, tmp_path, caplog):
    put_password(tmp_path)
    put_key(tmp_path)
    link = make(tmp_path / "ca.pem")
    link.begin()
    assert link.faults() == ["sync_not_set_up"]
    assert "centre_ca_unreadable" in caplog.text and "ca.pem" in caplog.text


def test_a_centre_that_holds_another_history_is_named_as_that_and_not_as_out_of_reach(link, tmp_path):
    put_password(tmp_path)
    centre = put_key(tmp_path)
    link.begin()
    ack = contract.Ack(node="test-node", epoch="another", seq=7, head="1" * 64, signature="")
    signed = ack.model_copy(update={"signature": centre.sign(ack.signed_bytes()).hex()})
    at = contract.topic("test-node", contract.DOWN_ACK)
    client = link._publisher._client
    client.on_message(client, None, SimpleNamespace(topic=at, retain=True, payload=signed.model_dump_json().encode()))
    deadline = time.monotonic() + 30
    while link.faults() == ["sync_away"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert link.faults() == ["centre_knows_other_trace"]
