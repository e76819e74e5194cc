"""Who may ask the panel for what, tried from every wrong side."""

import json
import socket

import pytest

from edge.errors import LinkFault
from edge.panel.serve import PanelServer

SOMEBODY = "0" * 36
LEADING = ("/choose", "/find-positions", "/unlock", "/maintenance/sign", "/proof/aisle")
MOTION = ("/api/v1/find-positions", f"/api/v1/requests/{SOMEBODY}/choose", f"/api/v1/reshelving/{SOMEBODY}/choose")


def refusals(desk):
    return [json.loads(event.body) for event in desk.events("request.refused")]


def stolen(desk, client):
    """``client`` with the cookie of whoever is signed in at the panel."""
    client.cookies.update(desk.signed_in().cookies)
    return client


@pytest.mark.parametrize("route", MOTION)
def test_rule_3_no_motion_is_chosen_from_another_address_even_with_the_panels_own_cookie(desk, route):
    for peer in ("192.168.1.20", "10.0.0.1", "::ffff:192.168.1.20", "a-name", ""):
        desk.clock.advance(11_000)
        answer = stolen(desk, desk.client(peer=peer)).post(route)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_the_enrolled_panel"), peer
        assert (refusals(desk)[0]["why"], refusals(desk)[0]["peer"]) == ("address", peer)
    assert desk.shelving.armed == []


@pytest.mark.parametrize("route", MOTION)
def test_rule_3_no_motion_is_chosen_through_a_proxy(desk, route):
    client = desk.signed_in()
    for header in ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "via"):
        desk.clock.advance(11_000)
        answer = client.post(route, headers={header: "127.0.0.1"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_the_enrolled_panel"), header
        assert refusals(desk)[0]["why"] == "forwarded"
    assert desk.shelving.armed == []


@pytest.mark.parametrize("route", MOTION)
def test_rule_3_no_motion_is_chosen_without_a_session(desk, route):
    answer = desk.client().post(route)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_needed")
    assert refusals(desk)[0]["why"] == "session"


@pytest.mark.parametrize("route", MOTION)
def test_a_cookie_stolen_from_another_panel_chooses_no_motion(desk, route):
    token, _ = desk.sessions.open(desk.people["archivist"].id, "other-panel")
    client = desk.client()
    client.cookies.set("storeroom_session", token)
    answer = client.post(route)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_of_other_panel")
    assert refusals(desk)[0]["why"] == "panel"
    assert desk.events("request.refused")[0].actor == desk.people["archivist"].id
    assert desk.shelving.armed == []


@pytest.mark.parametrize("route", [*MOTION, "/api/v1/requests", "/api/v1/session/pin", "/api/v1/returns/check"])
def test_a_post_from_another_sites_page_is_refused(desk, route):
    for origin in (None, "http://evil.example", "https://localhost:8080", "http://localhost:8081", "null"):
        desk.clock.advance(11_000)
        answer = stolen(desk, desk.client(origin=origin)).post(route, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), origin
        assert refusals(desk)[0]["why"] == "origin"


def test_a_name_that_was_rebound_to_this_machine_is_refused(desk):
    answer = desk.signed_in().post("/api/v1/find-positions", headers={"host": "evil.example:8080"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert refusals(desk)[0]["why"] == "host"


def test_stop_needs_nothing_and_nobody(desk):
    answer = desk.client(peer="192.168.1.20", origin="http://evil.example", x_forwarded_for="1.2.3.4").post(
        "/api/v1/stop"
    )
    assert answer.status_code == 204
    assert desk.shelving.stops == 1
    assert len(desk.events("stop.pressed")) == 1


def test_stop_works_as_a_plain_form_and_leads_back_to_the_page(desk):
    answer = desk.client(accept="text/html").post("/api/v1/stop")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert desk.shelving.stops == 1


def test_a_session_is_not_opened_from_another_address(desk):
    body = {"person_id": desk.people["archivist"].id, "pin": "250914"}
    assert desk.client(peer="192.168.1.20").post("/api/v1/session/pin", json=body).status_code == 403
    assert desk.sessions.at_panel("kiosk") is None


def test_trying_again_and_again_does_not_fill_the_trace_and_is_counted(desk):
    for _ in range(40):
        desk.client(peer="192.168.1.20").post("/api/v1/find-positions")
    assert len(refusals(desk)) == 1
    desk.clock.advance(11_000)
    desk.client(peer="192.168.1.20").post("/api/v1/find-positions")
    assert refusals(desk)[0]["before"] == 39


def test_an_idle_session_chooses_nothing(desk):
    client = desk.signed_in()
    desk.clock.advance(5 * 60_000)
    assert client.post("/api/v1/find-positions").status_code == 401
    assert client.get("/api/v1/session").json()["person"] is None


def test_what_a_screen_asks_by_itself_keeps_nobody_signed_in(desk):
    client = desk.signed_in()
    by_itself = {"storeroom-unattended": "1"}
    desk.clock.advance(4 * 60_000)
    assert client.post("/api/v1/reshelving/scan").status_code == 200  # touched
    desk.clock.advance(4 * 60_000)
    assert client.post("/api/v1/reshelving/scan", headers=by_itself).status_code == 200
    desk.clock.advance(60_000)
    assert client.post("/api/v1/reshelving/scan", headers=by_itself).status_code == 401


def test_a_port_that_is_taken_is_named(desk):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = PanelServer(desk.app, "127.0.0.1", taken.getsockname()[1])
        with pytest.raises(LinkFault, match="panel_port_taken"):
            server.run()


def test_a_revoked_person_is_out_at_once(desk):
    client = desk.signed_in()
    desk.database.write(lambda change: desk.room.people.revoke(change, desk.people["archivist"].id, actor="a"))
    assert client.get("/api/v1/requests").status_code == 401


def test_reading_the_catalogue_needs_a_session(desk):
    client = desk.client()
    for path in ("search?q=x", "requests", "requests/x", "boxes/x", "reshelving", "trace", "looks/x.jpg"):
        assert client.get(f"/api/v1/{path}").status_code == 401, path


def test_rule_3_every_route_that_can_lead_to_motion_stands_in_the_guarded_router(desk):
    from edge.panel import motion_routes
    from edge.panel.guard import may_choose_motion

    for route in motion_routes.router.routes:
        calls = [dependency.call for dependency in route.dependant.dependencies]
        assert may_choose_motion in calls, route.path
    guarded = {route.path for route in motion_routes.router.routes}
    leading = {path for path in desk.app.openapi()["paths"] if path.endswith(LEADING)}
    assert leading == guarded


def test_the_cookie_cannot_be_read_by_a_script_or_sent_by_another_site(desk):
    body = {"person_id": desk.people["archivist"].id, "pin": "250914"}
    cookie = desk.client().post("/api/v1/session/pin", json=body).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
