"""The main job, at the level of workflows."""

import json

import pytest

from edge.errors import DeviceFault, InputRefused, RuleRefused
from edge.workflows import motion, retrieve, shelve


def test_a_box_is_asked_for_pulled_checked_and_handed_over_with_a_due_date(scene):
    room, staff = scene.room, scene.archivist
    loan = retrieve.ask_for(room, staff, box_id=scene.boxes[2])
    assert loan.state == "approved"
    plan = retrieve.preview(room, loan.id)
    assert plan.aisle == 2 and {move.column for move in plan.moves} == {3, 4}
    assert retrieve.choose(room, staff, loan.id) == plan
    assert room.loans.get(loan.id).state == "pulling"
    assert scene.block.move.phase == "armed", "nothing moves before Start"
    scene.open_chosen()
    assert scene.block.lights[-1] == (2, 4, "right")
    assert [aisle.no for aisle in motion.walk_needed(room)] == [2]
    scene.counter.held = [scene.box(2).label]
    verdict = retrieve.check_label(room, staff, loan.id)
    assert verdict.ok and verdict.expected_no == verdict.seen_no == "3"
    assert scene.box(2).slot is None and scene.box(2).home_slot == "B1-A-02-R-01-2-03"
    lent = retrieve.hand_over(room, staff, loan.id)
    assert lent.state == "handed_over" and lent.due == "2026-11-27"
    wanted = ["loan.approved", "loan.pulling", "move.armed", "move.started", "move.ended"]
    wanted += ["label.checked", "box.taken", "loan.verified", "loan.handed_over"]
    assert [action for action in scene.events() if action in wanted] == wanted


def test_a_wrong_box_is_refused_and_expected_and_seen_stand_side_by_side_with_the_frame(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.open_chosen()
    scene.counter.held = [scene.box(3).label]
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.why, verdict.expected_no, verdict.seen_no) == (False, "wrong_box", "3", "4")
    assert scene.room.looks.read(verdict.look_id).startswith(b"\xff\xd8")
    assert scene.room.loans.get(loan.id).state == "pulling"
    with pytest.raises(RuleRefused, match="loan_state"):
        retrieve.hand_over(scene.room, scene.archivist, loan.id)
    body = json.loads(scene.room_events("label.checked")[0].body)
    assert (body["ok"], body["why"], body["expected"]) == (0, "wrong_box", scene.box(2).label)
    assert [task.box_id for task in shelve.tasks(scene.room)] == [scene.boxes[3]], "the wrong box must go back"


@pytest.mark.parametrize(
    ("held", "age_ms", "why"),
    [
        ([], 100, "unreadable"),
        (["https://example.org"], 100, "foreign_code"),
        (["both"], 100, "several"),
        (["right"], 60_000, "stale_frame"),
    ],
)
def test_what_cannot_be_read_for_sure_is_not_handed_over(scene, held, age_ms, why):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.open_chosen()
    right, other = scene.box(2).label, scene.box(3).label
    scene.counter.held = {"both": [right, other], "right": [right]}.get(held[0] if held else "", held)
    scene.counter.age_ms = age_ms
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.why) == (False, why)
    assert scene.box(2).slot is not None


def test_a_silent_camera_is_a_fault_and_changes_nothing(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.counter.silent = True
    with pytest.raises(DeviceFault, match="camera_silent"):
        retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert scene.room.loans.get(loan.id).state == "pulling"


def test_two_people_asking_for_two_boxes_at_once_are_served_one_after_the_other(scene):
    first = retrieve.ask_for(scene.room, scene.reader, box_id=scene.boxes[2])
    scene.clock.advance(1000)
    second = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[4])
    assert [loan.id for loan in retrieve.queue(scene.room)] == [first.id, second.id]
    retrieve.choose(scene.room, scene.archivist, first.id)
    with pytest.raises(RuleRefused, match="block_moving"):
        retrieve.choose(scene.room, scene.archivist, second.id)
    scene.open_chosen()
    with pytest.raises(RuleRefused) as refused:
        retrieve.choose(scene.room, scene.archivist, second.id)
    assert (refused.value.code, refused.value.params["walk"]) == ("aisles_occupied", [2])
    scene.block.walk(2)
    with pytest.raises(RuleRefused, match="block_busy"):
        retrieve.choose(scene.room, scene.archivist, second.id)
    scene.counter.held = [scene.box(2).label]
    retrieve.check_label(scene.room, scene.archivist, first.id)
    retrieve.choose(scene.room, scene.archivist, second.id)
    assert scene.room.loans.get(second.id).state == "pulling"


@pytest.mark.parametrize("ended", ["not_started", "stopped", "permit_lost", "fault"])
def test_a_pull_that_never_opened_its_aisle_is_offered_again(scene, ended):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.block.end(ended)
    scene.follower.step()
    again = scene.room.loans.get(loan.id)
    assert (again.state, again.reason) == ("approved", ended)
    assert scene.room.moves.task("B1-A") is None
    assert json.loads(scene.room_events("move.ended")[0].body)["ended"] == ended
    retrieve.choose(scene.room, scene.archivist, loan.id)


def test_a_board_that_refuses_to_arm_leaves_the_request_as_it_was(scene):
    scene.block.refuse_to_arm = "proof_failed"
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    with pytest.raises(DeviceFault, match="proof_failed"):
        retrieve.choose(scene.room, scene.archivist, loan.id)
    assert scene.room.loans.get(loan.id).state == "approved"
    assert scene.events("move.") == ["move.armed", "move.ended"]
    assert scene.room.moves.task("B1-A") is None


