"""Rule 14 at the node: who holds the maintenance turned, when a padlock hung; and that nothing is chosen meanwhile."""

import json
from dataclasses import replace

import pytest

from edge.errors import RuleRefused
from edge.workflows import block_work, motion, pose
from edge.workflows.motion import Follower


def told(scene, prefix):
    return [(event.action, event.actor, json.loads(event.body)) for event in scene.room_events(prefix)]


@pytest.fixture
def turned(scene):
    """The key is turned, and the node has seen it."""
    scene.block.open_inputs = {2: ("key_normal",), 3: ("key_normal",), 4: ("key_normal",)}
    scene.follower.step()
    return scene


def test_rule_14_the_turned_key_its_holder_and_its_end_stand_in_the_trace_with_the_name(turned):
    block_work.sign(turned.room, turned.archivist)
    turned.block.open_inputs = {}
    turned.follower.step()
    ended, signed, began = told(turned, "maintenance.")
    assert (began[0], began[2]["columns"]) == ("maintenance.began", [2, 3, 4])
    assert (signed[0], signed[1], signed[2]["held_by"]) == (
        "maintenance.signed",
        turned.archivist.id,
        turned.archivist.name,
    )
    assert (ended[0], ended[1], ended[2]["held_by"]) == (
        "maintenance.ended",
        turned.archivist.id,
        turned.archivist.name,
    )
    assert turned.room.work.open("B1-A") == {}


def test_rule_14_the_local_control_point_is_let_only_once_somebody_has_signed_for_the_key(turned):
    for _ in range(3):
        turned.follower.step()
    assert turned.block.let == 0
    block_work.sign(turned.room, turned.archivist)
    for _ in range(3):
        turned.follower.step()
    assert turned.block.let == 1, "once"
    turned.block.let = 0  # the motion process was restarted
    Follower(turned.room).step()
    assert turned.block.let == 1


@pytest.mark.parametrize(
    ("name", "code"), [("key_normal", "maintenance"), ("unlocked", "locked_out")], ids=["key", "padlock"]
)
def test_rule_14_nothing_is_chosen_while_one_board_sees_the_key_turned_or_the_padlock(scene, name, code):
    scene.block.open_inputs = {3: (name,)}
    with pytest.raises(RuleRefused, match=code):
        pose.choose(scene.room, scene.archivist, "patrol", 2)
    with pytest.raises(RuleRefused, match=code):
        motion.find_positions(scene.room, scene.archivist)
    assert scene.block.move is None


def test_rule_14_only_who_may_maintain_signs_and_only_for_a_turned_key(turned):
    with pytest.raises(RuleRefused, match="not_allowed"):
        block_work.sign(turned.room, turned.reader)
    turned.block.open_inputs = {}
    turned.follower.step()
    with pytest.raises(RuleRefused, match="key_not_turned"):
        block_work.sign(turned.room, turned.archivist)


def test_rule_14_silence_ends_neither_the_maintenance_nor_the_lockout(turned):
    block_work.sign(turned.room, turned.archivist)
    turned.block.open_inputs = {2: ("unlocked", "key_normal")}
    turned.follower.step()
    turned.block.open_inputs, turned.block.offline = {}, {2}
    turned.follower.step()
    turned.block.alive, turned.block.offline = False, set()
    turned.follower.step()
    assert set(turned.room.work.open("B1-A")) == {"maintenance", "lockout"}
    turned.block.alive = True
    turned.follower.step()
    assert turned.room.work.open("B1-A") == {}


def test_rule_14_a_padlock_is_an_event_when_it_is_hung_and_when_it_is_taken_off(scene):
    scene.block.open_inputs = {2: ("unlocked",)}
    scene.follower.step()
    scene.follower.step()
    scene.block.open_inputs = {}
    scene.follower.step()
    assert [action for action, _actor, _body in told(scene, "lockout.")] == ["lockout.ended", "lockout.began"]


def test_whoever_signs_later_has_taken_the_key_over(turned):
    block_work.sign(turned.room, turned.archivist)
    other = replace(turned.archivist, name="周建国")
    block_work.sign(turned.room, other)
    assert [body["held_by"] for action, _actor, body in told(turned, "maintenance.signed")] == [
        other.name,
        turned.archivist.name,
    ]
