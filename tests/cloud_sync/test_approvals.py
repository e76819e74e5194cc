"""Approvals from the centre through a real broker: exactly one effect, and the page says what became of it."""

from types import SimpleNamespace

import pytest

from cloud_sync.app import now_ms
from cloud_sync.commands import Commands
from edge.errors import InputRefused, LinkFault, RuleRefused
from edge.store.catalogue import Catalogue
from edge.store.loans import Loans
from edge.store.trace import Trace
from edge.workflows.approve import decide_at_centre


@pytest.fixture
def asking(room):
    """The room with one request waiting, deciding as the product does; ``decided`` counts what was carried out."""
    loans, catalogue = Loans(room.database), Catalogue(room.database)
    here = SimpleNamespace(loans=loans, database=room.database)
    asking = SimpleNamespace(loans=loans, room=room, decided=[])

    def decide(command):
        asking.decided.append(command.id)
        approved = command.kind == "approve_loan"
        decide_at_centre(here, command.author, command.subject, approved, command.reason, command.text)

    def fill(change):
        catalogue.add_fonds(change, "A001", "某局", "node")
        box = catalogue.add_box(change, fonds_no="A001", box_no="7", actor="node")
        what = {"kind": "box", "item_id": None, "volume_id": None, "box_id": box.id, "slot": "B1-A-03-R-02-4-07"}
        return loans.ask(change, person_id="p-reader", state="asked", level="internal", **what)

    room.handlers.update({"approve_loan": decide, "deny_loan": decide})
    asking.loan = room.database.write(fill)
    return asking


def shown(centre):
    return centre.approvals.all(now_ms())


def heard(centre):
    found = shown(centre)["waiting"]
    return found and found[0]["room_state"] == "online" and found[0]["may_ask"]


def test_a_request_is_approved_from_the_centre_once_however_often_it_is_pressed(centre, asking, wait):
    asking.room.start()
    wait(lambda: heard(centre))
    [waiting] = shown(centre)["waiting"]
    assert (waiting["box_no"], waiting["person"], waiting["question"]) == ("7", "p-reader", None)
    ask = lambda who, approved: centre.commands.decide_loan("room-1", asking.loan.id, who, approved, "use_scan")  # noqa: E731
    ask("li", True)
    for who, approved in (("li", True), ("wang", False)):  # a double click, and a second administrator
        with pytest.raises(RuleRefused, match=r"asked_already_centre|loan_not_waiting"):
            ask(who, approved)
    wait(lambda: shown(centre)["decided"][0]["became"] == "done" and not shown(centre)["waiting"])
    assert len(asking.decided) == 1 and asking.loans.get(asking.loan.id).state == "approved"
    [told] = Trace(asking.room.database).recent(9, action_prefix="loan.approved")
    assert told.actor == "centre:li"


def test_a_denial_arrives_with_its_reason_and_the_rooms_own_refusal_is_shown(centre, asking, wait):
    asking.room.start()
    wait(lambda: heard(centre))
    with pytest.raises(InputRefused, match="denial_needs_reason"):
        centre.commands.decide_loan("room-1", asking.loan.id, "li", False)
    # somebody at the panel is faster than the centre knows
    asking.room.stop()
    decide_at_centre(SimpleNamespace(loans=asking.loans, database=asking.room.database), "x", asking.loan.id, True)
    centre.database.write(lambda db: db.execute("UPDATE heartbeat SET state = 'online', received_ms = ?", (now_ms(),)))
    centre.commands.decide_loan("room-1", asking.loan.id, "li", False, "use_scan", "请用电子件")
    asking.room.start()  # the question waited for it at the broker
    wait(lambda: shown(centre)["decided"][0]["became"] == "refused")
    assert shown(centre)["decided"][0]["code"] == "loan_decided_already"
    assert asking.loans.get(asking.loan.id).state == "approved"


def test_a_silent_room_is_not_asked_and_an_old_program_neither(centre, asking, wait):
    asking.room.start()
    wait(lambda: heard(centre))
    asking.room.stop()
    wait(lambda: shown(centre)["waiting"][0]["room_state"] == "stopped")
    with pytest.raises(RuleRefused, match="room_silent"):
        centre.commands.decide_loan("room-1", asking.loan.id, "li", True)
    asking.room.handlers.clear()
    asking.room.start()
    wait(lambda: shown(centre)["waiting"][0]["room_state"] == "online")
    with pytest.raises(RuleRefused, match="room_too_old"):
        centre.commands.decide_loan("room-1", asking.loan.id, "li", True)
    assert shown(centre)["decided"] == []


def test_what_cannot_be_sent_is_not_kept_and_what_is_not_answered_expires(centre, asking, wait):
    asking.room.start()
    wait(lambda: heard(centre))

    def away(_command):
        raise LinkFault("broker_away", "wait_for_broker")

    key = centre.commands._signing_key
    with pytest.raises(LinkFault):
        Commands(centre.database, away, now_ms, key).decide_loan("room-1", asking.loan.id, "li", True)
    assert shown(centre)["decided"] == []
    Commands(centre.database, lambda _c: None, now_ms, key).decide_loan("room-1", asking.loan.id, "li", True)
    assert [centre.approvals.all(now_ms() + late)["decided"][0]["became"] for late in (0, 61_000)] == [
        "sent",
        "expired",
    ]


def test_a_secret_request_is_counted_and_nothing_else_of_it_is_there(centre, asking, wait):
    room = asking.room
    room.event("loan.asked", {"loan": "s", "state": "asked", "box_no": "9"}, level="secret")
    room.start()
    wait(room.delivered)
    told = shown(centre)
    assert [(one["node"], one["count"]) for one in told["withheld"]] == [("room-1", 1)]
    assert len(told["waiting"]) == 1
    room.event("loan.approved", {"loan": "s", "state": "approved"}, level="secret")
    wait(lambda: shown(centre)["withheld"] == [])
