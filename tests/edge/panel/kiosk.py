"""The panel served to a real Chromium at 1024×600: fixtures that conftest.py offers to every test of this folder."""

import threading
import time

import pytest

from edge.panel.app import loopback_hosts
from edge.panel.enrolment import COOKIE
from edge.panel.serve import PanelServer

SLOW_MS = 40_000


@pytest.fixture
def running(desk, clock):
    """The panel behind a real uvicorn, its thread, its address; the tests' clock runs, and the card reader is asked."""
    over = threading.Event()

    def run():
        while not over.wait(0.05):
            clock.advance(50)
            desk.presence.poll()
            desk.keeper.step()

    threading.Thread(target=run, daemon=True).start()
    server = PanelServer(desk.app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    object.__setattr__(desk.app.state.panel, "hosts", loopback_hosts(port))
    yield server, thread, f"http://localhost:{port}"
    server.end()
    thread.join(20)
    over.set()


@pytest.fixture
def served(running):
    return f"{running[2]}/"


@pytest.fixture
def page(chromium, served):
    from playwright.sync_api import expect

    context = chromium.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    expect.set_options(timeout=SLOW_MS)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda told: complaints.append(told.text + told.location["url"]) if told.type == "error" else None
    )
    page.goto(served)
    yield page
    context.close()
    excused = (
        "status of 4",
        "ERR_",
        "/live.jpg",
    )  # refusals, a silenced node, a camera that is not there: told on the page
    wrong = [said for said in complaints if not any(one in said for one in excused)]
    assert not wrong, wrong


@pytest.fixture
def expect(page):
    from playwright.sync_api import expect

    return expect


def sign_in(desk, page, expect):
    expect(page.get_by_role("heading", name="请先登录")).to_be_visible()
    expect(page.locator("#alarm-chip")).to_contain_text("报警")  # the stream runs
    desk.reader.held = [b"\x04\x11\x22\x33"]
    expect(page.get_by_role("searchbox")).to_be_visible()


def sit_down(desk, page, person):
    """Signed in without a card."""
    token, _ = desk.sessions.open(person.id, "kiosk")
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": page.url.split("#")[0]}])
    page.reload()


LATE = """path => {
    const real = window.fetch;
    window.fetch = async (...asked) => {
        if (String(asked[0]).includes(path)) await new Promise((go) => setTimeout(go, 2500));
        return real(...asked);
    };
}"""


def answer_late(page, path):
    """From now on this page is answered late by ``path``, as on a busy Pi: what a person does meanwhile must count."""
    page.evaluate(LATE, path)
