"""Frozen messages of version 1: what was once on the wire is understood for ever. Never edit a sample."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from cloud_sync import contract
from edge.domain.trace import Event, body_hash, first_break

SAMPLES = Path(__file__).parent / "v1"
KINDS = {
    "events": contract.EventBatch,
    "ack": contract.Ack,
    "checkpoint": contract.Checkpoint,
    "state": contract.State,
    "telemetry": contract.Telemetry,
    "command": contract.Command,
    "answer": contract.Answer,
    "directory": contract.Directory,
    "directory-of-a-room": contract.Directory,
}


def sample(name):
    return (SAMPLES / f"{name}.json").read_text("utf-8")


@pytest.mark.parametrize("name", KINDS)
def test_a_frozen_message_is_read_and_means_the_same(name):
    message = KINDS[name].model_validate_json(sample(name))
    frozen = json.loads(sample(name))
    assert {key: value for key, value in message.model_dump(exclude_none=True).items() if key in frozen} == frozen


def test_the_frozen_events_still_verify_byte_by_byte():
    batch = contract.EventBatch.model_validate_json(sample("events"))
    events = []
    for wire in batch.events:
        said = json.loads(wire.envelope)
        salt = bytes.fromhex(wire.salt) if wire.salt else None
        body = wire.body.encode() if wire.body else None
        names = ("node", "epoch", "seq", "action", "subject", "actor", "level")
        events.append(Event(*(said[name] for name in names), wire.envelope.encode(), salt, body))
    assert first_break(events, start_seq=batch.first_seq, prev=batch.prev_head) is None
    assert events[-1].hash == batch.head
    assert [event.body is None for event in events] == [False, False, True]
    assert body_hash(events[0].salt, events[0].body) == json.loads(batch.events[0].envelope)["body_hash"]


def test_the_signed_bytes_of_each_signed_message_are_frozen():
    ack = contract.Ack.model_validate_json(sample("ack"))
    checkpoint = contract.Checkpoint.model_validate_json(sample("checkpoint"))
    directory = contract.Directory.model_validate_json(sample("directory"))
    assert ack.signed_bytes() == f"storeroom-ack/1 room-1 9f2c44d07b1e6a35 3 {ack.head}".encode()
    assert (
        checkpoint.signed_bytes()
        == f"storeroom-checkpoint/1 room-1 9f2c44d07b1e6a35 3 {ack.head} 1795305601000".encode()
    )
    assert directory.signed_bytes() == (SAMPLES / "directory.signed").read_bytes()
    of_a_room = contract.Directory.model_validate_json(sample("directory-of-a-room"))
    assert of_a_room.signed_bytes() == (SAMPLES / "directory-of-a-room.signed").read_bytes()


@pytest.mark.parametrize(
    "name", ["events", "ack", "checkpoint", "state", "telemetry", "answer", "directory", "directory-of-a-room"]
)
def test_a_field_of_a_later_version_is_ignored_in_events(name):
    KINDS[name].model_validate({**json.loads(sample(name)), "later": 1})


def test_a_field_of_a_later_version_is_refused_in_commands():
    with pytest.raises(ValidationError):
        contract.Command.model_validate({**json.loads(sample("command")), "later": 1})


@pytest.mark.parametrize("node", ["", "Room-1", "room 1", "room/1", "r" * 33, "房", "room.1", "+", "#"])
def test_a_node_id_outside_the_alphabet_is_refused(node):
    with pytest.raises(ValidationError):
        contract.State.model_validate({**json.loads(sample("state")), "node": node})


def test_topics_are_frozen():
    leaves = {
        contract.UP_EVENTS: "up/events",
        contract.UP_CHECKPOINT: "up/checkpoint",
        contract.UP_TELEMETRY: "up/telemetry",
        contract.UP_ANSWER: "up/answer",
        contract.DOWN_ACK: "down/ack",
        contract.DOWN_COMMAND: "down/command",
        contract.DOWN_DIRECTORY: "down/directory",
        contract.STATE: "state",
    }
    assert all(constant == frozen for constant, frozen in leaves.items())
    assert contract.topic("room-1", contract.UP_EVENTS) == "storeroom/v1/room-1/up/events"


def test_importing_the_contract_pulls_in_nothing_heavy():
    code = "import sys, cloud_sync.contract; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "pydantic" in loaded
    assert not {"fastapi", "paho", "uvicorn", "zstandard", "jinja2", "sqlcipher3", "cryptography"} & set(loaded)
