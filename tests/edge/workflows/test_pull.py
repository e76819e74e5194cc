"""The pull list: several requests as one, offered aisle by aisle, checked in any order."""

import json

import pytest

from edge.errors import InputRefused, RuleRefused
from edge.workflows import motion, pull, retrieve


def listed(scene, *numbers):
    """Boxes 2, 3 stand in aisle 2, boxes 4 and 5 in aisles 3 and 4; aisle 4 stands open."""
    loans = [retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[number]) for number in numbers]
    pull.begin(scene.room, scene.archivist, [loan.id for loan in loans])
    return loans


def opens(scene, aisle):
    pull.choose(scene.room, scene.archivist, aisle)
    if scene.block.move is not None and scene.block.move.phase == "armed":
        scene.open_chosen()


def check(scene, number):
    scene.counter.held = [scene.box(number).label]
    return pull.check(scene.room, scene.archivist)


def states(scene, loans):
    return [scene.room.loans.get(loan.id).state for loan in loans]


def test_three_boxes_of_two_aisles_need_two_openings_and_are_checked_in_any_order(scene):
    loans = listed(scene, 2, 4, 3)
    work = pull.work(scene.room)
    assert [(stop.aisle, [loan.box_id for loan in stop.loans]) for stop in work.stops] == [
        (3, [scene.boxes[4]]),
        (2, [scene.boxes[2], scene.boxes[3]]),
    ]
    assert work.exact
    opens(scene, 3)
    scene.block.walk(3)
    assert states(scene, loans) == ["approved", "pulling", "approved"]
    opens(scene, 2)
    assert pull.work(scene.room).opened.aisle == 2
    for number in (3, 4, 2):
        verdict, served = check(scene, number)
        assert verdict.ok and [loan.box_id for loan in served] == [scene.boxes[number]]
    assert states(scene, loans) == ["verified"] * 3
    assert scene.room.moves.task("B1-A") is None, "all are fetched: the block is free"
    assert scene.events("move.armed").count("move.armed") == 2, "two aisles, two openings"
    for loan in loans:
        retrieve.hand_over(scene.room, scene.archivist, loan.id)
    assert pull.work(scene.room) is None
    assert json.loads(scene.room_events("pull.ended")[0].body)["ended"] == "done"


def test_rule_3_the_next_aisle_is_only_offered_and_not_before_the_open_one_is_walked(scene):
    listed(scene, 2, 4)
    opens(scene, 3)
    with pytest.raises(RuleRefused) as refused:
        pull.choose(scene.room, scene.archivist, 2)
    assert (refused.value.code, refused.value.params["walk"]) == ("aisles_occupied", [3])
    scene.block.walk(3)
    scene.follower.step()
    assert scene.block.move.phase == "ended", "nothing is armed by itself"


def test_in_the_open_aisle_one_compartment_is_lit_at_a_time_and_the_next_after_each_check(scene):
    loans = listed(scene, 2, 3)
    opens(scene, 2)
    assert scene.block.lights[-2:] == [(3, 0, "none"), (2, 4, "right")]
    pull.light(scene.room, scene.archivist, loans[1].id)
    assert scene.block.lights[-2:] == [(2, 0, "none"), (3, 1, "left")]
    check(scene, 2)
    assert scene.block.lights[-1] == (3, 1, "left")
    with pytest.raises(RuleRefused, match="not_in_open_aisle"):
        pull.light(scene.room, scene.archivist, loans[0].id)


def test_a_box_of_another_aisle_or_of_no_request_is_refused(scene):
    loans = listed(scene, 2, 4)
    opens(scene, 2)
    for number in (4, 5):
        verdict, served = check(scene, number)
        assert (verdict.ok, verdict.why, served) == (False, "wrong_box", [])
    assert states(scene, loans) == ["pulling", "approved"]


def test_two_requests_for_one_box_are_served_by_one_check(scene):
    loans = [retrieve.ask_for(scene.room, scene.archivist, item_id=item) for item in scene.items]
    pull.begin(scene.room, scene.archivist, [loan.id for loan in loans])
    opens(scene, 1)
    verdict, served = check(scene, 0)
    assert verdict.ok and {loan.id for loan in served} == {loan.id for loan in loans}


@pytest.mark.parametrize("ended", ["not_started", "stopped", "fault"])
def test_an_aisle_that_did_not_open_is_offered_again_and_what_is_in_hand_stays_in_hand(scene, ended):
    loans = listed(scene, 2, 4)
    opens(scene, 3)
    scene.block.walk(3)
    pull.choose(scene.room, scene.archivist, 2)
    scene.block.end(ended)
    scene.follower.step()
    assert states(scene, loans) == ["approved", "pulling"]
    assert scene.room.moves.task("B1-A") is not None, "a fetched box is still to be checked"
    pull.choose(scene.room, scene.archivist, 2)
    assert states(scene, loans) == ["pulling", "pulling"]


def test_a_first_aisle_that_did_not_open_frees_the_block(scene):
    loans = listed(scene, 2, 3)
    pull.choose(scene.room, scene.archivist, 2)
    scene.block.end("not_started")
    scene.follower.step()
    assert states(scene, loans) == ["approved", "approved"]
    assert scene.room.moves.task("B1-A") is None


def test_a_list_put_aside_gives_its_requests_back_to_the_queue(scene):
    loans = listed(scene, 2, 4)
    pull.choose(scene.room, scene.archivist, 2)
    pull.give_up(scene.room, scene.archivist)
    scene.follower.step()
    assert states(scene, loans) == ["approved", "approved"]
    assert scene.block.move.ended == "cancelled" and pull.work(scene.room) is None
    retrieve.choose(scene.room, scene.archivist, loans[0].id)


def test_a_cancelled_request_leaves_the_list_and_the_last_one_ends_it(scene):
    loans = listed(scene, 2, 4)
    retrieve.cancel(scene.room, scene.archivist, loans[0].id, "not_needed")
    assert [stop.aisle for stop in pull.work(scene.room).stops] == [3]
    retrieve.cancel(scene.room, scene.archivist, loans[1].id, "not_needed")
    assert pull.work(scene.room) is None


def test_a_list_that_nobody_brought_to_the_counter_gives_the_block_back(scene):
    loans = listed(scene, 2, 4)
    opens(scene, 2)
    scene.clock.advance(motion.FORGOTTEN_MS + 1000)
    scene.follower.step()
    assert states(scene, loans) == ["cancelled", "approved"]
    assert pull.work(scene.room) is None and scene.room.moves.task("B1-A") is None


def test_one_list_at_a_time_of_waiting_requests_by_who_may_choose(scene):
    first, second = listed(scene, 2, 4)
    with pytest.raises(RuleRefused, match="pull_list_open"):
        pull.begin(scene.room, scene.archivist, [first.id, second.id])
    pull.give_up(scene.room, scene.archivist)
    with pytest.raises(RuleRefused, match="not_allowed"):
        pull.begin(scene.room, scene.reader, [first.id, second.id])
    retrieve.cancel(scene.room, scene.archivist, first.id, "not_needed")
    with pytest.raises(RuleRefused, match="loan_state"):
        pull.begin(scene.room, scene.archivist, [first.id, second.id])
    with pytest.raises(InputRefused, match="pull_list_size"):
        pull.begin(scene.room, scene.archivist, [])


def test_another_task_does_not_take_the_block_from_a_list(scene):
    listed(scene, 2)
    other = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[4])
    opens(scene, 2)
    scene.block.walk(2)
    with pytest.raises(RuleRefused, match="block_busy"):
        retrieve.choose(scene.room, scene.archivist, other.id)
