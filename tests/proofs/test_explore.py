"""The exhaustive models in their smaller size (one thing out of its rest at a time), and that they can fail."""

from random import Random

import pytest

from firmware.carriage.motion import Motion
from firmware.carriage.permit import Permit
from firmware.carriage.safety import Safety
from tests.proofs import explore
from tests.proofs.campaign import Violated


def test_in_no_reachable_state_does_a_motor_turn_against_a_rule():
    assert explore.whole("faults", at_once=1)["faults: states with a motor on"] > 20


def test_a_state_is_no_more_than_its_key():
    explore.keys_hold_everything(Random(1), 20)


@pytest.mark.parametrize(
    ("part", "check", "always", "name", "rule"),
    [
        (Permit, "fresh", lambda _self, _now: True, "circuits", "rule 4"),
        (Safety, "aisle_occupied", lambda _self: False, "aisles", "rule 6"),
        (Motion, "forget", lambda self, safety, _loss: self.stop(safety), "faults", "rule 7"),
    ],
    ids=["a permit for ever", "an aisle that becomes occupied is overlooked", "told to forget, only stops"],
)
def test_a_firmware_without_one_of_its_checks_is_found_out(monkeypatch, part, check, always, name, rule):
    monkeypatch.setattr(part, check, always)
    with pytest.raises(Violated, match=rule):
        explore.whole(name, at_once=1)
