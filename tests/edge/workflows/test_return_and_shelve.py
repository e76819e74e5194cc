"""Bringing back, and putting away as a task of its own."""

import json

import pytest

from edge.domain import labels
from edge.errors import InputRefused, RuleRefused
from edge.workflows import retrieve, return_box, shelve


def put_away(scene, box_id: str):
    plan = shelve.choose(scene.room, scene.archivist, box_id)
    if plan.moves:
        scene.open_chosen()
        scene.block.walk(plan.aisle)
    home = scene.room.catalogue.box(box_id).home_slot
    scene.desk.scanned = [scene.room.catalogue.slot_label(home)]
    return shelve.scan(scene.room, scene.archivist)


def test_a_whole_box_comes_back_is_confirmed_and_is_put_away(scene):
    loan = scene.lend(box_id=scene.boxes[2])
    assert shelve.tasks(scene.room) == [], "somebody has it"
    returned = return_box.receive(scene.room, scene.archivist)
    assert returned.verdict.ok and [loan.state for loan in returned.loans] == ["confirmed"]
    (task,) = shelve.tasks(scene.room)
    assert (task.box_id, task.why, task.slot) == (scene.boxes[2], "returned", "B1-A-02-R-01-2-03")
    scanned = put_away(scene, scene.boxes[2])
    assert scanned.ok and scene.box(2).slot == "B1-A-02-R-01-2-03"
    assert scene.room.loans.get(loan.id).state == "reshelved"
    assert shelve.tasks(scene.room) == [] and scene.room.moves.task("B1-A") is None
    states = scene.events("loan.")
    assert states[-3:] == ["loan.returned", "loan.confirmed", "loan.reshelved"]


def test_the_wrong_slot_is_refused_with_expected_and_seen(scene):
    scene.lend(box_id=scene.boxes[2])
    return_box.receive(scene.room, scene.archivist)
    shelve.choose(scene.room, scene.archivist, scene.boxes[2])
    wrong = "B1-A-02-R-01-1-01"
    with pytest.raises(RuleRefused) as refused:
        shelve.put_away(scene.room, scene.archivist, scene.boxes[2], scene.room.catalogue.slot_label(wrong))
    assert (refused.value.params["expected"], refused.value.params["seen"]) == ("B1-A-02-R-01-2-03", wrong)
    assert scene.box(2).slot is None
    body = json.loads(scene.room_events("slot.checked")[0].body)
    assert (body["ok"], body["seen"]) == (0, wrong)
    scene.desk.scanned = [scene.room.catalogue.slot_label(wrong)]
    scanned = shelve.scan(scene.room, scene.archivist)
    assert (scanned.ok, scanned.expected, scanned.seen) == (False, "B1-A-02-R-01-2-03", wrong)
    with pytest.raises(InputRefused, match="not_a_slot_label"):
        shelve.put_away(scene.room, scene.archivist, scene.boxes[2], scene.box(2).label)


def test_what_was_scanned_before_a_put_away_was_chosen_puts_nothing_away(scene):
    scene.lend(box_id=scene.boxes[2])
    return_box.receive(scene.room, scene.archivist)
    scene.desk.scanned = [scene.room.catalogue.slot_label("B1-A-02-R-01-2-03")]
    shelve.choose(scene.room, scene.archivist, scene.boxes[2])
    assert shelve.scan(scene.room, scene.archivist) is None
    assert scene.box(2).slot is None


def test_when_an_item_leaves_its_box_goes_back_with_an_out_card(scene):
    loan = scene.lend(item_id=scene.items[0])
    assert scene.room.catalogue.item(scene.items[0]).state == "out"
    (task,) = shelve.tasks(scene.room)
    assert (task.box_id, task.why, task.loan_ids) == (scene.boxes[0], "out_card", ())
    put_away(scene, scene.boxes[0])
    assert scene.box(0).slot and scene.room.loans.get(loan.id).state == "handed_over"
    assert shelve.tasks(scene.room) == []


