"""What was counted and signed corrects the index by a third person's approval, and only where nothing changed since."""

import json

import pytest

from edge.errors import RuleRefused
from edge.store import box_places, differences
from edge.store.corrections import Corrections
from edge.workflows import (
    count_bay,
    sample,
    shelve,
    stocktake,
    stocktake_sheet,
)
from edge.workflows.sample import Counted
from tests.edge.workflows.test_stocktake import BAY, SECOND, THIRD, closed, count, counting, slot


def test_the_sheet_still_says_what_the_index_had_after_it_was_corrected(scene):
    about = scene.items[0]
    scene.room.database.write(
        lambda change: Corrections(scene.room.database).correct(
            change, "item", about, {"pages": 14}, reason="counted", actor="p-archivist"
        )
    )
    begun = sample.begin(scene.room, scene.archivist, 5)
    box_id = begun.boxes[0].box_id
    told = [
        Counted(one.id, True, 15 if one.id == about else None)
        for one in sample.items(scene.room, scene.archivist, begun.id, box_id)
    ]
    sample.count(scene.room, scene.archivist, begun.id, box_id, told)
    stocktake.sign(scene.room, scene.archivist, begun.id)
    stocktake.sign(scene.room, SECOND, begun.id)
    (found,) = differences.of(scene.room.database, begun.id)
    stocktake.decide(scene.room, SECOND, found.id, True)
    (line,) = stocktake_sheet.sheet(scene.room, scene.archivist, begun.id).lines
    assert (line.state, line.counted, line.pages) == ("approved", 15, 14)
    assert scene.room.catalogue.item(about).pages == 15


def test_an_approval_corrects_nothing_that_was_recorded_after_the_count(scene):
    _, (missing,) = closed(scene, {})

    def found_again(change):
        box_places.place_box(change, scene.boxes[2], slot(1, 2), "p-archivist", "found")

    scene.room.database.write(found_again)
    with pytest.raises(RuleRefused, match="index_changed_since"):
        stocktake.decide(scene.room, SECOND, missing.id, True)
    assert scene.box(2).slot == slot(1, 2), "where it was put since"
    assert stocktake.decide(scene.room, SECOND, missing.id, False).state == "left"


def test_pages_that_were_corrected_after_the_count_are_not_counted_back(scene):
    begun = sample.begin(scene.room, scene.archivist, 5)
    box_id = begun.boxes[0].box_id

    def pages(number):
        def correct(change):
            told = {"pages": number}
            Corrections(scene.room.database).correct(change, "item", scene.items[0], told, reason="-", actor="a")

        scene.room.database.write(correct)

    pages(14)
    told = [
        Counted(one.id, True, 15 if one.id == scene.items[0] else None)
        for one in sample.items(scene.room, scene.archivist, begun.id, box_id)
    ]
    sample.count(scene.room, scene.archivist, begun.id, box_id, told)
    for person in (scene.archivist, SECOND):
        stocktake.sign(scene.room, person, begun.id)
    pages(16)
    (found,) = differences.of(scene.room.database, begun.id)
    with pytest.raises(RuleRefused, match="index_changed_since"):
        stocktake.decide(scene.room, SECOND, found.id, True)
    assert scene.room.catalogue.item(scene.items[0]).pages == 16


def test_what_two_people_signed_corrects_nothing_in_a_bay_that_is_being_counted_again(scene):
    _, found = closed(scene, {})
    again = counting(scene)
    with pytest.raises(RuleRefused, match="bay_frozen"):
        stocktake.decide(scene.room, THIRD, found[0].id, True)
    assert scene.box(2).slot == slot(2, 3)
    count_bay.give_up_bay(scene.room, scene.archivist, again, BAY)
    assert stocktake.decide(scene.room, THIRD, found[0].id, True).state == "approved"


def test_a_box_that_was_counted_missing_is_missing_and_not_on_its_way_until_somebody_finds_it(scene):
    _, found = closed(scene, {})
    stocktake.decide(scene.room, THIRD, found[0].id, True)
    assert [(task.box_no, task.why) for task in shelve.tasks(scene.room)] == [("3", "missing")]
    assert count(scene, {})[1] == [], "the index says so: nothing differs, and nothing is in transit"
    _, found = count(scene, {(2, 3): 2})
    assert [(one.kind, one.slot) for one in found] == [("index_says_out", slot(2, 3))], "there it is"
    shelve.put_away(scene.room, scene.archivist, scene.boxes[2], slot(2, 3))
    assert scene.box(2).slot == slot(2, 3) and shelve.tasks(scene.room) == []
    taken = lambda change: box_places.take_box(change, scene.boxes[2], "p-archivist", "loan x")  # noqa: E731
    scene.room.database.write(taken)
    assert [task.why for task in shelve.tasks(scene.room)] == ["not_lent"], "found again is not missing any more"


def test_boxes_in_each_others_places_are_corrected_together_and_each_keeps_where_it_came_from(scene):
    scene.room.database.write(lambda change: box_places.place_box(change, scene.boxes[3], slot(1, 1), "node", "x"))
    _, found = closed(scene, {(2, 3): 3, (1, 1): 2})
    assert [one.kind for one in found] == ["misplaced", "misplaced"]
    assert stocktake.decide(scene.room, THIRD, found[1].id, True).id == found[1].id
    assert (scene.box(2).slot, scene.box(3).slot) == (slot(1, 1), slot(2, 3))
    assert {one.state for one in differences.of(scene.room.database, found[0].stocktake_id)} == {"approved"}
    moves = [json.loads(event.body) for event in scene.room_events("box.placed")[:2]]
    assert {(one["from"], one["slot"]) for one in moves} == {(slot(1, 1), slot(2, 3)), (slot(2, 3), slot(1, 1))}


def test_a_box_in_the_place_of_one_that_stands_right_elsewhere_is_not_put_there_by_approval(scene):
    scene.room.database.write(lambda change: box_places.place_box(change, scene.boxes[3], slot(1, 1), "node", "x"))
    _, found = closed(scene, {(1, 1): 2})  # box 4, whose place it is, was seen nowhere
    misplaced = next(one for one in found if one.kind == "misplaced")
    with pytest.raises(RuleRefused, match="slot_taken") as refused:
        stocktake.decide(scene.room, THIRD, misplaced.id, True)
    assert (refused.value.recovery, refused.value.params["box_no"]) == ("settle_other_first", "4")
    assert (scene.box(2).slot, scene.box(3).slot) == (slot(2, 3), slot(1, 1))
