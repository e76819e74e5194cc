"""``storeroom-bench stops``: moves of a block spoilt one after another, told to a technician, kept in a report."""

import json

import pytest
from click.testing import CliRunner

from edge.words import LANGUAGES, load
from firmware.carriage.safety import Safety
from hardware_tests import stops, stops_command
from hardware_tests.bench import WORDS
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from tests.proofs.faults import LAYOUT, OPEN


@pytest.fixture
def on_a_small_block(monkeypatch):
    monkeypatch.setattr(stops_command, "open_bench", lambda _name: LockstepBench(LAYOUT, demo_motion(), OPEN))
    monkeypatch.setattr(stops, "CAUSES", {name: stops.CAUSES[name] for name in ("estop", "node_silent")})
    monkeypatch.setattr(stops, "with_leak", lambda _bench: stops.CAUSES)


def ran(*args):
    return CliRunner().invoke(stops_command.stops_command, ["--bench", "small", *args])


def test_a_technician_sees_cause_distance_and_what_was_recorded_and_keeps_a_report(on_a_small_block, tmp_path):
    done = ran("--runs", "2", "--report", str(tmp_path), "--operator", "Zhou", "--language", "zh-Hans")
    assert done.exit_code == 0, done.output
    assert "按下急停：" in done.output and "记录为 estop" in done.output and "permit_lost" in done.output
    assert "虚拟试验台的数据不是设备的数据" in done.output
    (report,) = tmp_path.glob("stops-*.json")
    kept = json.loads(report.read_text("utf-8"))
    assert (kept["virtual"], kept["operator"], len(kept["runs"])) == (True, "Zhou", 2)
    assert all(row["held"] and 0 <= row["mm"] <= stops.BUDGET_MM and row["recorded"] for row in kept["runs"])


def test_a_board_that_does_not_say_what_stopped_it_fails_the_command(on_a_small_block, monkeypatch):
    monkeypatch.setattr(Safety, "latch", lambda _self, _fault: None)
    step = Safety.step

    def forgets(self, *args):
        step(self, *args)
        self.faults = 0

    monkeypatch.setattr(Safety, "step", forgets)
    done = ran("--runs", "2")
    assert done.exit_code == 1
    assert "Not held: The emergency stop pressed" in done.output


def test_every_cause_has_words_in_three_languages():
    words = load(WORDS)
    for name in (*stops.CAUSES, "leak"):
        assert all(words[f"stop.{name}"][language].strip() for language in LANGUAGES)
