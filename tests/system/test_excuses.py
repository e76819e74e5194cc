"""A violation is excused by a gap of this machine only where that gap explains it."""

import pytest
from excuses import excused

from hardware_tests.virtual.plant_server import Gap
from hardware_tests.virtual.watch import Violation

AT_MS = 60_000.0


def found(what: str) -> Violation:
    return Violation(AT_MS, 0, what, 3)


@pytest.mark.parametrize(
    "what",
    ["person_struck", "not_stopped_for_person", "voltage_with_chain_open", "over_speed", "started_without_start"],
)
def test_what_the_wiring_alone_prevents_is_never_excused(what):
    assert not excused(found(what), [Gap(AT_MS - 500, 5_000, "plant"), Gap(AT_MS - 500, 5_000, "board 3")], "board 3")


def test_a_warning_that_looks_short_is_excused_by_a_gap_within_it_and_by_no_other():
    short = found("started_without_warning")
    assert excused(short, [Gap(AT_MS - 1_500, 150, "plant")], "board 3")
    assert excused(short, [Gap(AT_MS - 1_500, 150, "board 3")], "board 3")
    assert not excused(short, [Gap(AT_MS - 1_500, 80, "plant")], "board 3"), "too short to explain it"
    assert not excused(short, [Gap(AT_MS - 30_000, 900, "plant")], "board 3"), "long before it"
    assert not excused(short, [Gap(AT_MS - 1_500, 900, "board 5")], "board 3"), "another carriage's board"
    assert not excused(short, [], "board 3")


def test_somebody_unseen_in_a_mouth_takes_a_gap_as_long_as_crossing_it():
    beside = found("started_beside_person")
    assert excused(beside, [Gap(AT_MS - 20_000, 900, "board 3")], "board 3")
    assert not excused(beside, [Gap(AT_MS - 20_000, 300, "board 3")], "board 3")
