"""A block without motors: the same slots, loans, lists and lights; people crank, and nothing is offered to Start."""

from dataclasses import replace

import pytest

from edge.devices.hand_cranked import HandCranked
from edge.domain.hand_crank import packed, widest
from edge.errors import RuleRefused
from edge.store import block_file, crank_pose
from edge.workflows import hand_crank, motion, pose, pull, retrieve
from edge.workflows.commissioning import BlockFileWatch
from edge.workflows.motion import Follower


@pytest.fixture
def room(scene):
    """The same room with hand-cranked shelving, whose light boards are the scene's; nobody has said how it stands."""
    scene.room.commissioning._path.unlink()  # nothing to commission
    layout = replace(scene.room.layout, drive="crank")
    cranked = HandCranked(layout, crank_pose.read(scene.room.database, layout.area), scene.block)
    return replace(scene.room, layout=layout, carriages=cranked, cranked=cranked)


@pytest.fixture
def follower(room):
    one = Follower(room)
    one.step()
    return one


def test_nothing_is_asked_of_a_block_whose_standing_nobody_has_said(room, scene):
    loan = retrieve.ask_for(room, scene.archivist, box_id=scene.boxes[0])
    with pytest.raises(RuleRefused) as refused:
        retrieve.choose(room, scene.archivist, loan.id)
    assert (refused.value.code, refused.value.recovery) == ("crank_pose_unknown", "say_which_aisle")


def test_a_loan_is_fetched_by_crank_lit_checked_and_lent_without_start_or_commissioning(room, scene, follower):
    hand_crank.opened(room, scene.archivist, 4)
    loan = retrieve.ask_for(room, scene.archivist, box_id=scene.boxes[0])
    plan = retrieve.choose(room, scene.archivist, loan.id)
    assert [move.column for move in plan.moves] == [4, 3, 2]
    state = room.carriages.state()
    assert (state.move.phase, state.move.aisle, state.move.seconds_left) == ("armed", 1, None)
    assert {report.column: report.target_mm for report in state.carriages} == {2: 1350, 3: 2050, 4: 2750}
    assert scene.block.move is None, "the boards of the lights are asked for no motion"
    follower.step()
    hand_crank.opened(room, scene.archivist, None)
    follower.step()
    assert scene.block.lights, "the compartment is lit where it has a board"
    scene.counter.held = [scene.box(0).label]
    assert retrieve.check_label(room, scene.archivist, loan.id).ok
    assert retrieve.hand_over(room, scene.archivist, loan.id).state == "handed_over"
    moved = room.moves.recent("B1-A", 1)[0]
    assert (moved.ended, moved.seen["self_test"]) == ("reached", {})
    assert scene.events("block.cranked") == ["block.cranked"] * 2


def test_a_pull_list_is_ordered_from_the_aisle_that_stands_open(room, scene, follower):
    hand_crank.opened(room, scene.archivist, 3)
    loans = [retrieve.ask_for(room, scene.archivist, box_id=scene.boxes[no]).id for no in (0, 4)]
    pull.begin(room, scene.archivist, loans)
    assert [stop.aisle for stop in pull.work(room).stops] == [3, 1]


def test_how_it_stands_is_known_after_a_restart(room, scene):
    hand_crank.opened(room, scene.archivist, 2)
    again = HandCranked(room.layout, crank_pose.read(room.database, "B1-A"), None)
    assert [report.position_mm for report in again.state().carriages] == list(packed(room.layout, 2))[1:]
    assert widest(room.layout, packed(room.layout, 2)) == 2


def test_finding_and_start_are_not_offered_and_stop_ends_what_was_to_be_cranked(room, scene, follower):
    with pytest.raises(RuleRefused, match="cranked_by_hand"):
        motion.find_positions(room, scene.archivist)
    hand_crank.opened(room, scene.archivist, 4)
    pose.choose(room, scene.archivist, "patrol", 1)
    motion.stop(room, scene.archivist.id)
    assert room.carriages.state().move.ended == "stopped"
    follower.step()
    assert room.moves.task("B1-A") is None
    with pytest.raises(RuleRefused, match="nothing_to_crank"):
        hand_crank.opened(room, scene.archivist, None)


def test_no_commissioning_and_no_monthly_proof_is_asked_of_it(room):
    watch = BlockFileWatch(room)
    watch.step()
    assert watch.notice() == {"refused": None, "proof": None}
    assert not (room.commissioning._path.parent / block_file.NAME).exists()


def test_a_block_with_motors_takes_nobodys_word_for_where_it_stands(scene):
    with pytest.raises(RuleRefused, match="not_cranked_by_hand"):
        hand_crank.opened(scene.room, scene.archivist, 1)


def test_a_cranked_block_needs_neither_bus_nor_boards(room):
    alone = HandCranked(room.layout, packed(room.layout, 4), None)
    alone.light(2, 3, "left")
    alone.stop()
    state = alone.state()
    assert (state.alive, state.sensors, alone.programs()) == (True, (), [])
    assert {aisle.no: (aisle.state, aisle.gap_mm) for aisle in state.aisles}[4] == ("clear", 900)
