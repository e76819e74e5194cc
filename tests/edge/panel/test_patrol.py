"""Patrols at the panel's routes: who may, from where, and what the snapshot tells of them without names."""

import json

import pytest

from edge.workflows import patrol_list


@pytest.fixture
def ready(desk):
    patrol_list.ready(desk.room)
    return desk


def test_a_round_is_walked_through_the_routes_and_the_snapshot_follows_it(ready):
    staff = ready.signed_in()
    patrol_id = staff.post("/api/v1/patrol/rounds", json={"kind": "daily"}).json()["id"]
    sheet = staff.get(f"/api/v1/patrol/rounds/{patrol_id}").json()
    assert [one["what"] for one in sheet["points"]] == [
        *("door", "window", "light", "extinguisher", "sensor", "sensor", "dehumidifier", "leak", "pest"),
    ]
    assert sheet["points"][4]["now"][0]["value"] == 2140
    for point in sheet["points"]:
        assert staff.post(f"/api/v1/patrol/rounds/{patrol_id}/points/{point['id']}/in-order").status_code == 204
    assert staff.get("/api/v1/snapshot").json()["patrol"]["answered"] == 9
    assert staff.post(f"/api/v1/patrol/rounds/{patrol_id}/sign").status_code == 204
    told = staff.get("/api/v1/snapshot").json()["patrol"]
    assert (told["round_id"], told["kinds"][0]["state"]) == ("", "done")
    assert "李文清" not in json.dumps(told, ensure_ascii=False)
    assert staff.get("/api/v1/patrols").json()["rounds"][0]["ended_by"] == "李文清"


def test_a_finding_with_a_picture_is_closed_and_the_picture_is_shown_to_nobody_else(ready):
    def seen(who):
        return ready.signed_in(who).get(f"/api/v1/patrol/pictures/{look}.jpg").status_code

    staff = ready.signed_in()
    patrol_id = staff.post("/api/v1/patrol/rounds", json={"kind": "daily"}).json()["id"]
    point = staff.get(f"/api/v1/patrol/rounds/{patrol_id}").json()["points"][0]["id"]
    look = staff.post("/api/v1/patrol/pictures", json={"camera": ready.room.counter_camera}).json()["look"]
    assert seen("archivist") == 200
    assert seen("auditor") == 422  # nothing is found yet
    said = {"kind": "damaged", "words": "门锁松动", "look": look}
    where = f"/api/v1/patrol/rounds/{patrol_id}/points/{point}/found"
    finding = ready.signed_in().post(where, json=said).json()["finding"]
    assert (seen("auditor"), seen("reader")) == (200, 409)
    closing, done = f"/api/v1/patrol/findings/{finding}/close", {"words": "换了锁"}
    assert ready.signed_in("reader").get("/api/v1/patrol/findings").status_code == 409
    assert ready.signed_in("auditor").post(closing, json=done).status_code == 409
    staff, owner = ready.signed_in(), {"owner": ready.people["chief"].id, "until": "2026-12-01"}
    assert staff.post(f"/api/v1/patrol/findings/{finding}/assign", json=owner).status_code == 204
    assert staff.post(closing, json=done).status_code == 204
    assert staff.get("/api/v1/patrol/findings").json()["closed"][0]["done"] == "换了锁"


def test_the_list_and_the_dates_are_changed_by_an_administrator_and_wrong_ones_are_refused(ready):
    assert ready.signed_in().get("/api/v1/patrol/list").status_code == 409
    chief = ready.signed_in("chief")
    told = chief.get("/api/v1/patrol/list").json()
    points = [*told["points"][:2], {"what": "other", "name": "消防通道", "rounds": ["daily"]}]
    assert chief.post("/api/v1/patrol/points", json=points).status_code == 204
    assert [one["name"] for one in chief.get("/api/v1/patrol/list").json()["points"]] == ["", "", "消防通道"]
    assert chief.post("/api/v1/patrol/points", json=[{"what": "roof", "rounds": ["daily"]}]).status_code == 422
    plan = {**told["plan"], "by_minute": 600, "holidays": [["01-01"], ["2027-02-05", "2027-02-11"]]}
    assert chief.post("/api/v1/patrol/plan", json=plan).status_code == 204
    kept = chief.get("/api/v1/patrol/list").json()["plan"]
    assert kept["holidays"][1] == {"first": "2027-02-05", "last": "2027-02-11"}
    assert chief.post("/api/v1/patrol/plan", json={**plan, "holidays": [["13-01"]]}).status_code == 422
    assert chief.post("/api/v1/patrols/sheet/patrols").status_code == 200
    assert chief.post("/api/v1/patrols/paper").content.startswith(b"%PDF")
