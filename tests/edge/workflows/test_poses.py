"""Patrol, stocktake, parking and ventilation; since when aisles are occupied; the register; somebody trapped."""

import json

import pytest

from edge.domain.block import Loss
from edge.errors import InputRefused, RuleRefused
from edge.workflows import inspection, motion, move_register, pose, retrieve, trapped
from edge.workflows.aisle_watch import LASTS_MS
from edge.workflows.fault_watch import TOGETHER_MS
from edge.workflows.motion import Follower


@pytest.mark.parametrize("purpose", ["patrol", "stocktake"])
def test_an_aisle_is_opened_without_a_request_and_the_trace_says_why(scene, purpose):
    plan = pose.choose(scene.room, scene.archivist, purpose, 2)
    assert plan == pose.preview(scene.room, purpose, 2) and scene.block.move.phase == "armed"
    scene.open_chosen()
    ended = json.loads(scene.room_events("move.ended")[0].body)
    assert (ended["why"], ended["aisle"], ended["ended"]) == (purpose, 2, "reached")
    assert scene.block.occupied == {2: "opened"}
    assert scene.room.moves.task("B1-A") is None, "the block is free once the aisle is walked"


def test_parking_brings_all_shelves_together_and_names_the_aisle_that_is_walked_afterwards(scene):
    pose.choose(scene.room, scene.archivist, "patrol", 2)
    scene.open_chosen()
    with pytest.raises(RuleRefused, match="aisles_occupied"):
        pose.choose(scene.room, scene.archivist, "park", None)
    scene.block.walk(2)
    plan = pose.choose(scene.room, scene.archivist, "park", None)
    assert plan.aisle == 4 and plan.pose == "park"
    scene.open_chosen()
    assert [scene.block.gap_mm(no) for no in (1, 2, 3, 4)] == [0, 0, 0, 900]
    assert pose.choose(scene.room, scene.archivist, "park", None).moves == (), "it stands so: nothing is taken"
    assert scene.room.moves.task("B1-A") is None


def test_ventilation_opens_no_aisle_that_was_closed(scene):
    plan = pose.choose(scene.room, scene.archivist, "ventilate", None)
    assert plan.aisle is None and {move.opens for move in plan.moves} == {"none"}
    scene.open_chosen()
    assert [scene.block.gap_mm(no) for no in (1, 2, 3, 4)] == [150, 150, 150, 450]
    assert scene.block.occupied == {}


def test_rule_3_nothing_but_a_person_with_the_right_chooses_a_pose(scene):
    with pytest.raises(RuleRefused, match="not_allowed"):
        pose.choose(scene.room, scene.reader, "ventilate", None)
    with pytest.raises(InputRefused, match="purpose_unknown"):
        pose.choose(scene.room, scene.archivist, "close_on_fire", None)
    with pytest.raises(RuleRefused, match="no_such_aisle"):
        pose.choose(scene.room, scene.archivist, "patrol", None)
    scene.follower.step()
    assert scene.block.move is None


def test_an_occupied_aisle_is_written_down_with_its_moment_and_survives_a_restart(scene):
    scene.block.occupied = {2: "beam"}
    scene.follower.step()
    assert scene.room.aisles.occupied("B1-A") == {}, "one look is no change yet"
    scene.clock.advance(LASTS_MS)
    scene.follower.step()
    first = scene.room.aisles.occupied("B1-A")[2]
    assert first.why == "beam"
    scene.clock.advance(60_000)
    Follower(scene.room).step()
    assert scene.room.aisles.occupied("B1-A")[2] == first
    scene.block.walk(2)
    scene.follower.step()
    scene.clock.advance(LASTS_MS)
    scene.follower.step()
    assert scene.room.aisles.occupied("B1-A") == {}
    told = [json.loads(event.body) for event in scene.room_events("aisles.changed")]
    assert [(body["occupied"], body["cleared"]) for body in told] == [([], [2]), ([{"aisle": 2, "why": "beam"}], [])]


