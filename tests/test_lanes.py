"""``make test`` runs two lanes at once and must not call a failure a pass."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lanes import COUNTED, LIVE, NOT_COUNTED, QUICK, give_way, kept_in_memory, verdict


@pytest.mark.parametrize(
    ("quick", "live", "whole"), [(0, 0, 0), (0, 1, 1), (1, 0, 1), (5, 0, 0), (0, 5, 0), (5, 5, 5), (2, 5, 2)]
)
def test_a_lane_that_failed_fails_the_whole_and_one_without_a_chosen_test_does_not(quick, live, whole) -> None:
    assert verdict([quick, live]) == whole


@pytest.mark.parametrize("lanes", [(QUICK, LIVE), (COUNTED, NOT_COUNTED, LIVE)], ids=["desk", "gate"])
def test_every_test_runs_in_one_lane_and_in_no_second_one(lanes) -> None:
    chosen = [lane[lane.index("-m") + 1] for lane in lanes]
    for live, virtual_time in itertools.product((True, False), repeat=2):
        assert [eval(one, {"live": live, "virtual_time": virtual_time}) for one in chosen].count(True) == 1


def test_the_quick_lane_takes_only_what_the_live_one_leaves() -> None:
    asked = [sys.executable, "-S", "-c", "import os; print(os.sched_getscheduler(0) == os.SCHED_IDLE)"]
    said = subprocess.run(asked, preexec_fn=give_way, start_new_session=True, capture_output=True, text=True)
    assert said.stdout.strip() == "True", said.stderr


def test_what_was_kept_in_memory_is_gone_afterwards() -> None:
    with kept_in_memory() as option:
        folders = [Path(one.removeprefix("--basetemp=")).parent for one in option]
        assert all(folder.is_dir() for folder in folders)
    assert not any(folder.exists() for folder in folders)
