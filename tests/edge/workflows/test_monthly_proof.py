"""Rule 13 of shelving-safety.md at the node: the monthly proof is answered by the boards, signed, and blocks motion."""

import json
from dataclasses import replace

import pytest
from commissioned import KEY, commissioning, file

from edge.domain.monthly_proof import DAY_MS, items
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store import block_file
from edge.words import LANGUAGES
from edge.workflows import monthly_proof, motion, pose
from edge.workflows.commissioning import BlockFileWatch
from edge.workflows.monthly_proof import ProofWatch
from edge.workflows.print_certificate import print_certificate

PIN = "816049"


@pytest.fixture
def technician(scene):
    people, write = scene.room.people, scene.room.database.write
    admin = write(lambda change: people.add_first_administrator(change, "赵敏", "730418"))
    write(lambda change: people.add(change, "周建国", roles=("technician",), by=(admin.id,), person_id="zhou"))
    write(lambda change: people.set_pin(change, "zhou", PIN, actor=admin.id))
    return people.get("zhou")


@pytest.fixture
def watch(scene):
    return ProofWatch(scene.room)


def restarted(scene):
    """The same room after the node was started anew: nothing in memory, everything in the store and on the disk."""
    again = commissioning(scene.room.database, scene.room.commissioning._path.parent, scene.room.layout, written=False)
    return replace(scene.room, commissioning=again)


def touch(scene, watch, inputs):
    """A hand opens these inputs for a moment; everything else rests."""
    at_rest, block = scene.block.state(), scene.block
    opened = tuple(
        replace(one, open_inputs=tuple(name for column, name in inputs if column == one.column))
        for one in at_rest.carriages
    )
    for seen in (at_rest, replace(at_rest, carriages=opened), at_rest):
        block.state = lambda seen=seen: seen
        watch.step()
    del block.state


def wanted(scene):
    return items(scene.room.layout, estops=2)


def prove_all(scene, watch, technician):
    monthly_proof.begin(scene.room, technician)
    for item in wanted(scene):
        for _ in range(item.times):
            touch(scene, watch, item.expected)


def refused(room, person):
    with pytest.raises(RuleRefused) as refusal:
        pose.choose(room, person, "patrol", 1)
    return refusal.value.code


def days_pass(scene, days):
    scene.clock.advance(days * DAY_MS)


def test_rule_13_commissioning_is_the_first_proof_and_38_days_later_nothing_may_be_chosen(scene):
    days_pass(scene, 37)
    assert monthly_proof.standing(scene.room).state == "due"
    assert pose.choose(scene.room, scene.archivist, "patrol", 1).moves
    scene.block.end("stopped")
    scene.follower.step()
    days_pass(scene, 1)
    assert refused(scene.room, scene.archivist) == "monthly_proof_overdue"
    with pytest.raises(RuleRefused, match="monthly_proof_overdue"):
        motion.find_positions(scene.room, scene.archivist)


def test_rule_13_a_whole_proof_signed_by_the_technician_starts_a_new_month(scene, watch, technician):
    days_pass(scene, 40)
    prove_all(scene, watch, technician)
    proof = monthly_proof.sign(scene.room, technician, PIN)
    assert proof.outcome == "good"
    assert monthly_proof.standing(scene.room).state == "good"
    assert pose.choose(scene.room, scene.archivist, "patrol", 1).moves
    assert scene.events("block.proof") == ["block.proof_begun", "block.proof_good"]
    told = json.loads(scene.room_events("block.proof_good")[0].body)
    assert set(told["answers"]) == {item.name for item in wanted(scene)}
    assert len(told["answers"]["estop 0"]) == 2
    assert scene.room_events("block.proof_good")[0].actor == "zhou"


def test_rule_13_no_tick_box_what_the_boards_did_not_answer_cannot_be_signed(scene, watch, technician):
    monthly_proof.begin(scene.room, technician)
    for item in wanted(scene)[1:]:
        for _ in range(item.times):
            touch(scene, watch, item.expected)
    with pytest.raises(RuleRefused, match="proof_incomplete"):
        monthly_proof.sign(scene.room, technician, PIN)
    touch(scene, watch, wanted(scene)[0].expected)
    with pytest.raises(RuleRefused, match="pin_wrong"):
        monthly_proof.sign(scene.room, technician, "999999")
    assert monthly_proof.sign(scene.room, technician, PIN).outcome == "good"


def test_rule_13_crossed_wires_prove_nothing_and_the_panel_shows_what_answered(scene, watch, technician):
    monthly_proof.begin(scene.room, technician)
    touch(scene, watch, {(2, "edge_left_ok"), (3, "edge_left_ok")})
    work = watch.work()
    assert work.proof.counts == {}
    assert work.seen == {(2, "edge_left_ok"), (3, "edge_left_ok")}


