"""The centre's end of the broker: a message waits for the store, and none of them ends the taking of the others."""

import threading

import paho.mqtt.client as mqtt
import pytest

from cloud_sync import contract, link
from edge.errors import StoreError


class FullDisk:
    """Stumbles over every message, and its store refuses the first ``refusals`` times that one is set aside."""

    def __init__(self, refusals):
        self.refusals, self.kept, self.all_kept = refusals, [], threading.Event()

    def checkpoint(self, _node, _payload):
        raise KeyError("a mistake of ours")

    def set_aside(self, node, leaf, payload):
        if self.refusals:
            self.refusals -= 1
            raise StoreError("central_disk", "free_central_disk", why="database or disk is full")
        self.kept.append((node, leaf, payload))
        if len(self.kept) == 2:
            self.all_kept.set()


@pytest.fixture
def ingest(monkeypatch):
    monkeypatch.setattr(link, "STORE_RETRY_S", 0.01)
    return FullDisk(refusals=3)


def message(payload):
    made = mqtt.MQTTMessage(topic=contract.topic("room-1", contract.UP_CHECKPOINT).encode())
    made.payload = payload
    return made


def test_a_message_we_stumble_over_waits_for_a_full_disk_and_the_next_one_is_still_taken(ingest):
    centre = link.Link(ingest, host="127.0.0.1", port=1, password="")
    centre.start()
    try:
        centre._heard(message(b"one"))
        centre._heard(message(b"two"))
        assert ingest.all_kept.wait(10)
    finally:
        centre.close()
    assert [payload for _, _, payload in ingest.kept] == [b"one", b"two"]
