"""A real Chromium beside the whole running demo. Screenshots go to build/screens, as build output."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "build" / "screens"


@pytest.fixture(autouse=True)
def patience():
    """As long as a person waits before something must be broken; a busy machine is only slow."""
    from playwright.sync_api import expect

    expect.set_options(timeout=45_000)


@pytest.fixture
def pages(chromium, demo):
    """The panel at 1024 × 600 and the room page beside it, in one browser."""
    context = chromium.new_context(viewport={"width": 1024, "height": 600}, locale="zh-CN", has_touch=True)
    panel, room = context.new_page(), context.new_page()
    room.set_viewport_size({"width": 1280, "height": 800})
    for page in (panel, room):
        page.set_default_timeout(45_000)
    panel.goto(f"http://localhost:{demo.panel}/")
    room.goto(f"http://localhost:{demo.room}/")
    yield panel, room
    context.close()


@pytest.fixture
def shot():
    SCREENS.mkdir(parents=True, exist_ok=True)

    def take(page, name):
        page.screenshot(path=SCREENS / f"{name}.png")

    return take
