"""Describing, sealing, correcting and putting away: over the panel's own routes, and by a person in a real Chromium."""

import pytest

from edge.domain.series import Series
from edge.panel.enrolment import COOKIE
from edge.workflows import describe, placing, seal
from edge.workflows.archive import archive_in
from tests.edge.panel.kiosk import answer_late, sign_in

ITEM = {"title": "关于供水的通知", "date": "20110315", "pages": "4", "retention": "Y"}

COUNTING = """async () => {
    const page = document.querySelector("script[type=module]").src;
    const { say, speak } = await import(page.replace("panel.js", "elements/words.js"));
    speak({ some: "{count:alarm|alarms} now" });
    return [say("some", { count: 1 }), say("some", { count: 2 })];
}"""


@pytest.fixture
def archive(desk):
    return archive_in(desk.room.database, desk.room.layout)


@pytest.fixture
def of(desk, archive):
    told = {"arrangement": "item", "number_rule": "2015", "category": "ZP", "parts": "year retention"}
    more = {"name": "照片", "classes": "", "catalogue_no": "", "project_no": "", "retention": "", "loanable": "yes"}
    new = Series(id="", fonds_no="J001", parent=None, item_width=4, file_width=3, **told, **more)
    return describe.series(archive, desk.people["archivist"], new)


def test_the_forms_fields_and_choices_come_from_the_node(desk):
    told = desk.signed_in().get("/api/v1/fields/item").json()
    assert [field["name"] for field in told["fields"][:4]] == ["title", "date", "pages", "retention"]
    assert {"code": "core_business", "name": "核心商密"} in told["secret_mark"]


def test_an_item_is_described_corrected_and_voided_over_the_routes(desk, of):
    client = desk.signed_in()
    refused = client.post("/api/v1/records/item", json={"series_id": of.id, "values": {**ITEM, "pages": "x"}})
    assert (refused.status_code, refused.json()["params"]["field"]) == (422, "pages")
    assert "页数" in refused.json()["said"]
    made = client.post("/api/v1/records/item", json={"series_id": of.id, "values": ITEM}).json()
    assert made["number"] == "J001-ZP·2011-Y-0001" and not made["fixed"]
    url = f"/api/v1/records/item/{made['id']}"
    assert client.post(f"{url}/correct", json={"values": {"pages": "5"}}).json() == {
        "fields": ["pages"],
        "warnings": [],
    }
    kept = client.get(url).json()["corrections"][0]
    assert client.get(url).json()["kept_until"] == ""  # permanent
    client.post(f"{url}/correct", json={"values": {"retention": "D10"}})
    assert client.get(url).json()["kept_until"] == "2022-01-01"
    assert (kept["old"], kept["new"], kept["person_name"]) == ("4", "5", "李文清")
    assert client.post(f"{url}/void", json={"reason": "误录"}).status_code == 204
    assert client.get(url).json()["state"] == "void"


def test_a_reader_neither_describes_nor_sees_registers_and_a_secret_record_is_unknown(desk, archive, of):
    reader = desk.signed_in("reader")
    assert reader.post("/api/v1/records/item", json={"series_id": of.id, "values": ITEM}).status_code == 409
    assert reader.get("/api/v1/series").status_code == 409
    made = describe.item(archive, desk.people["archivist"], of.id, ITEM)
    desk.database.write(
        lambda change: change.db.execute("UPDATE item SET secret_level = 'secret' WHERE id = ?", (made.id,)),
        telemetry=True,
    )
    assert reader.get(f"/api/v1/records/item/{made.id}").json()["code"] == "record_unknown"
    register = archive.numbering.standing(of.id)[0].register.id
    shown = desk.signed_in().get(f"/api/v1/registers/{register}").json()["records"]
    assert [one["title"] for one in shown] == [""]


def test_another_page_cannot_seal(desk, of):
    foreign = desk.signed_in(origin="http://elsewhere")
    assert foreign.post(f"/api/v1/series/{of.id}/2011/seal", json={}).status_code == 403


