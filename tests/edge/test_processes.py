"""A child process ends with the node, whichever of the two was quicker."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

from edge.processes import die_with

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
    deadline = time.monotonic() + 10
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
