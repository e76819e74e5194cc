"""Pull list, poses, register and rescue over the panel's own API: what each answers, and to whom."""

import json
from dataclasses import replace

import pytest

from edge.workflows.aisle_watch import LASTS_MS
from edge.workflows.motion import Follower


def asked(desk, staff, *boxes):
    return [staff.post("/api/v1/requests", json={"box_id": desk.boxes[box]}).json()["id"] for box in boxes]


def test_a_list_is_begun_previewed_chosen_and_started_on_the_block(desk):
    follower = Follower(desk.room)
    follower.step()
    staff = desk.signed_in()
    loans = asked(desk, staff, "0007", "0021")
    told = staff.post("/api/v1/pull-list", json={"loan_ids": loans}).json()["list"]
    assert [stop["aisle"] for stop in told["stops"]] == [3, 5] and told["exact"]
    assert staff.get("/api/v1/pull-list/preview?aisle=3").json()["aisle"] == 3
    plan = staff.post("/api/v1/pull-list/choose", json={"aisle": 3}).json()
    assert [move["column"] for move in plan["moves"]] == [4]
    assert desk.shelving.now.move.phase == "armed", "it waits for Start"
    follower.step()
    told = staff.get("/api/v1/pull-list").json()["list"]
    assert [loan["state"] for loan in told["fetched"]] == ["pulling"] and told["opened"] is None
    desk.shelving.phase("moving")
    follower.step()
    desk.shelving.stands(3, "occupied")
    desk.shelving.phase("ended", ended="reached")
    follower.step()
    opened = staff.get("/api/v1/pull-list").json()["list"]["opened"]
    assert (opened["aisle"], [loan["box"]["box_no"] for loan in opened["loans"]]) == (3, ["0007"])
    verdict = staff.post("/api/v1/pull-list/check").json()["verdict"]
    assert (verdict["cannot_tell"], verdict["why"]) == (True, "unreadable")
    read = {"look_id": verdict["look_id"], "number": "0021"}
    assert staff.post("/api/v1/pull-list/confirm", json=read).json()["code"] == "typed_other_box"
    told = staff.post("/api/v1/pull-list/confirm", json={**read, "number": "7"}).json()
    assert told["loans"] == loans[:1] and told["list"]["fetched"][0]["state"] == "verified"


@pytest.mark.parametrize("path", ["pull-list/choose", "poses/park/choose", "poses/patrol/choose"])
def test_choosing_a_move_answers_the_enrolled_panel_alone(desk, path):
    body = {"aisle": 3}
    for client in (desk.client(), desk.signed_in(peer="10.0.0.7"), desk.signed_in(origin="http://evil.example")):
        assert client.post(f"/api/v1/{path}", json=body).status_code in (401, 403)
    assert desk.shelving.armed == []


def test_a_preview_of_parking_names_the_aisle_to_walk_and_ventilation_none(desk):
    staff = desk.signed_in()
    assert staff.get("/api/v1/poses/park/preview").json()["aisle"] == 9
    aired = staff.get("/api/v1/poses/ventilate/preview").json()
    assert aired["aisle"] is None and len(aired["moves"]) == 8
    assert staff.get("/api/v1/poses/inferno/preview").status_code == 422


def test_anybody_calls_for_help_without_a_login_and_the_block_stops(desk):
    stranger = desk.client(peer="10.0.0.7", origin=None)
    assert stranger.post("/api/v1/entrapment").status_code == 204
    assert desk.shelving.stops == 1
    assert stranger.get("/api/v1/snapshot").json()["trapped_since_ms"] == desk.clock.utc_ms()
    assert stranger.get("/api/v1/entrapment").json()["help"] == {}
    assert stranger.post("/api/v1/entrapment/end").status_code in (401, 403)
    assert desk.signed_in("archivist").post("/api/v1/entrapment/end").status_code == 204
    assert stranger.get("/api/v1/snapshot").json()["trapped_since_ms"] is None