@pytest.mark.browser
def test_a_person_describes_corrects_and_reviews_a_year(desk, page, expect, archive, of):
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/describe")
    page.get_by_role("link", name="著录一件").tap()
    page.get_by_label("题名 *", exact=True).fill("关于供水的通知")
    page.get_by_label("日期 *").fill("2011-03-15")
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.locator('[data-field="pages"]')).to_have_class("wrong")
    page.get_by_label("页数 *").fill("4")
    page.get_by_label("保管期限 *").select_option("Y")
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.get_by_role("heading", name="J001-ZP·2011-Y-0001")).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("J001-ZP·2011-Y-0001")  # told on the screen that follows
    page.get_by_label("页数 *").fill("5")
    page.get_by_role("button", name="保存更正").tap()
    expect(page.locator(".past")).to_contain_text("李文清")
    page.goto(page.url.split("#")[0] + "#/describe")
    page.get_by_role("button", name="审核").tap()
    page.get_by_role("dialog").get_by_role("button", name="审核").tap()
    expect(page.get_by_role("button", name="封定")).to_be_visible()
    page.get_by_role("button", name="封定").tap()
    page.get_by_role("dialog").get_by_role("button", name="封定").tap()
    expect(page.get_by_role("dialog")).to_contain_text("两个人")


def test_scans_before_one_that_is_refused_are_kept_and_those_after_it_are_told(desk, archive):
    boxes = [describe.new_box(archive, desk.people["archivist"], "J001", f"050{no}", 40) for no in range(3)]
    desk.scanner.read = ["B1-A-05-L-01-1-07", boxes[0].label, "9999", boxes[1].label, boxes[2].label]
    told = desk.signed_in().post("/api/v1/placing/read", json={}).json()
    assert [(one["box"]["box_no"], one["slot"]) for one in told["put"]] == [("0500", "B1-A-05-L-01-1-07")]
    assert told["refused"]["code"] == "box_unknown" and "9999" in told["refused"]["said"] and told["left"] == 2
    assert told["waits"] == {"box": "", "slot": "B1-A-05-L-01-1-08"}  # the next box goes on there


def test_a_boxs_kind_thickness_and_weight_count_on_its_shelf(desk, archive):
    client, keeper = desk.signed_in(), desk.people["archivist"]
    told = {"fonds_no": "J001", "box_no": "0500", "thickness_mm": 40, "type": "voucher"}
    box = client.post("/api/v1/records/box", json=told).json()
    placing.put(archive, keeper, box["id"], "B1-A-05-L-01-1-07")
    placing.put(archive, keeper, box["id"], "B1-A-05-L-01-1-08")
    shown = client.get(f"/api/v1/boxes/{box['id']}/place").json()
    assert shown["measures"] == {"type": "voucher", "thickness_mm": 40, "weighed_g": None, "weight_g": 120 + 22 * 40}
    assert shown["shelf"]["used_mm"] == 40 and [one["before"] for one in shown["moves"]] == ["B1-A-05-L-01-1-07", ""]
    url = f"/api/v1/boxes/{box['id']}/measures"
    assert client.post(url, json={"type": "archive", "thickness_mm": 60, "weighed_g": 3100}).status_code == 204
    shelf = client.get("/api/v1/shelves?prefix=B1-A-05-L-01-1").json()["shelves"][0]
    assert (shelf["used_mm"], shelf["used_g"]) == (60, 3100)
    assert client.post(url, json={"type": "archive", "thickness_mm": 900}).json()["code"] == "box_too_thick"
    assert client.post(url, json={"type": "crate", "thickness_mm": 60}).json()["code"] == "box_type_unknown"
    lower = {"prefix": "B1-A-05-L-01-1", "load_kg": 2}
    (shelf,) = client.post("/api/v1/shelves/limits", json=lower).json()["shelves"]
    assert (shelf["load_g"], shelf["free_g"]) == (2000, -1100)
    assert "40 千克" in client.post("/api/v1/shelves/limits", json={**lower, "load_kg": 90}).json()["said"]
    client.post("/api/v1/shelves/limits", json={**lower, "load_kg": 30})
    assert client.post(f"/api/v1/boxes/{box['id']}/put-back").json()["slot"] == "B1-A-05-L-01-1-07"
    assert desk.signed_in("reader").get(f"/api/v1/boxes/{box['id']}/place").json()["code"] == "not_allowed"


