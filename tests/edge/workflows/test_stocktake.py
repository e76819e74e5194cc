"""Taking stock: counted blind, frozen meanwhile, signed by two, corrected by a third."""

import json
import threading
from datetime import UTC, datetime

import pytest

from edge.domain.people import Person
from edge.domain.records import NewItem
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places, differences, stocktakes
from edge.workflows import (
    bay_found,
    count_bay,
    ingest,
    paper_slip,
    put_right,
    retrieve,
    return_box,
    sample,
    shelve,
    stocktake,
)
from edge.workflows.sample import Counted

BAY = "B1-A-02-R-01"  # six slots; box 3 belongs in its slot 2-03
OTHER = "B1-A-03-L-01"  # opposite; box 4 in 1-01
SECOND = Person("p-second", "周岚", "档案室", ("archivist",), True)
THIRD = Person("p-third", "何平", "档案室", ("archivist",), True)


def slot(level, position, bay=BAY):
    return f"{bay}-{level}-{position:02d}"


def count(scene, boxes, *, bay=BAY, person=None):
    """Count ``bay`` with the hand scanner alone: ``boxes`` = place → box number, every other slot is empty."""
    person = person or scene.archivist
    begun = stocktake.begin(scene.room, person, "rolling", bay)
    count_bay.begin_bay(scene.room, person, begun.id, bay)
    for level in (1, 2):
        for position in (1, 2, 3):
            code = slot(level, position, bay)
            label = scene.room.catalogue.slot_label(code)
            number = boxes.get((level, position))
            scene.desk.scanned += [label, scene.box(number).label if number is not None else label]
    count_bay.take_scans(scene.room, person, begun.id, bay)
    return begun.id, count_bay.finish_bay(scene.room, person, begun.id, bay)


def counting(scene, bay=BAY):
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", bay)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, bay)
    return begun.id


def closed(scene, boxes, **more):
    stocktake_id, found = count(scene, boxes, **more)
    stocktake.sign(scene.room, scene.archivist, stocktake_id)
    stocktake.sign(scene.room, SECOND, stocktake_id)
    return stocktake_id, found


def test_a_bay_that_agrees_has_no_differences_and_leaves_its_steps_in_the_trace(scene):
    stocktake_id, found = count(scene, {(2, 3): 2})
    assert found == []
    assert scene.events("stocktake") == [
        "stocktake.begun",
        "stocktake.bay_counting",
        *["stocktake.seen"] * 6,
        "stocktake.bay_counted",
    ]
    assert stocktakes.get(scene.room.database, stocktake_id).counted


def test_what_is_missing_misplaced_and_unknown_is_told_with_where_it_belongs(scene):
    _, found = count(scene, {(1, 1): 3})
    assert [(one.kind, one.slot, one.belongs) for one in found] == [
        ("misplaced", slot(1, 1), slot(1, 1, OTHER)),
        ("missing", slot(2, 3), ""),
    ]


def test_counting_is_blind_nothing_told_before_the_end_names_what_should_be_there(scene):
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", BAY)
    now = count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    assert scene.box(2).box_no not in json.dumps([now.seen, now.at_slot]) and now.seen == {}
    with pytest.raises(RuleRefused, match="bay_not_all_seen"):
        count_bay.finish_bay(scene.room, scene.archivist, begun.id, BAY)


def test_scanning_the_same_slot_twice_says_empty_and_a_box_before_its_slot_is_refused(scene):
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", BAY)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    say = lambda text: count_bay.scanned(scene.room, scene.archivist, begun.id, BAY, text)  # noqa: E731
    with pytest.raises(InputRefused, match="scan_slot_first"):
        say(scene.box(2).label)
    with pytest.raises(InputRefused, match="slot_of_other_bay"):
        say(slot(1, 1, OTHER))
    assert say(slot(1, 1)).at_slot == slot(1, 1)
    assert say(slot(1, 1)).seen == {slot(1, 1): "empty"}
    say(slot(2, 3))
    assert say(scene.box(2).label).seen[slot(2, 3)] == "box"
    assert say(scene.box(0).label).seen[slot(2, 3)] == "box", "the last scan of a slot counts"