def test_rule_13_what_a_moving_or_silent_block_says_counts_for_nothing(scene, watch, technician):
    monthly_proof.begin(scene.room, technician)
    scene.block.alive = False
    touch(scene, watch, {(2, "edge_left_ok")})
    scene.block.alive = True
    pose.choose_for_proof(scene.room, technician, 1)
    touch(scene, watch, {(2, "edge_left_ok")})
    assert watch.work().proof.counts == {}


def test_rule_13_while_proving_an_overdue_block_its_technician_alone_opens_aisles(scene, watch, technician):
    days_pass(scene, 60)
    with pytest.raises(RuleRefused, match="proof_not_open"):
        pose.choose_for_proof(scene.room, technician, 1)
    monthly_proof.begin(scene.room, technician)
    assert pose.choose_for_proof(scene.room, technician, 1).moves
    scene.block.end("stopped")
    scene.follower.step()
    assert refused(scene.room, scene.archivist) == "monthly_proof_overdue"
    other = Person("other", "另一位", "", ("technician",), True)
    for do in (lambda: pose.choose_for_proof(scene.room, other, 1), lambda: monthly_proof.sign(scene.room, other, PIN)):
        with pytest.raises(RuleRefused, match="proof_of_another"):
            do()


def test_rule_13_a_circuit_that_does_not_answer_stops_every_choice_until_a_whole_proof(scene, watch, technician):
    monthly_proof.begin(scene.room, technician)
    monthly_proof.fail(scene.room, technician, PIN)
    assert refused(scene.room, scene.archivist) == "monthly_proof_failed"
    assert refused(restarted(scene), scene.archivist) == "monthly_proof_failed"
    prove_all(scene, watch, technician)
    monthly_proof.sign(scene.room, technician, PIN)
    assert pose.choose(scene.room, scene.archivist, "patrol", 1).moves


def test_rule_13_overdue_survives_a_restart_and_a_clock_that_went_backwards(scene, watch):
    BlockFileWatch(scene.room).step()
    days_pass(scene, 39)
    watch.step()  # keeps the age
    scene.clock.jump(-35 * DAY_MS)
    assert refused(scene.room, scene.archivist) == "monthly_proof_overdue"
    scene.clock.reboot(scene.clock.utc_ms() - 300 * DAY_MS)
    assert refused(restarted(scene), scene.archivist) == "monthly_proof_overdue"


def test_rule_13_time_without_power_counts_too(scene):
    monthly_proof.standing(scene.room)
    scene.clock.reboot(scene.clock.utc_ms() + 40 * DAY_MS)
    assert refused(restarted(scene), scene.archivist) == "monthly_proof_overdue"


def test_rule_13_a_column_proved_again_after_a_change_does_not_make_the_others_young(scene):
    path = scene.room.commissioning._path
    whole = block_file.read(path, KEY.public_key(), "B1-A")
    days_pass(scene, 40)
    steps = {"column 2": whole.utc_ms, "column 3": scene.clock.utc_ms()}
    later = replace(file(scene.room.layout, serial=2, utc_ms=scene.clock.utc_ms()), steps=steps)
    block_file.write(path, later, KEY)
    assert refused(scene.room, scene.archivist) == "monthly_proof_overdue"


def test_rule_13_a_proof_left_overnight_is_begun_anew_and_a_restart_in_its_middle_loses_nothing(
    scene, watch, technician
):
    monthly_proof.begin(scene.room, technician)
    touch(scene, watch, wanted(scene)[0].expected)
    assert ProofWatch(restarted(scene)).work().proof.counts == {"start 0": 1}
    days_pass(scene, 2)
    watch.step()
    assert watch.work() is None
    assert scene.events("block.proof")[-1] == "block.proof_given_up"


def test_rule_13_nobody_but_a_technician_proves(scene):
    with pytest.raises(RuleRefused, match="not_allowed"):
        monthly_proof.begin(scene.room, scene.archivist)


def test_rule_13_a_block_with_a_changed_board_climbs_the_ladder_before_any_monthly_proof(scene, technician):
    block_file.write(scene.room.commissioning._path, file(scene.room.layout, serial=2, board_id=9), KEY)
    with pytest.raises(RuleRefused, match="not_commissioned_board"):
        monthly_proof.begin(scene.room, technician)


def test_rule_13_the_record_on_paper_names_who_when_and_its_event_and_claims_no_conformity(scene, watch, technician):
    with pytest.raises(RuleRefused, match="nothing_proved"):
        print_certificate(scene.room.database, "B1-A", None, scene.room.zone, "zh-Hans", 0)
    prove_all(scene, watch, technician)
    monthly_proof.sign(scene.room, technician, PIN)
    made = scene.room.commissioning.file()
    for language in LANGUAGES:
        printed, listed = print_certificate(scene.room.database, "B1-A", made, scene.room.zone, language, 0)
        assert printed.pages >= 2
        assert listed == len(wanted(scene)) + len(made.limits) + len(made.boards) + 2