@pytest.mark.browser
def test_two_records_of_one_paper_become_one_with_what_is_ticked(desk, page, expect, archive, of):
    keeper = desk.people["archivist"]
    stays = describe.item(archive, keeper, of.id, ITEM)
    goes = describe.item(archive, keeper, of.id, {**ITEM, "pages": "6", "responsible": "市水务局"})
    sign_in(desk, page, expect)
    page.evaluate("id => { location.hash = '#/record/item/' + id }", stays.id)
    page.get_by_role("button", name="查重").tap()
    page.get_by_role("dialog").get_by_role("button", name=goes.number).tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("责任者")).to_be_checked()  # nothing stood there
    expect(dialog.get_by_label("页数")).not_to_be_checked()
    dialog.get_by_role("button", name="合并").tap()
    expect(dialog).to_contain_text("请写明原因")  # what was ticked stays
    dialog.get_by_label("更正理由").fill("重复著录")
    dialog.get_by_role("button", name="合并").tap()
    expect(page.locator("#notices")).to_contain_text("已合并")
    kept = archive.descriptions.whole("item", stays.id).values
    assert (kept["responsible"], kept["pages"]) == ("市水务局", 4)
    assert archive.descriptions.whole("item", goes.id).state == "void"


@pytest.mark.browser
def test_the_columns_of_a_register_are_chosen_and_evidence_is_handed_over(desk, page, expect, archive, of, tmp_path):
    made = describe.item(archive, desk.people["archivist"], of.id, ITEM)
    token, _ = desk.sessions.open(desk.people["chief"].id, "kiosk")
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": page.url.split("#")[0]}])
    page.reload()
    page.evaluate("() => { location.hash = '#/describe' }")
    page.get_by_role("link", name="本单位的设定").tap()
    page.get_by_role("button", name="目录表头").tap()
    page.get_by_role("button", name="照 DA/T 22-2000").tap()
    expect(page.locator(".site-headings li").first).to_contain_text("件号")
    page.locator(".site-headings li").first.get_by_role("button", name="下移").tap()
    page.get_by_role("button", name="保存").tap()
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    assert [one.column for one in archive.site.headings("J001", "files")][:2] == ["responsible", "item_no"]
    page.evaluate("id => { location.hash = '#/record/item/' + id }", made.id)
    page.get_by_role("button", name="证据摘录").tap()
    with page.expect_download() as taken:
        page.get_by_role("dialog").get_by_role("button", name="出具").tap()
    taken.value.save_as(tmp_path / "evidence.zip")
    page.evaluate("() => { location.hash = '#/printing' }")
    page.locator("input[type=file]").set_input_files(tmp_path / "evidence.zip")
    expect(page.get_by_role("dialog")).to_contain_text("完整，没有改动")
    expect(page.get_by_role("dialog")).to_contain_text("由本库房签名")


@pytest.mark.browser
def test_a_new_box_waits_for_its_slot_at_once(desk, page, expect, archive):
    sign_in(desk, page, expect)
    answer_late(page, "placing/read")  # it is asked each second: nearly whatever a person does falls into it
    page.evaluate("() => { location.hash = '#/placing' }")
    page.get_by_role("button", name="新盒").tap()
    page.get_by_role("dialog").get_by_label("盒号").fill("0500")
    page.get_by_role("dialog").get_by_role("button", name="保存").tap()
    expect(page.get_by_role("heading", name="0500 号盒：请扫描储位")).to_be_visible()
    page.get_by_role("button", name="1 列 R 面").first.tap()
    expect(page.locator(".placing-done")).to_contain_text("0500")


@pytest.mark.browser
def test_numbers_go_up_and_down_until_they_are_sealed(desk, page, expect, archive, of):
    staff = desk.people["archivist"]
    items = [describe.item(archive, staff, of.id, {**ITEM, "title": f"照片{no}"}) for no in "甲乙"]
    register = archive.numbering.standing(of.id)[0].register
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/register/{register.id}")
    page.get_by_role("button", name="下移").first.tap()
    page.get_by_role("button", name="按这个顺序编号").tap()
    expect(page.locator("#notices")).to_contain_text("2 个编号变了")
    assert archive.descriptions.whole("item", items[0].id).number.endswith("0002")
    assert seal.review(archive, staff, of.id, 2011)[0].state == "reviewed"