def test_rule_9_a_latched_fault_is_written_when_it_comes_and_when_reset_has_ended_it_and_survives_a_restart(scene):
    def seen(watch=scene.follower):
        watch.step()
        scene.clock.advance(TOGETHER_MS)
        watch.step()
        return scene.room.block_faults.standing("B1-A")

    scene.block.faults = {2: ("estop",)}
    scene.follower.step()
    scene.block.faults = {2: ("estop",), 3: ("estop", "tilt")}  # boards are asked one after the other
    first = seen()
    assert set(first) == {(2, "estop"), (3, "estop"), (3, "tilt")}
    scene.clock.advance(60_000)
    scene.block.faults, scene.block.offline = {3: ("tilt",)}, {2}
    assert seen(Follower(scene.room)) == {one: first[one] for one in ((2, "estop"), (3, "tilt"))}
    scene.block.faults, scene.block.offline = {}, set()
    assert seen() == {}
    told = [json.loads(event.body) for event in scene.room_events("faults.changed")]
    assert [(body["latched"], body["gone"]) for body in reversed(told)] == [
        ({"estop": [2, 3], "tilt": [3]}, {}),
        ({}, {"estop": [3]}),
        ({}, {"estop": [2], "tilt": [3]}),
    ]


def test_rule_7_which_carriage_lost_its_place_is_written_once_and_nothing_is_found_before_all_have_forgotten(
    scene,
):
    def seen(*causes, waiting=(), began_ms=7):
        scene.block.loss = Loss(began_ms, causes, waiting)
        scene.follower.step()
        scene.clock.advance(TOGETHER_MS)
        scene.follower.step()
        return [json.loads(event.body)["lost"] for event in reversed(scene.room_events("places.lost"))]

    assert seen((3, "cranked"), waiting=(2, 4)) == [{"cranked": [3]}]
    with pytest.raises(RuleRefused, match="block_forgets"):
        motion.find_positions(scene.room, scene.archivist)
    assert seen((3, "cranked")) == [{"cranked": [3]}]
    motion.find_positions(scene.room, scene.archivist)
    assert seen((3, "cranked"), (4, "moved")) == [{"cranked": [3]}, {"cranked": [3], "moved": [4]}]
    assert len(seen((3, "cranked"), began_ms=9)) == 3, "the same again, later"


def test_rule_9_a_tilt_is_inspected_and_signed_for_before_anything_moves_again(scene):
    def held(*faults):
        scene.block.faults = {2: faults} if faults else {}
        scene.follower.step()
        scene.clock.advance(TOGETHER_MS)
        scene.follower.step()

    def find():
        motion.find_positions(scene.room, scene.archivist)

    held("tilt")
    with pytest.raises(RuleRefused, match="still_tilted"):
        inspection.sign(scene.room, scene.archivist)
    held()
    for ask in (lambda: pose.choose(scene.room, scene.archivist, "patrol", 1), find):
        with pytest.raises(RuleRefused, match="not_inspected"):
            ask()
    with pytest.raises(RuleRefused, match="not_allowed"):
        inspection.sign(scene.room, scene.reader)
    inspection.sign(scene.room, scene.archivist)
    made, owed = scene.room_events("inspection.")
    assert (owed.action, made.action, made.actor) == ("inspection.owed", "inspection.made", scene.archivist.id)
    assert json.loads(made.body)["columns"] == [2]
    with pytest.raises(RuleRefused, match="no_inspection_owed"):
        inspection.sign(scene.room, scene.archivist)


def test_rule_9_after_a_tilt_positions_stay_in_doubt_through_restarts_until_all_are_found(scene):
    def patrol():
        return pose.choose(scene.room, scene.archivist, "patrol", 1)

    for faults in ({2: ("tilt",)}, {}):
        scene.block.faults = faults
        scene.follower.step()
        scene.clock.advance(TOGETHER_MS)
        scene.follower.step()
    inspection.sign(scene.room, scene.archivist)
    scene.block.doubts = False  # the motion process starts anew and knows nothing of a tilt
    with pytest.raises(RuleRefused, match="positions_doubtful"):
        patrol()
    after = Follower(scene.room)
    after.step()
    assert scene.block.doubts, "told again, so that the next finding finds all"
    for ended in ("released", "reached"):
        scene.block.doubts = False
        motion.find_positions(scene.room, scene.archivist)
        assert scene.block.doubts
        scene.block.end(ended)
        after.step()
    assert len(scene.room_events("positions.found")) == 1
    after.step()
    assert not scene.block.doubts and patrol().moves


