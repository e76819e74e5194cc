"""A room without the centre's keys works and says so; once they lie there the link begins by itself."""

from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

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
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    (folder / "centre.pub").write_text(key.hex() + "\n", "ascii")


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
