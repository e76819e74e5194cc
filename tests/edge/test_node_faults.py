"""What does not work is named: in the panel's bar, and at the centre."""

import contextlib
import os
import pty
import time

import pytest

from edge.app import Node
from edge.clock import SystemClock
from edge.config import load
from tests.edge.fresh_node import begun


@pytest.fixture
def scanner_at(tmp_path, monkeypatch):
    """A node of its own, built and not served, whose hand scanner is plugged in: the node, and how to unplug it."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    master, slave = pty.openpty()
    path, _admin = begun(tmp_path)
    config = path.read_text("utf-8")
    port = next(line for line in config.split("[scanner]")[1].splitlines() if line.startswith("port"))
    path.write_text(config.replace(port, f'port = "{os.ttyname(slave)}"'), "utf-8")
    os.close(slave)
    with contextlib.ExitStack() as closing:
        yield Node(load(path), SystemClock(), closing), lambda: os.close(master)


def test_a_hand_scanner_that_is_unplugged_is_named(scanner_at):
    node, unplug = scanner_at
    until(lambda: "scanner_offline" not in node.room_faults())
    unplug()
    until(lambda: "scanner_offline" in node.room_faults())


def until(condition, within_s=30):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