def being_counted(scene):
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", BAY)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    return begun.id


def test_a_label_that_is_refused_takes_no_scan_after_it_along(scene):
    stocktake_id = being_counted(scene)
    first, second = (scene.room.catalogue.slot_label(slot(1, position)) for position in (1, 2))
    scene.desk.scanned += [first, "a parcel's label", second, second]
    with pytest.raises(InputRefused, match="slot"):
        count_bay.take_scans(scene.room, scene.archivist, stocktake_id, BAY)
    assert count_bay.progress(scene.room, stocktake_id, BAY).seen == {slot(1, 2): "empty"}


def test_scans_asked_for_while_others_are_noted_wait_so_that_a_box_stays_in_its_slot(scene, monkeypatch):
    stocktake_id = being_counted(scene)
    first, second, third = (scene.room.catalogue.slot_label(slot(1, position)) for position in (1, 2, 3))
    scene.desk.scanned += [first, scene.box(3).label, second, second]
    at_slot, polls = stocktakes.at_slot, []

    def poll():
        count_bay.take_scans(scene.room, scene.archivist, stocktake_id, BAY)

    def noted_slowly(*what):
        at_slot(*what)
        if not polls:
            scene.desk.scanned.append(third)
            polls.append(threading.Thread(target=poll))
            polls[0].start()
            polls[0].join(0.2)

    monkeypatch.setattr(stocktakes, "at_slot", noted_slowly)
    poll()
    polls[0].join()
    now = count_bay.progress(scene.room, stocktake_id, BAY)
    assert (now.seen, now.at_slot) == ({slot(1, 1): "box", slot(1, 2): "empty"}, slot(1, 3))


def test_nothing_in_a_bay_moves_while_it_is_counted_and_the_bay_beside_it_does(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", BAY)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    with pytest.raises(RuleRefused, match="bay_frozen"):
        retrieve.choose(scene.room, scene.archivist, loan.id)
    with pytest.raises(RuleRefused, match="bay_frozen"):
        count_bay.begin_bay(scene.room, SECOND, stocktake.begin(scene.room, SECOND, "full").id, BAY)
    count_bay.give_up_bay(scene.room, scene.archivist, begun.id, BAY)
    retrieve.choose(scene.room, scene.archivist, loan.id)
    with pytest.raises(RuleRefused, match="bay_in_use"):
        count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)


def test_what_is_on_its_way_is_accounted_for_and_not_missing(scene):
    scene.room.database.write(lambda change: box_places.take_box(change, scene.boxes[2], "p-archivist", "taken"))
    _, found = count(scene, {})
    assert [(one.kind, one.state) for one in found] == [("in_transit", "accounted")]
    assert [task.box_id for task in shelve.tasks(scene.room)] == [scene.boxes[2]]


def test_the_sheet_takes_two_people_and_the_index_a_third_who_did_not_count(scene):
    stocktake_id, found = count(scene, {})
    missing = found[0]
    decide = lambda person, yes: stocktake.decide(scene.room, person, missing.id, yes)  # noqa: E731
    with pytest.raises(RuleRefused, match="sheet_not_signed"):
        decide(SECOND, True)
    stocktake.sign(scene.room, scene.archivist, stocktake_id)
    with pytest.raises(RuleRefused, match="signed_already"):
        stocktake.sign(scene.room, scene.archivist, stocktake_id)
    assert stocktake.sign(scene.room, SECOND, stocktake_id).closed_ms is not None
    with pytest.raises(RuleRefused, match="counted_it_yourself"):
        decide(scene.archivist, True)
    with pytest.raises(RuleRefused, match="not_allowed"):
        decide(scene.reader, True)
    assert scene.box(2).slot == slot(2, 3), "until now the index is as it was"
    assert decide(SECOND, True).state == "approved"
    assert scene.box(2).slot is None
    with pytest.raises(RuleRefused, match="difference_state"):
        decide(SECOND, False)


