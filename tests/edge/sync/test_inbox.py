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
    handlers = {"acknowledge_alarm": ran.append, "cancel_loan": refuse, "approve_loan": ran.append}
    return Inbox(
        room, Trace(database), CENTRE.public_key().public_bytes_raw(), handlers, lambda d: ran.append(d) or True
    )


def command(clock, **changed):
    fields = {"id": "c-1", "node": "test-node", "kind": "acknowledge_alarm", "author": "li", "subject": "alarm-1"}
    return json.dumps({**fields, "expires_ms": clock.utc_ms() + 60_000, **changed}).encode()


def test_a_command_runs_once_however_often_it_comes(inbox, clock, ran, database):
    assert inbox.command(command(clock)).ok
    again = inbox.command(command(clock))
    assert again.ok and len(ran) == 1
    told = Trace(database).recent(5, subject="c-1")
    assert [event.action for event in told] == ["command.answered", "command.accepted"]


def test_a_refusal_that_was_lost_is_given_again_as_it_was(inbox, clock):
    first, again = (inbox.command(command(clock, kind="cancel_loan")) for _ in range(2))
    assert (first.ok, first.code) == (again.ok, again.code) == (False, "life_safety_alarm")


def test_a_command_in_which_the_node_stopped_is_not_begun_again(inbox, clock, ran, database):
    body = {"kind": "acknowledge_alarm", "about": "alarm-1", "author": "li"}
    database.write(lambda change: change.event("command.accepted", subject="c-1", actor="centre", body=body))
    answer = inbox.command(command(clock))
    assert not answer.ok and answer.code == "command_interrupted" and ran == []


def signed(clock, key=CENTRE, **changed):
    made = contract.Command.model_validate_json(command(clock, kind="approve_loan", **changed))
    return made.model_copy(update={"signature": key.sign(made.signed_bytes()).hex()})


def test_a_decision_about_a_loan_counts_only_with_the_centres_signature(inbox, clock, ran):
    own = signed(clock)
    for bad in (
        own.model_copy(update={"id": "c-2", "signature": ""}),
        signed(clock, Ed25519PrivateKey.generate(), id="c-3"),
        own.model_copy(update={"subject": "another loan"}),
        own.model_copy(update={"kind": "deny_loan"}),
    ):
        assert inbox.command(bad.wire().encode()).code == "command_not_signed" and ran == []
    assert inbox.command(own.wire().encode()).ok and len(ran) == 1


def test_a_command_to_an_older_node_has_no_field_that_it_does_not_know(clock):
    sent = json.loads(contract.Command.model_validate_json(command(clock)).wire())
    assert {"text", "signature"} & set(sent) == set()


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
