"""Moves in the trace, restarts in mid-move, finding positions."""

import json

import pytest

from edge.domain.block import MoveReport
from edge.errors import DeviceFault, RuleRefused
from edge.store.moves import BlockTask
from edge.workflows import lights, motion, pose, retrieve
from edge.workflows.lamp_watch import LampWatch
from edge.workflows.motion import LOST_AFTER_MS, Follower


def chosen(scene):
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    return loan


def test_the_trace_of_a_move_says_who_why_from_where_to_where_and_how_it_ended(scene):
    loan = chosen(scene)
    scene.open_chosen()
    armed, ended = (json.loads(scene.room_events(f"move.{phase}")[0].body) for phase in ("armed", "ended"))
    assert (armed["loan"], armed["aisle"], armed["why"]) == (loan.id, 2, "retrieve")
    assert {"column": 3, "from_mm": 1150, "to_mm": 2050} in armed["movers"]
    assert (ended["ended"], ended["at_mm"], ended["peak_ma"]) == ("reached", {"3": 2050, "4": 2750}, 420)
    assert scene.room_events("move.ended")[0].actor == scene.archivist.id


def test_a_node_killed_in_mid_move_closes_the_move_at_its_next_start_and_offers_the_pull_again(scene):
    loan = chosen(scene)
    scene.block.press_start()
    scene.follower.step()
    Follower(scene.room).step()
    assert json.loads(scene.room_events("move.ended")[0].body)["ended"] == "node_restarted"
    assert scene.room.loans.get(loan.id).state == "approved"
    assert scene.room.moves.open("B1-A") == [] and scene.room.moves.task("B1-A") is None


def test_a_node_restarted_after_the_aisle_opened_keeps_the_pull(scene):
    loan = chosen(scene)
    scene.open_chosen()
    Follower(scene.room).step()
    assert scene.room.loans.get(loan.id).state == "pulling"
    assert scene.room.moves.task("B1-A").loan_id == loan.id


@pytest.mark.parametrize(("alive", "ended"), [(True, "motion_restarted"), (False, "motion_silent")])
def test_a_move_that_the_motion_process_no_longer_knows_is_closed_after_ten_seconds(scene, alive, ended):
    loan = chosen(scene)
    scene.block.move, scene.block.alive = None, alive
    scene.follower.step()
    assert scene.room.moves.open("B1-A"), "arming may still be on its way"
    scene.clock.advance(LOST_AFTER_MS + 1)
    scene.follower.step()
    assert json.loads(scene.room_events("move.ended")[0].body)["ended"] == ended
    assert scene.room.loans.get(loan.id).state == "approved"


def test_finding_positions_waits_until_every_aisle_is_walked_and_frees_the_block_when_it_ends(scene):
    scene.block.occupied = {1: "power_up", 4: "power_up"}
    with pytest.raises(RuleRefused, match="aisles_occupied"):
        motion.find_positions(scene.room, scene.archivist)
    scene.block.occupied.clear()
    motion.find_positions(scene.room, scene.archivist)
    with pytest.raises(RuleRefused, match="block_moving"):
        pose.choose(scene.room, scene.archivist, "patrol", 1)
    scene.block.end("released")
    scene.follower.step()
    motion.find_positions(scene.room, scene.archivist)


def test_after_a_power_cut_in_mid_job_positions_are_found_and_the_job_goes_on(scene):
    loan = chosen(scene)
    scene.open_chosen()
    scene.block.walk(2)
    motion.find_positions(scene.room, scene.archivist)
    scene.block.at_mm[3] = 1150  # its aisle was closed by finding
    scene.block.end("reached")
    scene.follower.step()
    assert scene.room.loans.get(loan.id).state == "pulling"
    assert retrieve.choose(scene.room, scene.archivist, loan.id).moves and scene.block.move.phase == "armed"


def lit(scene):
    return lights.lit(scene.room, scene.block.state())


def test_a_slots_lamp_is_lit_again_after_its_board_and_the_node_restarted_in_mid_job(scene):
    loan = chosen(scene)
    scene.open_chosen()
    assert lit(scene) == loan.slot
    told = scene.block.lights[-1]
    column = told[0]
    scene.block.starts[column] += 1
    assert lit(scene) == "", "a board that restarted shows nothing"
    watch = LampWatch(scene.room)
    scene.block.offline = {column}
    watch.step()
    scene.block.offline = set()
    watch.step()
    assert (lit(scene), scene.block.lights[-1]) == (loan.slot, told)
    scene.room.lamp.slot = ""  # the node restarts and does not know what it had lit
    LampWatch(scene.room).step()
    assert (lit(scene), scene.block.lights[-1]) == (loan.slot, told)


def test_a_slots_lamp_goes_out_when_its_job_is_given_up_and_is_not_lit_in_a_closed_aisle(scene):
    loan = chosen(scene)
    scene.open_chosen()
    scene.room.lamp.slot = ""
    scene.block.at_mm[3] = 1150
    count = len(scene.block.lights)
    LampWatch(scene.room).step()
    assert len(scene.block.lights) == count
    lights.light_slot(scene.room, loan.slot)
    retrieve.cancel(scene.room, scene.archivist, loan.id, "not_needed")
    LampWatch(scene.room).step()
    assert lit(scene) == "" and scene.block.lights[-1][1:] == (0, "none")


def test_a_refusal_that_the_follower_saw_first_is_told_in_its_own_words_and_recorded_once(scene):
    def refuse(move_id: int) -> None:
        scene.block.move = MoveReport(move_id, "ended", "fault", None, (2,), None)
        scene.follower.step()  # the next snapshot overtakes the answer
        raise DeviceFault("proof_failed", "look_at_circuits", column=2, circuits="edge_left")

    scene.block.find_positions = refuse
    with pytest.raises(DeviceFault, match="proof_failed"):
        motion.find_positions(scene.room, scene.archivist)
    assert len(scene.room_events("move.ended")) == 1
    assert scene.room.moves.open("B1-A") == [] and scene.room.moves.task("B1-A") is None


def test_two_taps_in_one_instant_choose_once(scene):
    loan = chosen(scene)
    move = scene.room.moves.open("B1-A")[0]
    again = BlockTask("B1-A", "retrieve", loan.id, None, scene.archivist.id, 2, 0)
    with pytest.raises(RuleRefused, match="block_moving"):
        scene.room.database.write(lambda change: scene.room.moves.arm(change, again, None))
    assert scene.room.moves.open("B1-A") == [move]


def test_a_move_that_has_ended_does_not_start_any_more(scene):
    chosen(scene)
    move = scene.room.moves.open("B1-A")[0]
    scene.block.end("not_started")
    scene.follower.step()
    scene.room.database.write(lambda change: scene.room.moves.started(change, move), telemetry=True)
    assert scene.room.moves.open("B1-A") == [] and not scene.room_events("move.started")


def test_move_numbers_go_on_through_the_moves_and_never_become_zero(scene):
    def number(count: int) -> int:
        loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[count])
        retrieve.choose(scene.room, scene.archivist, loan.id)
        scene.block.end("not_started")
        scene.follower.step()
        return scene.block.move.move_id

    first = number(2)
    assert number(3) == first + 1
    scene.room.database.write(lambda change: change.db.execute("UPDATE move SET move_no = 65534"), telemetry=True)
    assert number(4) == 1