def test_a_misplaced_box_is_taken_from_here_and_put_there_and_both_ends_are_checked(scene):
    _, found = closed(scene, {(1, 1): 3, (2, 3): 2})
    (wrong,) = found
    take = lambda text: put_right.take(scene.room, SECOND, wrong.id, text)  # noqa: E731
    put = lambda text: put_right.put(scene.room, SECOND, wrong.id, text)  # noqa: E731
    with pytest.raises(RuleRefused, match="wrong_box_in_hand"):
        take(scene.box(0).label)
    with pytest.raises(RuleRefused, match="difference_state"):
        put(slot(1, 1, OTHER))
    assert take(scene.box(3).label).state == "in_hand"
    with pytest.raises(RuleRefused, match="wrong_slot"):
        put(slot(1, 2))
    assert put(scene.room.catalogue.slot_label(slot(1, 1, OTHER))).state == "righted"
    assert scene.box(3).slot == slot(1, 1, OTHER)
    assert scene.events("stocktake.difference") == ["stocktake.difference_in_hand", "stocktake.difference_righted"]


def test_a_bay_counted_again_forgets_what_it_found_before(scene):
    stocktake_id, found = count(scene, {})
    assert [one.kind for one in found] == ["missing"]
    count_bay.begin_bay(scene.room, scene.archivist, stocktake_id, BAY)
    assert differences.of(scene.room.database, stocktake_id) == []


def test_a_full_stocktake_has_every_bay_and_the_open_aisle_comes_first_when_counting_rolls(scene):
    full = stocktake.begin(scene.room, scene.archivist, "full")
    assert len(full.bays) == 7 and full.bays[0].bay == "B1-A-01-R-01"
    first = stocktake.due(scene.room)[0]
    assert first.open_now and first.aisle == 4
    assert stocktake.begin(scene.room, scene.archivist, "rolling").bays[0].bay == first.bay


def test_a_reader_counts_nothing_and_the_refusal_is_an_event(scene):
    with pytest.raises(RuleRefused, match="not_allowed"):
        stocktake.begin(scene.room, scene.reader, "full")
    assert scene.events("request.refused") == ["request.refused"]


def test_the_sample_counts_items_and_pages_of_boxes_drawn_by_chance(scene):
    begun = sample.begin(scene.room, scene.archivist, 5)
    assert [box.box_id for box in begun.boxes] == [scene.boxes[0]], "one box holds items that this person may see"
    inside = sample.items(scene.room, scene.archivist, begun.id, scene.boxes[0])
    with pytest.raises(InputRefused, match="count_every_item"):
        sample.count(scene.room, scene.archivist, begun.id, scene.boxes[0], [Counted(inside[0].id, True, 3)])
    told = [Counted(inside[0].id, True, None), Counted(inside[1].id, False, None)]
    assert sample.count(scene.room, scene.archivist, begun.id, scene.boxes[0], told) == 1
    (found,) = differences.of(scene.room.database, begun.id)
    assert (found.kind, found.item_id) == ("item_missing", inside[1].id)
    with pytest.raises(RuleRefused, match="box_counted_already"):
        sample.count(scene.room, scene.archivist, begun.id, scene.boxes[0], told)


def test_a_counted_bay_says_of_every_slot_what_was_found_and_nothing_before_it_is_counted(scene):
    begun = stocktake.begin(scene.room, scene.archivist, "full")
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    with pytest.raises(RuleRefused, match="bay_state"):
        bay_found.found(scene.room, scene.archivist, begun.id, BAY)
    count_bay.give_up_bay(scene.room, scene.archivist, begun.id, BAY)
    stocktake_id, _ = count(scene, {(1, 1): 3, (1, 2): 2})
    told = bay_found.found(scene.room, scene.archivist, stocktake_id, BAY)
    assert {one.slot: (one.status, one.belongs, one.found_at) for one in told.slots if one.status != "empty"} == {
        slot(1, 1): ("misplaced", slot(1, 1, OTHER), ""),
        slot(1, 2): ("misplaced", slot(2, 3), ""),
        slot(2, 3): ("missing", "", slot(1, 2)),
    }
    stocktake_id, _ = count(scene, {(2, 3): 2})
    told = bay_found.found(scene.room, scene.archivist, stocktake_id, BAY)
    assert [one.slot for one in told.slots if one.status == "right"] == [slot(2, 3)]
    with pytest.raises(RuleRefused, match="not_allowed"):
        bay_found.found(scene.room, scene.reader, stocktake_id, BAY)