def test_an_item_comes_back_by_its_own_label_and_goes_into_its_box_on_the_shelf(scene):
    loan = scene.lend(item_id=scene.items[0])
    put_away(scene, scene.boxes[0])
    scene.counter.held = [scene.box(0).label]
    returned = return_box.receive(scene.room, scene.archivist)
    own_label = scene.room.catalogue.item(scene.items[0]).label
    item = scene.room.catalogue.item(scene.items[0])
    assert (returned.verdict.why, returned.verdict.expected) == ("not_on_loan", own_label)
    assert (returned.verdict.expected_no, returned.verdict.seen_no) == (item.ref_code, "1"), "as people call them"
    assert scene.room.loans.get(loan.id).state == "handed_over", "showing the box ends nobody's liability for the item"
    scene.counter.held = [own_label]
    assert return_box.receive(scene.room, scene.archivist).loans[0].state == "confirmed"
    (task,) = shelve.tasks(scene.room)
    assert (task.why, task.loan_ids) == ("item_back", (loan.id,))
    put_away(scene, scene.boxes[0])
    assert scene.room.loans.get(loan.id).state == "reshelved"
    assert scene.room.catalogue.item(scene.items[0]).state == "shelved"


def test_a_volume_is_lent_and_comes_back_by_its_own_label(scene):
    volume = scene.room.database.write(
        lambda change: scene.room.catalogue.add_volume(
            change, fonds_no="A001", ref_code="A001-KU·2012-001", title="账簿", actor="node", box_id=scene.boxes[4]
        )
    )
    loan = scene.lend(volume_id=volume.id)
    assert (loan.kind, scene.room.catalogue.volume(volume.id).state) == ("volume", "out")
    scene.counter.held = [volume.label]
    assert return_box.receive(scene.room, scene.archivist).verdict.ok
    put_away(scene, scene.boxes[4])
    assert scene.room.catalogue.volume(volume.id).state == "shelved"


def test_what_is_not_on_loan_cannot_come_back(scene):
    scene.counter.held = [scene.box(4).label]
    returned = return_box.receive(scene.room, scene.archivist)
    assert (returned.verdict.ok, returned.verdict.why, returned.verdict.seen_no) == (False, "not_on_loan", "5")
    scene.counter.held = []
    assert return_box.receive(scene.room, scene.archivist).verdict.why == "unreadable"


def test_a_label_that_belongs_to_nothing_here_has_no_name(scene):
    scene.counter.held = [labels.mint("B")]
    verdict = return_box.receive(scene.room, scene.archivist).verdict
    assert (verdict.why, verdict.seen, verdict.seen_no) == ("not_on_loan", scene.counter.held[0], "")


def test_a_secret_paper_held_to_the_camera_is_not_named_to_who_may_not_know_it(scene):
    secret = scene.room.catalogue.item(scene.secret_item)
    scene.counter.held = [secret.label]
    verdict = return_box.receive(scene.room, scene.archivist).verdict
    assert (verdict.why, verdict.seen_no) == ("not_on_loan", "———")


def test_a_verified_box_that_is_not_lent_after_all_goes_back(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[5])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.counter.held = [scene.box(5).label]
    retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert shelve.tasks(scene.room) == []
    retrieve.cancel(scene.room, scene.archivist, loan.id, "not_needed")
    assert [task.why for task in shelve.tasks(scene.room)] == ["not_lent"]


def test_nothing_else_is_chosen_before_the_aisle_of_a_put_away_is_walked(scene):
    scene.lend(box_id=scene.boxes[5])
    return_box.receive(scene.room, scene.archivist)
    scene.lend(box_id=scene.boxes[2])
    shelve.choose(scene.room, scene.archivist, scene.boxes[5])
    scene.open_chosen()
    shelve.put_away(scene.room, scene.archivist, scene.boxes[5], "b1-a-04-r-01-1-01")
    other = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[4])
    with pytest.raises(RuleRefused, match="aisles_occupied"):
        retrieve.choose(scene.room, scene.archivist, other.id)
    scene.block.walk(4)
    assert retrieve.choose(scene.room, scene.archivist, other.id).moves
