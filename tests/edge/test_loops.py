"""A background loop that fails is seen, tried again and never silent."""

import threading
import time

from edge.clock import SystemClock
from edge.errors import StoreError
from edge.loops import Loop


def wait_for(condition, within_s=5):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.01)


def test_a_failing_step_shows_its_code_and_is_tried_again():
    trouble, calls = threading.Event(), []
    trouble.set()

    def step():
        calls.append(1)
        if trouble.is_set():
            raise StoreError("disk_full", "free_space")

    loop = Loop("test", 5, step, SystemClock()).start()
    wait_for(lambda: loop.fault == "disk_full" and len(calls) > 2)
    trouble.clear()
    wait_for(lambda: loop.fault == "")
    loop.stop()


def test_a_loop_that_hangs_grows_silent():
    release = threading.Event()
    loop = Loop("test", 5, lambda: release.wait(5) and None, SystemClock()).start()
    wait_for(lambda: loop.silent_ms() > 100)
    release.set()
    wait_for(lambda: loop.silent_ms() < 100)
    loop.stop()


def test_an_unforeseen_error_does_not_end_the_loop():
    loop = Loop("test", 5, lambda: {}["nothing"], SystemClock()).start()
    wait_for(lambda: loop.fault == "internal")
    assert loop.silent_ms() < 60_000
    loop.stop()