def test_a_paper_slip_from_before_the_count_is_entered_meanwhile_and_one_of_a_frozen_bay_waits(scene):
    people, write = scene.room.people, scene.room.database.write
    admin = write(lambda change: people.add_first_administrator(change, "赵敏", "730418"))
    borrower = write(lambda change: people.add(change, "王芳", roles=("reader",), by=(admin.id,)))
    scene.clock.advance(60_000)
    before = written(scene)
    scene.clock.advance(60_000)
    counting(scene)
    scene.clock.advance(60_000)
    slip = lambda at: paper_slip.lent(scene.room, scene.archivist, scene.box(2).label, borrower.id, at)  # noqa: E731
    with pytest.raises(RuleRefused, match="bay_frozen"):
        slip(written(scene))
    assert scene.box(2).slot == slot(2, 3)
    assert slip(before).state == "handed_over" and scene.box(2).slot is None
    with pytest.raises(RuleRefused, match="bay_frozen"):
        paper_slip.back(scene.room, scene.archivist, scene.box(2).label, written(scene))


def written(scene):
    return datetime.fromtimestamp(scene.room.clock.utc_ms() / 1000, UTC).isoformat()


def test_no_box_is_given_a_slot_by_itself_in_a_bay_that_is_being_counted(scene):
    def add(change):
        return scene.room.catalogue.add_box(change, fonds_no="A001", box_no="77", actor="node").id

    counting(scene, "B1-A-01-R-01")
    box_id = scene.room.database.write(add)
    ingest.place(scene.room.database, scene.room.layout, "node")
    home = scene.room.catalogue.box(box_id).home_slot
    assert home and not home.startswith("B1-A-01-R-01-")


def test_a_bay_is_not_counted_while_somebody_carries_a_box_between_it_and_another(scene):
    _, found = closed(scene, {(2, 3): 2, (1, 1): 3})
    misplaced = next(one for one in found if one.kind == "misplaced")
    step = lambda text: put_right.step(scene.room, scene.archivist, misplaced.id, text).state  # noqa: E731
    step(scene.box(3).label)
    for bay in (BAY, OTHER):
        with pytest.raises(RuleRefused, match="bay_in_use"):
            counting(scene, bay)
    assert step(misplaced.slot) == "open", "put back where it was found"
    assert [step(scene.box(3).label), step(misplaced.belongs)] == ["in_hand", "righted"]
    assert counting(scene, OTHER)


def test_papers_of_a_lent_volume_and_what_came_back_and_waits_are_accounted_for_in_the_sample(scene):
    def add(change):
        catalogue, box_id = scene.room.catalogue, scene.boxes[4]
        volume = catalogue.add_volume(
            change, fonds_no="A001", ref_code="A001-KU·2012-001", title="账簿", actor="node", box_id=box_id
        )
        new = NewItem(fonds_no="A001", title="凭证", ref_code="A001-KU·2012-001-001")
        return volume, catalogue.add_item(change, new, actor="node", box_id=box_id, volume_id=volume.id)

    volume, paper = scene.room.database.write(add)
    loan = scene.lend(volume_id=volume.id)
    shelve.put_away(scene.room, scene.archivist, scene.boxes[4], scene.box(4).home_slot)

    def away():
        box_id = scene.boxes[4]
        begun = stocktakes.get(scene.room.database, scene.room.database.write(
            lambda change: stocktakes.begin(change, "sample", "p-archivist", (), [box_id])
        ))  # fmt: skip
        sample.count(scene.room, scene.archivist, begun.id, box_id, [Counted(paper, False, None)])
        return [(one.kind, one.state) for one in differences.of(scene.room.database, begun.id)]

    assert away() == [("on_loan", "accounted")]
    scene.counter.held = [volume.label]
    assert return_box.receive(scene.room, scene.archivist).loans[0].id == loan.id
    assert away() == [("in_transit", "accounted")]
