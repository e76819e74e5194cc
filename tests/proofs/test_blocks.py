"""Whole blocks in a small size: the models hold to a few thousand states, and that they can fail."""

from random import Random

import pytest

from edge.motion import move
from firmware.carriage.aisle import Aisle
from firmware.carriage.permit import Permit
from firmware.registers import AISLE_CLEAR, AISLE_OPENING
from tests.proofs import blocks, model
from tests.proofs.blocks_board import SCALED
from tests.proofs.blocks_world import World

HOSTILE = ("nothing", "start", "permit", "order", "forget", "enter", "leave", "restarts")
HONEST = ("nothing", "start", "slow", "choose", "lost", "enter", "restarts")


def explored(honest, most):
    with model.scaled(SCALED):
        return blocks.explore(World(2, 1, honest, HONEST if honest else HOSTILE), most)


@pytest.mark.parametrize("honest", [False, True], ids=["hostile node", "honest node"])
def test_in_no_state_reached_does_a_motor_turn_against_a_rule(honest):
    found = explored(honest, most=2500)
    assert found.broken == [] and found.motor_on > 0


def clears(aisle, _only_if_crossed=False):
    aisle.state = AISLE_CLEAR if aisle.state == AISLE_OPENING else aisle.state


@pytest.mark.parametrize(
    ("part", "check", "always", "honest", "rule"),
    [
        (Permit, "fresh", lambda _self, _now: True, False, "rule 4"),
        (Aisle, "end_opening", clears, False, "rule 5"),
        (move, "_bordering", lambda _move, _aisles: "", True, "neighbour calls occupied"),
    ],
    ids=["a permit for ever", "what was opened owes no walk", "the node overlooks the neighbour"],
)
def test_a_block_without_one_of_its_checks_is_found_out(monkeypatch, part, check, always, honest, rule):
    monkeypatch.setattr(part, check, always)
    broken = explored(honest, most=20_000).broken
    assert broken and rule in broken[0], broken


def test_a_board_is_no_more_than_its_number():
    """A block whose boards were worked out for many other states goes on as one that was just made."""
    dice = Random(1)
    with model.scaled(SCALED):
        known, fresh = World(2, 1, False, HOSTILE), World(2, 1, False, HOSTILE)
        blocks.explore(known, 3000)
        here, there = known.walked(), fresh.walked()
        for _ in range(400):
            at = dice.randrange(len(known.follow(here)))
            here, there = known.follow(here)[at][1], fresh.follow(there)[at][1]
            assert [known.boards.seen[n] for n in here.boards] == [fresh.boards.seen[n] for n in there.boards]
            assert here._replace(boards=()) == there._replace(boards=())
