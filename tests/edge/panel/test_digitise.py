"""Pages at the panel: taken, refused in words, hooked; and who may do it."""

from dataclasses import replace

from tests.edge.page_desk import GOOD, page


def test_a_page_is_taken_and_a_bad_one_told_with_its_reason(desk):
    staff = desk.signed_in()
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = page("关于水泵房的报告")
    taken = staff.post("/api/v1/pages/look", json={"item_id": item.id}).json()
    assert (taken["state"], taken["page_no"], taken["items"][0]["id"]) == ("hooked", 1, item.id)
    desk.room.page_reader.lying = page("关于水泵房的报告", measures=replace(GOOD, glare_pm=40))
    held = staff.post("/api/v1/pages/look", json={}).json()
    assert (held["state"], held["complaints"][0]["code"]) == ("held", "glare")
    assert [one["id"] for one in staff.get("/api/v1/pages/waiting").json()] == [held["id"]]
    assert staff.get(f"/api/v1/pages/{held['id']}/preview.jpg").content == desk.room.page_reader.lying.jpeg
    assert staff.get(f"/api/v1/pages/{taken['id']}/preview.jpg").status_code == 422
    staff.post(f"/api/v1/pages/{held['id']}/accept", json={"why": "原件有塑封"})
    hooked = staff.post(f"/api/v1/pages/{held['id']}/hook", json={"ref_code": item.ref_code}).json()
    assert hooked["page_no"] == 2
    told = staff.get(f"/api/v1/items/{item.id}/pages").json()
    assert [one["page_no"] for one in told["pages"]] == [1, 2]


def test_a_stamp_offers_what_the_catalogue_leaves_empty_and_a_person_enters_it(desk):
    staff = desk.signed_in()
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    cells = tuple((text, True) for text in ("J001", "2011", "71", "BGS", "永久", "12"))
    desk.room.page_reader.lying = replace(page("关于水泵房的报告"), stamp=cells)
    taken = staff.post("/api/v1/pages/look", json={"item_id": item.id}).json()
    assert taken["unsaid"] == {"retention": "Y", "pages": "12"} and taken["source"] == "camera"
    assert desk.room.catalogue.item(item.id).pages is None, "proposed, not written"
    said = {"values": {"pages": "12"}, "reason": "据归档章"}
    assert staff.post(f"/api/v1/records/item/{item.id}/correct", json=said).json() == {
        "fields": ["pages"],
        "warnings": [],
    }
    desk.room.page_reader.lying = replace(page("第二页", shade=200), stamp=cells)
    assert staff.post("/api/v1/pages/look", json={"item_id": item.id}).json()["unsaid"] == {"retention": "Y"}
    assert staff.get(f"/api/v1/items/{item.id}/pages").json()["missing"] == list(range(3, 13))


def test_a_file_is_sent_as_it_is(desk):
    staff = desk.signed_in()
    desk.room.page_reader.files = {"a.pdf": [page("第一页")]}
    sent = staff.post("/api/v1/pages/files?name=a.pdf", content=b"%PDF")
    assert sent.json()["pages"][0]["state"] == "loose"
    assert staff.post("/api/v1/pages/files?name=a.pdf", content=b"%PDF").json()["again"] is True


def test_a_reader_and_a_foreign_page_are_refused(desk):
    assert desk.signed_in().get("/api/v1/pages/live.jpg").status_code == 204, "no camera answers"
    desk.room.page_reader.lying = page("甲")
    assert desk.signed_in().get("/api/v1/pages/live.jpg").content == desk.room.page_reader.lying.jpeg
    assert desk.signed_in("reader").get("/api/v1/pages/live.jpg").status_code == 409
    assert desk.signed_in("reader").post("/api/v1/pages/look", json={}).status_code == 409
    assert desk.signed_in("reader").post("/api/v1/pages/files?name=a", content=b"x").status_code == 409
    assert desk.signed_in(origin="http://evil.example").post("/api/v1/pages/look", json={}).status_code == 403


def test_a_doubtful_line_is_shown_with_its_crop_and_put_right(desk):
    staff = desk.signed_in()
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = page("屋面渗漓", unsure=(0,))
    taken = staff.post("/api/v1/pages/look", json={"item_id": item.id}).json()
    told = staff.get("/api/v1/lines/unsure").json()
    assert (told["count"], told["lines"][0]["candidates"]) == (1, ["屋面渗漓"])
    assert staff.get(f"/api/v1/pages/{taken['id']}/lines/1.jpg").headers["content-type"] == "image/jpeg"
    said = staff.post(f"/api/v1/pages/{taken['id']}/lines/1", json={"text": "屋面渗漏"}).json()
    assert (said["text"], said["read_text"], said["state"]) == ("屋面渗漏", "屋面渗漓", "corrected")
    assert staff.get("/api/v1/lines/unsure").json()["count"] == 0


def test_the_viewer_needs_a_purpose_and_downloads_need_the_right(desk):
    staff = desk.signed_in()
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = page("屋面渗漏")
    taken = staff.post("/api/v1/pages/look", json={"item_id": item.id}).json()
    reader = desk.signed_in("reader")  # one person at a panel
    told = reader.get(f"/api/v1/items/{item.id}/leaves").json()
    assert "屋面渗漏" not in str(told) and told["pages"][0]["page_no"] == 1, "nothing of it before a purpose"
    assert reader.get(f"/api/v1/pages/{taken['id']}/text").status_code == 422
    assert reader.get(f"/api/v1/pages/{taken['id']}/text?purpose=work").json() == {"text": "屋面渗漏"}
    assert reader.get(f"/api/v1/pages/{taken['id']}/view.jpg").status_code == 422
    shown = reader.get(f"/api/v1/pages/{taken['id']}/view.jpg?purpose=work")
    assert shown.status_code == 200 and shown.headers["cache-control"] == "no-store"
    assert reader.post(f"/api/v1/pages/{taken['id']}/take?how=download&purpose=work").status_code == 409
    saved = desk.signed_in().post(f"/api/v1/pages/{taken['id']}/take?how=download&purpose=work")
    assert "-001.jpg" in saved.headers["content-disposition"]
    away = desk.signed_in(peer="10.0.0.9").post(f"/api/v1/pages/{taken['id']}/take?how=print&purpose=work")
    assert away.status_code == 403, "pages leave only at the enrolled panel"