@pytest.mark.browser
def test_a_box_is_put_away_by_two_scans_and_put_back_by_one_tap(desk, page, expect, archive):
    box = describe.new_box(archive, desk.people["archivist"], "J001", "0100", 40)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/placing")
    expect(page.get_by_role("heading", name="请扫描盒标签，或储位标签")).to_be_visible()
    desk.scanner.read.append(box.label)
    expect(page.get_by_role("heading", name="0100 号盒：请扫描储位")).to_be_visible()
    first, second = archive.shelves.suggestions(box.id)[:2]
    desk.scanner.read.append(first)
    expect(page.locator(".placing-done")).to_contain_text("0100")
    assert archive.catalogue.box(box.id).slot == first
    page.get_by_role("textbox").fill("0100")
    page.get_by_role("textbox").press("Enter")
    expect(page.get_by_role("heading", name="0100 号盒：请扫描储位")).to_be_visible()
    desk.scanner.read.append(second)
    expect(page.locator(".placing-done li")).to_have_count(2)
    page.get_by_role("button", name="放回原位").first.tap()
    expect(page.locator("#notices")).to_contain_text("放回")
    assert archive.catalogue.box(box.id).slot == first
    page.get_by_role("link", name="架上余量").tap()
    page.get_by_role("button", name="改宽高载重").first.tap()
    page.get_by_role("dialog").get_by_role("button", name="减少").last.tap()
    page.get_by_role("dialog").get_by_role("button", name="保存").tap()
    expect(page.locator(".number-list li").first).to_contain_text("39 千克")
    assert page.evaluate(COUNTING) == ["1 alarm now", "2 alarms now"]


def test_what_lists_brought_is_a_series_to_go_on_with(desk):
    client = desk.signed_in()
    (found,) = client.get("/api/v1/series").json()["found"]
    assert (found["fonds_no"], found["category"], found["number_rule"], found["years"]) == (
        "J001",
        "WS",
        "2015",
        [2011],
    )
    wanted = {name: found[name] for name in ("fonds_no", "category", "classes", "catalogue_no")}
    made = client.post("/api/v1/series/adopt", json={**wanted, "name": "文书"}).json()
    told = client.get("/api/v1/series").json()
    assert told["found"] == [] and told["series"][0]["registers"][0]["gaps"][0] == [1, 70]
    values = {**ITEM, "org": "BGS"}
    number = client.post("/api/v1/records/item", json={"series_id": made["id"], "values": values}).json()["number"]
    assert number == "J001-WS·2011-Y-BGS-1086"
    again = client.post("/api/v1/series/adopt", json=wanted)
    assert again.json()["code"] == "series_not_found"


def test_a_fonds_and_its_file_are_described_at_the_panel(desk):
    client = desk.signed_in()
    values = {"name": "水务局", "unit": "水务局", "start_date": "1958", "responsible": "水务局", "custody": "办公室"}
    assert client.post("/api/v1/records/fonds", json={"fonds_no": "z109", "values": values}).status_code == 204
    assert client.get("/api/v1/records/fonds/Z109").json()["values"]["name"] == "水务局"
    paper = {"kind": "arrangement", "values": {"title": "2011 年整理说明", "date": "2012-03-01"}}
    assert client.post("/api/v1/fonds/Z109/papers", json=paper).json()["no"] == 1
    assert [one["title"] for one in client.get("/api/v1/fonds/Z109/papers").json()["papers"]] == ["2011 年整理说明"]


def test_a_case_is_opened_completed_linked_and_closed_at_the_panel(desk):
    client = desk.signed_in()
    told = {"fonds_no": "J001", "name": "客户", "arrangement": "case", "number_rule": "case", "category": "KH"}
    series = client.post("/api/v1/series", json=told).json()["id"]
    client.post(f"/api/v1/series/{series}/checklist", json={"lines": ["合同", "营业执照", ""]})
    made = client.post("/api/v1/cases", json={"series_id": series, "name": "某某公司"}).json()
    url = f"/api/v1/cases/{made['case_no']}"
    client.post("/api/v1/records/item", json={"series_id": series, "values": ITEM, "case": made["case_no"]})
    assert client.post(f"{url}/tick", json={"line": 1}).status_code == 204
    assert client.post(f"{url}/link", json={"item": "J001-WS·2011-Y-BGS-00071"}).status_code == 204
    assert client.post(f"{url}/link", json={"box": "0021"}).status_code == 204
    whole = client.get(url).json()
    assert [(one["what"], one["present"]) for one in whole["wanted"]] == [("合同", True), ("营业执照", False)]
    assert [one["number"] for one in whole["holdings"]] == ["KH0001-0001", "0021", "J001-WS·2011-Y-BGS-00071"]
    assert whole["holdings"][1]["slot"] == "B1-A-06-L-01-2-03"
    assert client.post(f"{url}/close", json={"why": "cooperation_ended", "on": "20240630"}).json()["pieces"] >= 1
    assert client.get(f"/api/v1/series/{series}/cases").json()["cases"][0]["state"] == "closed"