def test_a_silent_motion_process_refuses_before_anything_is_chosen(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    scene.block.alive = False
    with pytest.raises(DeviceFault, match="block_silent"):
        retrieve.choose(scene.room, scene.archivist, loan.id)
    assert scene.room.loans.get(loan.id).state == "approved"


def test_a_box_in_the_aisle_that_stands_open_needs_no_move(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[5])
    plan = retrieve.choose(scene.room, scene.archivist, loan.id)
    assert plan.moves == () and scene.room.loans.get(loan.id).state == "pulling"
    assert scene.block.move is None and scene.block.lights[-1][0] == 4


def test_choosing_again_while_inside_the_open_aisle_only_lights_the_slot(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.open_chosen()
    lit = len(scene.block.lights)
    assert retrieve.choose(scene.room, scene.archivist, loan.id).moves == ()
    assert len(scene.block.lights) == lit + 1 and scene.block.move.phase == "ended"


def test_nobody_took_it_so_it_is_cancelled_and_start_goes_dark(scene):
    loan = retrieve.ask_for(scene.room, scene.reader, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    cancelled = retrieve.cancel(scene.room, scene.reader, loan.id, "not_needed")
    assert (cancelled.state, cancelled.reason) == ("cancelled", "not_needed")
    assert scene.block.move.ended == "cancelled"
    scene.follower.step()
    assert scene.room.loans.get(loan.id).state == "cancelled"
    assert retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2]).state == "approved"


def test_another_readers_request_cannot_be_cancelled(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    with pytest.raises(RuleRefused, match="not_allowed"):
        retrieve.cancel(scene.room, scene.reader, loan.id, "not_needed")
    with pytest.raises(InputRefused, match="reason_unknown"):
        retrieve.cancel(scene.room, scene.archivist, loan.id, "因为林涛说的")


def test_a_moving_block_must_be_stopped_before_its_request_is_cancelled(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.block.press_start()
    scene.follower.step()
    with pytest.raises(RuleRefused, match="block_moving"):
        retrieve.cancel(scene.room, scene.archivist, loan.id, "not_needed")


def test_a_pull_that_nobody_brought_to_the_counter_gives_the_block_back_after_half_an_hour(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.open_chosen()
    scene.clock.advance(motion.FORGOTTEN_MS + 1000)
    scene.follower.step()
    assert scene.room.loans.get(loan.id).reason == "nobody_took_it"
    assert scene.room.moves.task("B1-A") is None


def test_a_reader_may_ask_but_not_choose_and_the_refusal_is_in_the_trace(scene):
    loan = retrieve.ask_for(scene.room, scene.reader, box_id=scene.boxes[2])
    with pytest.raises(RuleRefused, match="not_allowed"):
        retrieve.choose(scene.room, scene.reader, loan.id)
    event = scene.room_events("request.refused")[0]
    assert (event.actor, event.subject) == (scene.reader.id, loan.id)
    assert json.loads(event.body) == {"code": "not_allowed", "right": "choose", "doing": "choose"}


def test_the_same_thing_is_not_lent_twice(scene):
    retrieve.ask_for(scene.room, scene.reader, item_id=scene.items[0])
    with pytest.raises(RuleRefused, match="asked_already"):
        retrieve.ask_for(scene.room, scene.archivist, item_id=scene.items[0])
    with pytest.raises(RuleRefused, match="box_asked_already"):
        retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[0])
    with pytest.raises(InputRefused, match="ask_for_one_thing"):
        retrieve.ask_for(scene.room, scene.archivist, item_id=scene.items[1], box_id=scene.boxes[0])


def test_a_secret_item_does_not_exist_for_who_is_not_cleared_and_its_events_stay_in_the_room(scene):
    with pytest.raises(InputRefused, match="record_unknown"):
        retrieve.ask_for(scene.room, scene.archivist, item_id=scene.secret_item)
    with pytest.raises(InputRefused, match="box_not_whole"):
        retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[1])
    cleared = scene.archivist.__class__("p-cleared", "王敏", "保密办", ("archivist", "cleared_secret"), True)
    loan = retrieve.ask_for(scene.room, cleared, item_id=scene.secret_item)
    retrieve.choose(scene.room, cleared, loan.id)
    scene.open_chosen()
    scene.counter.held = [scene.box(1).label]
    retrieve.check_label(scene.room, cleared, loan.id)
    retrieve.hand_over(scene.room, cleared, loan.id)
    told = [event for event in scene.room_events() if event.subject == loan.id]
    assert len(told) == 5 and {event.level for event in told} == {"secret"}
    assert not any("绝密".encode() in event.body or "纪要".encode() in event.body for event in scene.room_events())


def test_stop_reaches_the_block_first_and_needs_nobody(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.block.press_start()
    motion.stop(scene.room, "panel-1")
    assert scene.block.move.ended == "stopped"
    assert scene.room_events("stop.pressed")[0].actor == "panel-1"


def test_a_lamp_that_does_not_answer_takes_nothing_back(scene):
    def dark(column: int, slot_light: int, aisle_side: str) -> None:
        raise DeviceFault("board_no_answer", "check_board", column=column)

    scene.block.light = dark
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.open_chosen()
    scene.counter.held = [scene.box(2).label]
    assert retrieve.check_label(scene.room, scene.archivist, loan.id).ok
    assert scene.room.loans.get(loan.id).state == "verified"
