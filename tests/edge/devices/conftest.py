"""A serial line as a pseudo-terminal."""

import os
import tty

import pytest


@pytest.fixture
def line():
    """(descriptor of the device's end, path of the node's port)"""
    master, slave = os.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)