def test_the_call_works_as_a_plain_form_where_no_script_loaded(desk):
    answer = desk.client().post("/api/v1/entrapment", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/#/trapped")
    page = desk.client().get("/").text
    assert 'action="/api/v1/entrapment"' in page


def test_an_occupied_aisle_says_since_when_which_sensor_and_the_steps(desk):
    desk.shelving.stands(4, "occupied")
    boards = [
        report if report.column != 5 else report.__class__(**{**_fields(report), "open_inputs": ("beam_left_ok",)})
        for report in desk.shelving.now.carriages
    ]
    desk.report(carriages=tuple(boards))
    follower = Follower(desk.room)
    follower.step()
    desk.clock.advance(LASTS_MS)
    follower.step()
    aisle = desk.client().get("/api/v1/snapshot").json()["block"]["aisles"][3]
    assert aisle["since_ms"] == desk.clock.utc_ms()
    assert aisle["sensors"] == [{"column": 5, "name": "beam_left_ok"}]
    assert aisle["steps"] == ["leave_the_beam", "walk"]


def _fields(report):
    return {name: getattr(report, name) for name in report.__slots__}


def test_the_register_shows_moves_to_auditors_and_ones_own_to_staff_but_not_to_readers(desk):
    staff = desk.signed_in()
    staff.post("/api/v1/poses/patrol/choose", json={"aisle": 3})
    assert len(staff.get("/api/v1/moves?kind=patrol").json()["moves"]) == 1
    (line,) = desk.signed_in("auditor").get("/api/v1/moves").json()["moves"]
    assert (line["kind"], line["aisle"], line["person_name"]) == ("patrol", 3, "李文清")
    assert desk.signed_in("reader").get("/api/v1/moves").status_code in (403, 409)
    assert desk.signed_in("auditor").get("/api/v1/moves?kind=joyride").status_code == 422


def test_an_auditor_takes_the_register_of_moves_along_on_paper_and_as_a_sheet_and_both_are_events(desk):
    desk.signed_in().post("/api/v1/poses/patrol/choose", json={"aisle": 3})
    auditor = desk.signed_in("auditor")
    paper = auditor.post("/api/v1/moves/paper?kind=patrol")
    assert (paper.status_code, paper.content[:5], paper.headers["content-type"]) == (200, b"%PDF-", "application/pdf")
    sheet = auditor.post("/api/v1/moves/sheet").content.decode("utf-8-sig")
    assert "patrol" in sheet and "李文清" in sheet
    assert [json.loads(one.body)["what"] for one in desk.events("print.made")] == ["register.moves"]
    assert [json.loads(one.body)["what"] for one in desk.events("export.made")] == ["moves"]
    assert desk.signed_in("reader").post("/api/v1/moves/paper").status_code in (403, 409)
    assert desk.client().post("/api/v1/moves/sheet").status_code == 401


def test_rule_14_the_snapshot_names_who_holds_the_key_and_only_the_enrolled_panel_signs_for_it(desk):
    follower = Follower(desk.room)
    desk.shelving.open_inputs("key_normal")
    follower.step()
    for client in (desk.client(), desk.signed_in(peer="10.0.0.7"), desk.signed_in(origin="http://evil.example")):
        assert client.post("/api/v1/maintenance/sign").status_code in (401, 403)
    staff = desk.signed_in()
    told = staff.get("/api/v1/snapshot").json()
    assert (told["work"]["maintenance"]["name"], told["block"]["held"]) == ("", ["maintenance"])
    assert staff.post("/api/v1/maintenance/sign").status_code == 204
    assert staff.get("/api/v1/snapshot").json()["work"]["maintenance"]["name"] == "李文清"
    assert staff.post("/api/v1/poses/park/choose", json={}).json()["code"] == "maintenance"
    assert desk.shelving.armed == []


def test_rule_14_no_route_ends_maintenance_or_a_lockout(desk):
    paths = {path for path in desk.app.openapi()["paths"] if "maint" in path or "lock" in path}
    assert paths == {"/api/v1/maintenance/sign"}


def test_rule_3_an_aisle_chosen_at_the_carriage_waits_for_start_like_one_chosen_at_the_panel(desk):
    desk.at_carriage.step()
    desk.shelving.carriage_button(3, 1)
    desk.at_carriage.step()
    assert desk.shelving.armed == [], "nobody is signed in at the panel"
    assert desk.events("request.refused")[0].actor == "node"
    staff = desk.signed_in()
    desk.shelving.carriage_button(3, 2)
    for _ in range(3):
        desk.at_carriage.step()
    assert [plan.aisle for plan, _move_id in desk.shelving.armed] == [3]
    assert desk.shelving.now.move.phase == "armed", "it waits for Start"
    assert staff.get("/api/v1/snapshot").json()["at_carriage"] == {"number": 2, "aisle": 3, "code": ""}


def test_what_was_pressed_before_the_node_looked_or_before_a_board_was_reset_chooses_nothing(desk):
    desk.signed_in()
    desk.shelving.carriage_button(3, 9)
    desk.at_carriage.step()
    again = tuple(replace(one, boot_count=one.boot_count + 1, chosen_right=0) for one in desk.shelving.now.carriages)
    desk.report(carriages=again)
    desk.at_carriage.step()
    assert desk.shelving.armed == []


def test_rule_13_a_carriage_button_touched_for_the_monthly_proof_chooses_nothing(desk):
    staff, technician = desk.signed_in(), desk.people["archivist"]
    serial = desk.room.commissioning.file().serial
    desk.database.write(lambda change: desk.room.commissioning.proofs.begin(change, serial, technician.id))
    desk.at_carriage.step()
    desk.shelving.carriage_button(3, 1)
    desk.at_carriage.step()
    assert (desk.shelving.armed, staff.get("/api/v1/snapshot").json()["at_carriage"]) == ([], None)


def test_the_one_request_that_waits_in_the_aisle_is_what_the_carriage_button_opens_it_for(desk):
    staff = desk.signed_in()
    (loan_id,) = asked(desk, staff, "0007")
    desk.at_carriage.step()
    desk.shelving.carriage_button(3, 1)
    desk.at_carriage.step()
    assert staff.get(f"/api/v1/requests/{loan_id}").json()["state"] == "pulling"
