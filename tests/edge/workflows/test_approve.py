"""Somebody else's word before a thing is fetched: one decision, never one's own, secret material only in the room."""

import contextlib
from types import SimpleNamespace
from typing import get_args

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync.contract import Command, CommandKind
from edge.centre_link import CentreLink
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused, StoreroomError
from edge.store import approvals
from edge.workflows import approve, retrieve

SECOND = Person("p-second", "赵红", "档案室", ("archivist",), True)
CLEARED = Person("p-cleared", "林志远", "档案室", ("archivist", "cleared_secret"), True)


@pytest.fixture
def ruled(scene):
    """Readers' requests wait."""
    chief = Person("p-chief", "何平", "", ("system_admin",), True)
    approve.set_rule(scene.room, chief, "readers")
    return scene


def asked(scene, box=0):
    return retrieve.ask_for(scene.room, scene.reader, box_id=scene.boxes[box])


def test_a_room_in_which_nobody_chose_a_rule_approves_by_itself(scene):
    assert asked(scene).state == "approved"


def test_a_readers_request_waits_and_is_not_offered_to_the_block(ruled):
    loan = asked(ruled)
    assert loan.state == "asked" and retrieve.queue(ruled.room) == [] and approve.waiting(ruled.room) == [loan]
    with pytest.raises(RuleRefused, match="loan_state"):
        retrieve.choose(ruled.room, ruled.archivist, loan.id)
    assert approve.decide(ruled.room, ruled.archivist, loan.id, True, opinion=" 同意 ").state == "approved"
    assert [one.id for one in retrieve.queue(ruled.room)] == [loan.id]
    made = approve.decision(ruled.room, loan.id)
    assert (made.approved, made.actor, made.opinion) == (True, ruled.archivist.id, "同意")


def test_staff_fetch_at_once_unless_everybodys_requests_wait_and_then_never_by_their_own_word(ruled):
    assert retrieve.ask_for(ruled.room, ruled.archivist, box_id=ruled.boxes[0]).state == "approved"
    ruled.room.database.write(lambda change: approvals.set_rule(change, "everybody", "p"))
    own = retrieve.ask_for(ruled.room, ruled.archivist, box_id=ruled.boxes[2])
    with pytest.raises(RuleRefused, match="own_request"):
        approve.decide(ruled.room, ruled.archivist, own.id, True)
    assert approve.decide(ruled.room, SECOND, own.id, True).state == "approved"


def test_who_only_reads_approves_nothing(ruled):
    loan = asked(ruled)
    other = Person("p-other", "孙丽", "", ("reader",), True)
    with pytest.raises(RuleRefused, match="not_allowed"):
        approve.decide(ruled.room, other, loan.id, True)


def test_the_first_decision_counts_from_wherever_the_second_comes(ruled):
    loan = asked(ruled)
    approve.decide_at_centre(ruled.room, "li", loan.id, False, "use_scan")
    for again in (
        lambda: approve.decide(ruled.room, ruled.archivist, loan.id, True),
        lambda: approve.decide_at_centre(ruled.room, "wang", loan.id, True),
    ):
        with pytest.raises(RuleRefused, match="loan_decided_already"):
            again()
    assert ruled.room.loans.get(loan.id).state == "denied"
    [told] = ruled.room_events("loan.denied")
    assert told.actor == "centre:li"


def test_a_denial_gives_its_reason_and_the_box_free_again(ruled):
    loan = asked(ruled)
    with pytest.raises(InputRefused, match="denial_needs_reason"):
        approve.decide(ruled.room, ruled.archivist, loan.id, False, "because")
    assert approve.decide(ruled.room, ruled.archivist, loan.id, False, "use_scan").reason == "use_scan"
    assert asked(ruled).state == "asked"


def test_a_box_is_not_promised_twice_while_its_request_waits(ruled):
    retrieve.ask_for(ruled.room, ruled.reader, item_id=ruled.items[0])
    with pytest.raises(RuleRefused, match="box_asked_already"):
        retrieve.ask_for(ruled.room, ruled.archivist, box_id=ruled.boxes[0])


def test_an_opinion_stays_in_the_room_and_the_reason_leaves_it(ruled):
    from edge.sync.batches import may_leave

    loan = asked(ruled)
    approve.decide(ruled.room, ruled.archivist, loan.id, False, "use_scan", "王某不应查阅")
    leaving = {event.action: may_leave(event, "internal") for event in ruled.room_events("loan.")}
    assert leaving == {"loan.asked": True, "loan.denied": True, "loan.opinion": False}


def test_secret_material_is_decided_in_the_room_by_somebody_cleared_for_it(ruled):
    cleared = Person("p-r2", "高远", "", ("reader", "cleared_secret"), True)
    loan = retrieve.ask_for(ruled.room, cleared, item_id=ruled.secret_item)
    with pytest.raises(RuleRefused, match="secret_in_the_room"):
        approve.decide_at_centre(ruled.room, "li", loan.id, True)
    with pytest.raises(RuleRefused, match="not_cleared"):
        approve.decide(ruled.room, SECOND, loan.id, True)
    assert approve.decide(ruled.room, CLEARED, loan.id, True).state == "approved"


@pytest.mark.parametrize("kind", get_args(CommandKind))
def test_no_command_of_the_centre_moves_a_carriage_opens_the_door_or_silences_an_alarm(ruled, kind):
    """Whatever kind is added to the contract comes through here."""
    loan = asked(ruled)
    keys = SimpleNamespace(signing=Ed25519PrivateKey.generate())
    link = CentreLink(SimpleNamespace(sync=None), ruled.room, None, keys, "test", list)
    handler = link._handlers().get(kind)
    sounding = ruled.desk.sounding
    for subject in (loan.id, ruled.boxes[1], ""):
        command = Command(
            id=f"c-{subject}", node="n", kind=kind, author="li", subject=subject, expires_ms=0, reason="use_scan"
        )
        if handler is not None:
            with contextlib.suppress(StoreroomError):
                handler(command)
    assert ruled.block.move is None and ruled.room.moves.open(ruled.room.layout.area) == []
    assert ruled.events("door.") == [] and ruled.events("move.") == []
    assert ruled.room.loans.get(loan.id).state in ("asked", "approved", "denied")
    assert ruled.desk.sounding == sounding
