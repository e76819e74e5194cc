"""Where the camera cannot tell, a person reads the number on the box, and only then: requests, pull lists, returns."""

import json

import pytest

from edge.errors import RuleRefused
from edge.store import box_places
from edge.workflows import pull, retrieve, return_box


@pytest.fixture
def pulled(scene):
    """Box 3 is in hand at the counter."""
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.open_chosen()
    return scene, loan.id


def looked(scene, loan_id, *held):
    scene.counter.held = list(held)
    return retrieve.check_label(scene.room, scene.archivist, loan_id).look_id


def test_a_label_nobody_but_a_person_can_read_is_confirmed_by_its_number_beside_the_kept_picture(pulled):
    scene, loan_id = pulled
    look_id = looked(scene, loan_id)
    assert retrieve.confirm_label(scene.room, scene.archivist, loan_id, look_id, " 03 ").state == "verified"
    assert scene.box(2).slot is None and scene.room.looks.read(look_id)
    body = json.loads(scene.room_events("label.confirmed")[0].body)
    assert (body["look"], body["why"], body["ok"]) == (look_id, "unreadable", 1)


def test_another_number_hands_nothing_over_and_is_in_the_trace(pulled):
    scene, loan_id = pulled
    look_id = looked(scene, loan_id)
    with pytest.raises(RuleRefused, match="typed_other_box"):
        retrieve.confirm_label(scene.room, scene.archivist, loan_id, look_id, "4")
    assert scene.room.loans.get(loan_id).state == "pulling" and scene.box(2).slot is not None
    assert json.loads(scene.room_events("label.confirmed")[0].body)["ok"] == 0


def test_only_the_newest_look_is_read_by_a_person(pulled):
    scene, loan_id = pulled
    before, newest = looked(scene, loan_id), looked(scene, loan_id)
    with pytest.raises(RuleRefused, match="camera_could_tell"):
        retrieve.confirm_label(scene.room, scene.archivist, loan_id, before, "3")
    assert retrieve.confirm_label(scene.room, scene.archivist, loan_id, newest, "3").state == "verified"


def test_what_the_camera_could_tell_is_not_a_persons_to_say(pulled):
    scene, loan_id = pulled
    torn = looked(scene, loan_id)
    wrong = looked(scene, loan_id, scene.box(3).label)
    for look_id in (torn, wrong, "no-such-look"):
        with pytest.raises(RuleRefused, match="camera_could_tell"):
            retrieve.confirm_label(scene.room, scene.archivist, loan_id, look_id, "3")


@pytest.fixture
def listed(scene):
    """Boxes 3 and 4 of a pull list are in hand."""
    loans = [retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[number]) for number in (2, 3)]
    pull.begin(scene.room, scene.archivist, [loan.id for loan in loans])
    pull.choose(scene.room, scene.archivist, 2)
    scene.open_chosen()
    return scene, loans


def shown(scene, *held):
    scene.counter.held = list(held)
    verdict, served = pull.check(scene.room, scene.archivist)
    return verdict, served


def test_a_box_of_a_pull_list_is_confirmed_by_its_number_and_serves_its_request_alone(listed):
    scene, loans = listed
    verdict, served = shown(scene)
    assert (verdict.cannot_tell, served) == (True, [])
    with pytest.raises(RuleRefused, match="typed_other_box"):
        pull.confirm(scene.room, scene.archivist, verdict.look_id, "5")
    assert [loan.id for loan in pull.confirm(scene.room, scene.archivist, verdict.look_id, "04")] == [loans[1].id]
    assert [scene.room.loans.get(loan.id).state for loan in loans] == ["pulling", "verified"]
    bodies = [json.loads(event.body) for event in scene.room_events("label.confirmed")]
    assert [(body["look"], body["ok"]) for body in bodies] == [(verdict.look_id, 1), (verdict.look_id, 0)]
    with pytest.raises(RuleRefused, match="camera_could_tell"):
        pull.confirm(scene.room, scene.archivist, verdict.look_id, "3")  # one look is one box


def test_a_wrong_box_of_a_pull_list_is_wrong_and_not_a_persons_to_say(listed):
    scene, loans = listed
    verdict, _ = shown(scene, scene.box(4).label)
    assert (verdict.why, verdict.cannot_tell) == ("wrong_box", False)
    with pytest.raises(RuleRefused, match="camera_could_tell"):
        pull.confirm(scene.room, scene.archivist, verdict.look_id, "3")
    assert [scene.room.loans.get(loan.id).state for loan in loans] == ["pulling", "pulling"]


def test_one_number_in_two_fonds_needs_its_fonds_too(scene):
    def fill(change):
        scene.room.catalogue.add_fonds(change, "B002", "区局", "node")
        box = scene.room.catalogue.add_box(change, fonds_no="B002", box_no="3", actor="node")
        box_places.place_box(change, box.id, "B1-A-02-R-01-2-02", "node", "first_place")
        return box

    twin = scene.room.database.write(fill)
    loans = [retrieve.ask_for(scene.room, scene.archivist, box_id=box_id) for box_id in (scene.boxes[2], twin.id)]
    pull.begin(scene.room, scene.archivist, [loan.id for loan in loans])
    pull.choose(scene.room, scene.archivist, 2)
    scene.open_chosen()
    look_id = shown(scene)[0].look_id
    with pytest.raises(RuleRefused, match="typed_several_boxes"):
        pull.confirm(scene.room, scene.archivist, look_id, "3")
    assert [loan.id for loan in pull.confirm(scene.room, scene.archivist, look_id, "b002-3")] == [loans[1].id]


@pytest.mark.parametrize("item", [True, False], ids=["an item", "a box"])
def test_what_comes_back_with_a_spoiled_label_ends_its_loan_by_the_number_a_person_reads(scene, item):
    loan = lent_and_away(scene, item_id=scene.items[0]) if item else lent_and_away(scene, box_id=scene.boxes[2])
    back = return_box.receive(scene.room, scene.archivist)
    assert back.verdict.cannot_tell and not back.loans
    for wrong in ("6", "A001-WS·2011·Y-0002"):
        with pytest.raises(RuleRefused, match="typed_not_on_loan"):
            return_box.confirm(scene.room, scene.archivist, back.verdict.look_id, wrong)
    number = "A001-WS-2011-Y-0001" if item else "3"
    returned = return_box.confirm(scene.room, scene.archivist, back.verdict.look_id, number)
    assert ([one.id for one in returned.loans], returned.verdict.by) == ([loan.id], "person")
    assert scene.room.loans.get(loan.id).state == "confirmed"
    assert scene.room.looks.read(back.verdict.look_id)
    with pytest.raises(RuleRefused, match="camera_could_tell"):
        return_box.confirm(scene.room, scene.archivist, back.verdict.look_id, number)


def test_a_return_the_camera_could_read_is_not_a_persons_to_say(scene):
    lent_and_away(scene, box_id=scene.boxes[2])
    scene.counter.held = [scene.box(3).label]
    back = return_box.receive(scene.room, scene.archivist)
    assert back.verdict.why == "not_on_loan"
    with pytest.raises(RuleRefused, match="camera_could_tell"):
        return_box.confirm(scene.room, scene.archivist, back.verdict.look_id, "3")


def lent_and_away(scene, **what):
    loan = scene.lend(**what)
    scene.counter.held = []
    return loan
