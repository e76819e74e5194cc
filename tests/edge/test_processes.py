"""A child process ends with the node, whichever of the two was quicker."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import pytest

from edge import processes
from edge.processes import HUNG_MS, RESTARTS, Child, Hung, die_with

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
# Starts a sleeper that is bound to its starter, says its pid, and waits to be killed.
STARTER = textwrap.dedent(
    """
    import os, subprocess, sys, time
    from functools import partial
    from edge.processes import die_with
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                               stdout=subprocess.DEVNULL, preexec_fn=partial(die_with, os.getpid()))
    print(sleeper.pid, flush=True)
    time.sleep(60)
    """
)


def runs(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_a_child_ends_when_its_parent_is_killed():
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True) as starter:
        pid = int(starter.stdout.readline())
        assert runs(pid)
        starter.kill()
    deadline = time.monotonic() + 30
    while runs(pid):
        assert time.monotonic() < deadline, "an orphan goes on running"
        time.sleep(0.02)


def test_a_child_whose_parent_died_before_it_could_be_bound_to_it_does_not_begin():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    child = subprocess.Popen(SLEEPER, preexec_fn=partial(die_with, gone.pid))
    try:
        assert child.wait(10) == 1
    finally:
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)


@pytest.fixture
def child(tmp_path, monkeypatch, clock):
    """Starts ``program`` of the folder, which notes each of its starts in the file that is its configuration."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(processes, "PAUSE_S", 0.001)
    started = []

    def start(what_it_does):
        note = "import os, sys\nwith open(sys.argv[2], 'a') as out: out.write(f'{os.getpid()}\\n')\n"
        (tmp_path / "program.py").write_text(note + what_it_does)
        started.append(Child("program", tmp_path / "starts", clock).start())
        return started[0]

    yield start
    for one in started:
        one.stop()


def starts(tmp_path):
    return (tmp_path / "starts").read_text().split() if (tmp_path / "starts").exists() else []


def until(condition):
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_a_program_that_keeps_crashing_is_started_again_five_times_in_ten_minutes_and_then_a_fault_says_so(
    child, tmp_path
):
    crashing = child("sys.exit(1)")
    until(lambda: crashing.fault)
    assert (crashing.fault, len(starts(tmp_path))) == ("process_gave_up", 1 + RESTARTS)


def test_one_that_runs_without_answering_is_ended_and_starts_anew(child, tmp_path, clock):
    silent = child("import time; time.sleep(60)")
    answers = iter([True, False, False])
    watch = Hung(silent, lambda: next(answers), clock)
    until(lambda: len(starts(tmp_path)) == 1)
    clock.advance(HUNG_MS)
    watch.step()
    first = silent.pid
    clock.advance(HUNG_MS)
    watch.step()
    until(lambda: len(starts(tmp_path)) == 2 and silent.pid != first)
    watch.step()
    assert runs(silent.pid), "the new one has its time to answer"
