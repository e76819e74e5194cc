"""Digitisation batches over the panel's own API: registers out and in, each step checked by another, rework."""

import json

import pytest

from tests.edge.paper import rendered


@pytest.fixture
def staff(desk):
    return desk.signed_in()


def test_a_batch_goes_out_is_checked_step_by_step_with_rework_comes_back_and_is_closed(desk, staff):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    suggested = staff.get("/api/v1/batches").json()["suggested"]
    batch_id = staff.post("/api/v1/batches", json={"name": suggested, "contractor": "某某公司"}).json()["id"]
    assert staff.get("/api/v1/batches").json()["suggested"] != suggested
    where = f"/api/v1/batches/{batch_id}"
    told = staff.post(f"{where}/out", json={"item": item.label, "pages": 12}).json()
    assert [(one["ref_code"], one["pages_out"], one["pages_in"]) for one in told["items"]] == [
        (item.ref_code, 12, None)
    ]
    assert told["workers"] == ["某某公司", "何平"], "nobody is offered as the worker of what they check"
    check = {"worker": "某某公司", "count": 12}
    for step in ("unbind", "scan"):
        assert staff.post(f"{where}/steps", json={"step": step, **check}).status_code == 200
    told = staff.post(f"{where}/steps", json={"step": "scan", **check, "defects": 2, "note": "歪斜"}).json()
    assert told["next"][-1] == "scan"
    refused = staff.post(f"{where}/steps", json={"step": "process", **check})
    assert refused.json()["code"] == "step_before_missing"
    for step in ("scan", "process", "describe", "check", "hook", "rebind"):
        assert staff.post(f"{where}/steps", json={"step": step, **check}).status_code == 200
    assert staff.post(f"{where}/close", json={}).json()["code"] == "batch_items_out"
    back = {"item_id": item.id, "pages": 11, "bound": True}
    staff.post(f"{where}/in", json=back)
    assert staff.post(f"{where}/close", json={}).json()["code"] == "batch_differs"
    staff.post(f"{where}/in", json={**back, "pages": 12})
    refused = staff.post(f"{where}/close", json={}).json()
    assert refused["code"] == "batch_pages_missing"
    assert f"{item.ref_code}: 1-12" in refused["said"]
    told = staff.post(f"{where}/close", json={"despite": "另行数字化"}).json()
    assert (told["batch"]["state"], told["batch"]["despite"]) == ("closed", "另行数字化")
    assert told["items"][0]["undigitised"] == "1-12"


def test_the_ledger_of_a_batch_is_printed_with_what_left_who_checked_what_and_room_to_sign(desk, staff):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    batch_id = staff.post("/api/v1/batches", json={"name": "2026-01", "contractor": "某某公司"}).json()["id"]
    where = f"/api/v1/batches/{batch_id}"
    staff.post(f"{where}/out", json={"item": item.label, "pages": 12})
    check = {"worker": "某某公司", "count": 12}
    staff.post(f"{where}/steps", json={"step": "unbind", **check})
    staff.post(f"{where}/steps", json={"step": "scan", **check, "defects": 2, "note": "歪斜"})
    choices = staff.get("/api/v1/print").json()
    assert "batch.ledger" in choices["kinds"] and choices["batches"] == [{"id": batch_id, "name": "2026-01"}]
    ready = staff.post("/api/v1/print", json={"kind": "batch.ledger", "batch": batch_id}).json()
    assert ready == {"listed": 3, "pages": 2, "what": "batch.ledger"}
    first, second = rendered.words(staff.post("/api/v1/print/file").content)
    assert item.ref_code in first and "出库12页" in first and "未还" in first and "李文清" in first
    assert "某某公司做，李文清查" in second and "返工" in second and "歪斜" in second and "移交人签字" in second
    assert [json.loads(event.body)["what"] for event in desk.events("print.made")] == ["batch.ledger"]
    secret = staff.post("/api/v1/print", json={"kind": "batch.ledger", "batch": batch_id, "clearance": "secret"})
    assert secret.json()["code"] == "export_not_cleared"
    unknown = staff.post("/api/v1/print", json={"kind": "batch.ledger", "batch": "none"})
    assert unknown.json()["code"] == "batch_unknown"


def test_nobody_without_the_right_sees_a_batch(desk):
    assert desk.signed_in().get("/api/v1/batches/no-such").json()["code"] == "batch_unknown"
    assert desk.signed_in("reader").get("/api/v1/batches").json()["code"] == "not_allowed"
