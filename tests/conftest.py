"""Plain functions of one test folder may be imported by another: ``from tests.… import``."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

# A gate judges a change, so it draws the same examples each time; HYPOTHESIS_PROFILE=default and make prove search on.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium():
    """A real Chromium, for one module: its driver's loop would stand in the way of others that outlive it."""
    from playwright.sync_api import sync_playwright

    from tests import needs

    path = needs.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def until_all_parts_work(address, within_s=120):
    """The node's health is 200: the card reader's channel, the cameras and the boards have all come up."""
    import httpx

    deadline = time.monotonic() + within_s
    while (health := httpx.get(address)).status_code != 200:
        assert time.monotonic() < deadline, health.text
        time.sleep(0.2)


BRISK = 3.0  # people in the room; what they press is pressed as long as ever
NARROW_MM = 650  # an aisle that opens in two thirds of the time, and still lets a box out


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The whole storeroom, once for all who need it: first at the pages, then system tests, which leave it worse."""
    import click

    from hardware_tests.virtual.demo import Demo
    from hardware_tests.virtual.ports import free_ports

    panel, console, room = free_ports(3)
    folder = tmp_path_factory.mktemp("demo")
    running = Demo(folder, panel=panel, console=console, room=room, say=lambda _text: None, aisle_mm=NARROW_MM)
    try:
        try:
            running.start()
        except click.ClickException as error:
            pytest.fail(error.format_message())
        running.bench.see(lambda plant: setattr(plant, "pace", BRISK))
        until_all_parts_work(f"http://127.0.0.1:{panel}/healthz")
        yield running
    finally:
        running.stop()


WHOLE_ROOM = ("browser", "system")
VIRTUAL_TIME = ("firmware", "hardware_tests", "proofs", "system")


def pytest_collection_modifyitems(items):
    """Those who need the whole storeroom come last, so that it does not idle beside the others."""
    folder = {item: item.path.relative_to(Path(__file__).parent).parts[0] for item in items}
    for item in items:
        if folder[item] in VIRTUAL_TIME:
            item.add_marker(pytest.mark.virtual_time)
    items.sort(key=lambda item: WHOLE_ROOM.index(folder[item]) + 1 if folder[item] in WHOLE_ROOM else 0)
