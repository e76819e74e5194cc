"""Commands of the centre: at most once, never late, never of a kind that this room does not carry out."""

import json
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync import contract
from edge.errors import RuleRefused
from edge.store.trace import Trace
from edge.sync.inbox import Inbox

CENTRE = Ed25519PrivateKey.generate()


@pytest.fixture
def ran():
    return []


@pytest.fixture
def inbox(database, clock, ran):
    def refuse(command):
        raise RuleRefused("life_safety_alarm", "acknowledge_in_room")

    room = SimpleNamespace(node_id="test-node", clock=clock, database=database)
    handlers = {"acknowledge_alarm": ran.append, "cancel_loan": refuse}
    return Inbox(
        room, Trace(database), CENTRE.public_key().public_bytes_raw(), handlers, lambda d: ran.append(d) or True
    )


def command(clock, **changed):
    fields = {"id": "c-1", "node": "test-node", "kind": "acknowledge_alarm", "author": "li", "subject": "alarm-1"}
    return json.dumps({**fields, "expires_ms": clock.utc_ms() + 60_000, **changed}).encode()


def test_a_command_runs_once_however_often_it_comes(inbox, clock, ran, database):
    assert inbox.command(command(clock)).ok
    again = inbox.command(command(clock))
    assert not again.ok and again.code == "command_seen" and len(ran) == 1
    accepted = Trace(database).recent(1, subject="c-1")[0]
    assert accepted.action == "command.accepted"


def test_a_command_that_comes_late_never_runs(inbox, clock, ran):
    late = command(clock)
    clock.advance(61_000)
    assert inbox.command(late).code == "command_expired" and ran == []


def test_a_kind_this_room_does_not_carry_out_is_refused(inbox, clock, ran):
    assert inbox.command(command(clock, kind="stop")).code == "command_not_here" and ran == []


@pytest.mark.parametrize("changed", [{"kind": "move"}, {"kind": "unlock"}, {"target_mm": 900}, {"id": None}])
def test_unknown_kinds_and_fields_are_no_command_at_all(inbox, clock, ran, changed):
    assert inbox.command(command(clock, **changed)) is None and ran == []


def test_a_command_for_another_node_is_not_answered(inbox, clock, ran):
    assert inbox.command(command(clock, node="room-9")) is None and ran == []


def test_the_rooms_own_refusal_is_the_answer(inbox, clock):
    answer = inbox.command(command(clock, kind="cancel_loan"))
    assert not answer.ok and answer.code == "life_safety_alarm"


def test_a_directory_counts_only_with_the_centres_signature(inbox, ran):
    directory = contract.Directory(site="s", version=3, people=[], cards=[])
    signed = directory.model_copy(update={"signature": CENTRE.sign(directory.signed_bytes()).hex()})
    forged = directory.model_copy(update={"version": 4, "signature": signed.signature})
    assert not inbox.directory(directory.model_dump_json().encode())
    assert not inbox.directory(forged.model_dump_json().encode())
    assert not inbox.directory(b"garbage") and ran == []
    assert inbox.directory(signed.model_dump_json().encode()) and ran == [signed]
