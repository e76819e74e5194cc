"""Where the camera cannot tell, a person reads the number on the box, and only then."""

import json

import pytest

from edge.errors import RuleRefused
from edge.workflows import retrieve


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


def test_what_the_camera_could_tell_is_not_a_persons_to_say(pulled):
    scene, loan_id = pulled
    torn = looked(scene, loan_id)
    wrong = looked(scene, loan_id, scene.box(3).label)
    for look_id in (torn, wrong, "no-such-look"):
        with pytest.raises(RuleRefused, match="camera_could_tell"):
            retrieve.confirm_label(scene.room, scene.archivist, loan_id, look_id, "3")
