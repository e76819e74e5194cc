"""The console: who may see it, and what a person sees in a real Chromium."""

import threading

import pytest
import uvicorn
from fastapi.testclient import TestClient

from cloud_sync.api.guard import COOKIE
from cloud_sync.contract import Reading

ORIGIN = {"origin": "http://testserver"}


@pytest.fixture
def browser(quiet):
    return TestClient(quiet.web(), follow_redirects=False)


def log_in(browser, password="correct horse", headers=ORIGIN):
    return browser.post("/api/v1/session", json={"name": "li", "password": password}, headers=headers)


def test_without_a_session_there_is_nothing_but_the_login(browser):
    assert browser.get("/").headers["location"] == "/login"
    assert browser.get("/rooms/room-1").headers["location"] == "/login"
    for path in (
        "/api/v1/rooms",
        "/api/v1/rooms/room-1",
        "/api/v1/rooms/room-1/events",
        "/events",
        "/api/v1/approvals",
        "/api/v1/people",
    ):
        assert browser.get(path).status_code == 401
    assert browser.post("/api/v1/rooms/room-1/alarms/a/acknowledge", headers=ORIGIN).status_code == 401
    assert browser.get("/docs").status_code == 404 and browser.get("/openapi.json").status_code == 200


def test_a_session_cookie_is_for_this_server_only_and_dies_with_the_session(browser):
    cookie = log_in(browser).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert browser.get("/api/v1/rooms").json()[0]["node"] == "room-1"
    stolen = browser.cookies[COOKIE]
    browser.delete("/api/v1/session", headers=ORIGIN)
    browser.cookies.set(COOKIE, stolen)
    assert browser.get("/api/v1/rooms").status_code == 401


@pytest.mark.parametrize("headers", [{}, {"origin": "http://elsewhere.example"}, {"origin": "null"}])
def test_a_write_from_another_page_is_refused(browser, headers):
    refused = log_in(browser, headers=headers)
    assert refused.status_code == 409 and refused.json()["code"] == "foreign_origin"


def test_wrong_passwords_are_counted_and_then_wait(browser):
    codes = [log_in(browser, "wrong").json()["code"] for _ in range(6)]
    assert codes == ["login_wrong"] * 5 + ["login_wait"]
    assert log_in(browser).json()["code"] == "login_wait"


def test_pages_are_strict_about_what_they_load(browser):
    policy = browser.get("/login").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


def test_a_rooms_name_is_text_and_never_markup(browser):
    log_in(browser)
    assert "<b>1</b>" not in browser.get("/").text + browser.get("/rooms/room-1").text


def test_no_route_of_the_centre_could_start_a_motion(browser):
    writes = {
        (method, path)
        for path, methods in browser.get("/openapi.json").json()["paths"].items()
        for method in methods
        if method != "get"
    }
    assert writes == {
        ("post", "/api/v1/session"),
        ("delete", "/api/v1/session"),
        ("post", "/api/v1/rooms/{node}/alarms/{alarm}/acknowledge"),
        ("post", "/api/v1/rooms/{node}/loans/{loan}/decision"),
        ("post", "/api/v1/rooms/{node}/revocations"),
        ("post", "/api/v1/directory/wishes"),
        ("post", "/api/v1/directory/wishes/{wish}/word"),
        ("post", "/api/v1/users"),
        ("put", "/api/v1/users/{name}/rights"),
        ("post", "/api/v1/users/{name}/password"),
        ("delete", "/api/v1/users/{name}"),
        ("put", "/api/v1/session/password"),
    }


def test_an_alarm_can_be_asked_for_only_while_it_waits(browser):
    log_in(browser)
    refused = browser.post("/api/v1/rooms/room-1/alarms/nobody/acknowledge", headers=ORIGIN)
    assert refused.json()["code"] == "alarm_not_waiting"


ID = "0193d5a0-0000-7000-8000-0000a1ce9543"


def serve(app, centre):
    config = uvicorn.Config(app, port=centre.config.central.port, log_level="warning")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    return server


@pytest.mark.browser
def test_a_person_sees_events_within_seconds_and_the_room_answers_an_acknowledgement(centre, room, wait, chromium):
    from playwright.sync_api import expect

    alarm = {
        "alarm": "a1",
        "rule": "rh_high",
        "place": "21",
        "severity": "alarm",
        "active": True,
        "value": 6400,
        "limit": 6000,
    }

    def acknowledge(command):
        room.event("alarm.acknowledged", {**alarm, "alarm": command.subject, "acked": True})

    room.handlers["acknowledge_alarm"] = acknowledge
    room.readings = [Reading(place="北墙", measurand="temp_cc", value=2000, age_ms=0, quality="good")]
    room.start()
    room.event("alarm.raised", {**alarm, "acked": False})
    wait(room.delivered)
    app = centre.web()
    server = serve(app, centre)
    wait(lambda: server.started)
    problems = []
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"http://127.0.0.1:{centre.config.central.port}/")
    page.get_by_label("Name").fill("li")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="一号库房").click(timeout=40_000)
    expect(page.locator("#events")).to_contain_text("Alarm", timeout=40_000)
    expect(page.locator("#events")).to_contain_text("value 64.0 % · limit 60.0 %", timeout=40_000)
    expect(page.locator("#glance .state")).to_have_text("Online", timeout=40_000)
    room.move(1)
    expect(page.locator("#events")).to_contain_text("Box placed", timeout=40_000)
    loan = {"loan": "l1", "kind": "item", "item": ID, "box": ID, "box_no": "0007", "slot": "B1", "state": "approved"}
    room.event("loan.approved", {**loan, "due": ""})
    expect(page.locator("#loans")).to_contain_text("item · box 0007 · B1", timeout=40_000)
    expect(page.locator("main")).not_to_contain_text(ID[-6:])  # an id means nothing to whoever reads it
    page.get_by_role("button", name="Ask the room to acknowledge").click()
    expect(page.locator("#alarms")).to_contain_text("Acknowledged", timeout=40_000)
    page.get_by_role("link", name="繁體").click()
    expect(page.locator("#alarms")).to_contain_text("濕度過高", timeout=40_000)
    page.get_by_role("link", name="简体").click()
    expect(page.locator("#alarms")).to_contain_text("湿度过高", timeout=40_000)
    expect(page.locator("#readings")).to_contain_text("20.0 °C", timeout=40_000)
    room.stop()
    expect(page.locator("#readings")).to_contain_text("–", timeout=40_000)
    expect(page.locator("#readings")).not_to_contain_text("20.0 °C")
    expect(page.locator("#glance .state")).to_have_text("已停机", timeout=40_000)
    app.state.context.closing.set()
    server.should_exit = True
    expect(page.locator("#banner")).to_be_visible(timeout=40_000)
    context.close()
    assert [text for text in problems if "ERR_" not in text] == []