def test_a_silent_motion_process_changes_nothing_that_is_written_of_aisles(scene):
    scene.block.occupied, scene.block.alive = {1: "offline", 2: "offline"}, False
    scene.follower.step()
    scene.clock.advance(LASTS_MS * 5)
    scene.follower.step()
    assert scene.events("aisles.changed") == []


def test_the_register_says_who_why_from_where_to_where_self_test_minima_current_and_end(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.block.press_start()
    scene.follower.step()
    scene.clock.advance(20_000)
    scene.block.arrive()
    scene.follower.step()
    (line,) = move_register.moves(scene.room, 10, None, None)
    assert (line.person_id, line.kind, line.aisle, line.box_no) == (scene.archivist.id, "retrieve", 2, "3")
    assert {(part["column"], part["from_mm"], part["to_mm"], part["at_mm"]) for part in line.movers} == {
        (3, 1150, 2050, 2050),
        (4, 1850, 2750, 2750),
    }
    assert line.self_test == {"3": [], "4": []}
    assert line.least_gap_mm == {"2": 0, "3": 0, "4": 0} and line.least_supply_mv == 24000
    assert (line.peak_ma, line.duration_ms, line.ended) == (420, 20_000, "reached")
    assert move_register.moves(scene.room, 10, None, "patrol") == []
    with pytest.raises(InputRefused, match="purpose_unknown"):
        move_register.moves(scene.room, 10, None, "joyride")


def test_the_record_of_finding_names_the_columns_that_were_lost_and_what_was_seen_of_them(scene):
    scene.block.lost = {3}
    motion.find_positions(scene.room, scene.archivist)
    scene.follower.step()
    scene.block.lost = set()
    scene.block.end("reached")
    scene.follower.step()
    (line,) = move_register.moves(scene.room, 10, None, "find")
    assert line.movers == ({"column": 3, "from_mm": None, "to_mm": 1150, "at_mm": 1150},)
    assert line.self_test == {"3": []}
    assert line.least_gap_mm == {"2": 0, "3": 0} and line.least_supply_mv == 24000


def test_rule_10_somebody_trapped_stops_the_block_first_and_is_one_report_until_somebody_signs(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    scene.block.press_start()
    trapped.report(scene.room, "kiosk")
    trapped.report(scene.room, "kiosk")
    assert scene.block.move.ended == "stopped"
    assert [json.loads(event.body)["again"] for event in scene.room_events("entrapment.reported")] == [1, 0]
    assert {event.level for event in scene.room_events("entrapment.reported")} == {"open"}
    with pytest.raises(RuleRefused, match="person_trapped"):
        pose.choose(scene.room, scene.archivist, "patrol", 1)
    with pytest.raises(RuleRefused, match="not_allowed"):
        trapped.end(scene.room, scene.reader)
    trapped.end(scene.room, scene.archivist)
    assert scene.room.entrapments.open() is None
    with pytest.raises(RuleRefused, match="nobody_reported_trapped"):
        trapped.end(scene.room, scene.archivist)


def test_a_sites_own_words_for_help_are_kept_and_an_empty_one_goes_back(scene):
    admin = scene.archivist.__class__("p-admin", "周航", "信息中心", ("system_admin",), True)
    trapped.set_help(scene.room, admin, {"crank": "摇把在北墙第二个挂钩", "call": " "})
    assert scene.room.entrapments.help() == {"crank": "摇把在北墙第二个挂钩"}
    with pytest.raises(InputRefused, match="help_text_refused"):
        trapped.set_help(scene.room, admin, {"crank": "长" * 201})
    with pytest.raises(RuleRefused, match="not_allowed"):
        trapped.set_help(scene.room, scene.archivist, {})
