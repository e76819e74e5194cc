"""Taking stock over the panel's own API: blind while counting, and only for whoever may."""

import json

import pytest

from tests.edge.paper import rendered

BAY = "B1-A-03-R-02"


@pytest.fixture
def staff(desk):
    return desk.signed_in()


def begun(client, **body):
    return client.post("/api/v1/stocktakes", json=body).json()["id"]


def test_a_bay_is_counted_with_the_hand_scanner_and_the_answers_name_nothing_that_should_be_there(desk, staff):
    where = f"/api/v1/stocktakes/{begun(staff, kind='rolling', bay=BAY)}/bays/{BAY}"
    assert staff.post(f"{where}/begin").status_code == 200
    slot = f"{BAY}-4-07"
    box = desk.room.catalogue.box(desk.boxes["0007"])
    desk.scanner.read = [desk.room.catalogue.slot_label(slot), box.label]
    told = staff.post(f"{where}/scans")
    assert told.json()["seen"] == {slot: "box"} and "0007" not in told.text
    assert staff.post(f"{where}/typed", json={"text": f"{BAY}-1-01"}).json()["at_slot"] == f"{BAY}-1-01"
    assert staff.post(f"{where}/looked", json={"slot": f"{BAY}-1-02", "what": "empty"}).json()["seen"] == {
        slot: "box",
        f"{BAY}-1-02": "empty",
    }
    refused = staff.post(f"{where}/finish")
    assert (refused.status_code, refused.json()["code"]) == (409, "bay_not_all_seen")
    assert staff.post(f"{where}/photograph").json()["code"] == "no_mast_camera"
    assert staff.post(f"{where}/give-up").status_code == 204


def test_the_sample_ends_in_a_sheet_that_one_person_cannot_sign_twice(desk, staff):
    stocktake_id = begun(staff, kind="sample", boxes=2)
    sheet = staff.get(f"/api/v1/stocktakes/{stocktake_id}").json()
    assert len(sheet["boxes"]) == 2 and not sheet["may_sign"], "the box with a secret item is not drawn for this person"
    for at, box in enumerate(sheet["boxes"]):
        where = f"/api/v1/stocktakes/{stocktake_id}/boxes/{box['box_id']}"
        items = staff.get(where).json()["items"]
        counted = [{"item_id": item["id"], "there": bool(at or n)} for n, item in enumerate(items)]
        assert staff.post(where, json=counted).json() == {"differences": 0 if at else 1}
    sheet = staff.get(f"/api/v1/stocktakes/{stocktake_id}").json()
    assert [line["kind"] for line in sheet["lines"]] == ["item_missing"] and sheet["may_sign"]
    sheet = staff.post(f"/api/v1/stocktakes/{stocktake_id}/sign").json()
    assert [one["name"] for one in sheet["signatures"]] == ["李文清"] and not sheet["may_sign"]
    assert staff.post(f"/api/v1/stocktakes/{stocktake_id}/sign").json()["code"] == "signed_already"
    listed = staff.get("/api/v1/stocktakes").json()
    assert listed["stocktakes"][0]["open_differences"] == 1 and listed["due"]


def test_the_difference_sheet_is_printed_at_the_panel_with_who_signed_and_the_print_is_traced(desk, staff):
    stocktake_id = begun(staff, kind="sample", boxes=1)
    (box,) = staff.get(f"/api/v1/stocktakes/{stocktake_id}").json()["boxes"]
    where = f"/api/v1/stocktakes/{stocktake_id}/boxes/{box['box_id']}"
    counted = [{"item_id": item["id"], "there": False} for item in staff.get(where).json()["items"]]
    staff.post(where, json=counted)
    staff.post(f"/api/v1/stocktakes/{stocktake_id}/sign")
    choices = staff.get("/api/v1/print").json()
    assert "stocktake.sheet" in choices["kinds"] and choices["stocktakes"][0]["id"] == stocktake_id
    ready = staff.post("/api/v1/print", json={"kind": "stocktake.sheet", "stocktake": stocktake_id}).json()
    assert ready == {"listed": len(counted), "pages": 1, "what": "stocktake.sheet"}
    words = "".join(rendered.words(staff.post("/api/v1/print/file").content))
    assert "盘点差异表" in words and "李文清" in words and box["box_no"] in words
    assert [json.loads(event.body)["what"] for event in desk.events("print.made")] == ["stocktake.sheet"]
    unknown = staff.post("/api/v1/print", json={"kind": "stocktake.sheet", "stocktake": "none"})
    assert unknown.json()["code"] == "stocktake_unknown"


def test_nobody_counts_without_the_right_or_from_another_page(desk):
    body = {"kind": "full"}
    assert desk.signed_in("reader").post("/api/v1/stocktakes", json=body).json()["code"] == "not_allowed"
    assert desk.client().post("/api/v1/stocktakes", json=body).status_code == 401
    assert desk.signed_in(origin="http://evil.example").post("/api/v1/stocktakes", json=body).status_code == 403


def test_a_counted_bay_is_told_slot_by_slot_and_not_a_word_of_it_while_it_is_counted(desk, staff):
    where = f"/api/v1/stocktakes/{begun(staff, kind='rolling', bay=BAY)}/bays/{BAY}"
    slots = staff.post(f"{where}/begin").json()["slots"]
    assert staff.get(f"{where}/found").json()["code"] == "bay_state"
    for slot in slots:
        staff.post(f"{where}/looked", json={"slot": slot, "what": "empty"})
    assert staff.post(f"{where}/finish").json() == {"differences": 1}
    told = staff.get(f"{where}/found").json()
    missing = [(one["slot"], one["box_no"]) for one in told["slots"] if one["status"] == "missing"]
    assert missing == [(f"{BAY}-4-07", "0007")] and {one["status"] for one in told["slots"]} == {"missing", "empty"}
    assert desk.signed_in("reader").get(f"{where}/found").json()["code"] == "not_allowed"
