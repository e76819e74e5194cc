"""A recording is opened for a purpose below its mark; a batch goes on after rework: in a real Chromium."""

import pytest

from edge.workflows import digitise, digitise_batch
from tests.edge.page_desk import page as seen
from tests.edge.panel.kiosk import sign_in, sit_down
from tests.edge.workflows.test_e_files import wav

pytestmark = pytest.mark.browser


def test_a_recording_stands_ready_for_a_purpose_and_nobody_without_the_right_is_offered_it(desk, page, expect):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    digitise.take_file(desk.room, desk.people["archivist"], "会议.wav", wav(), item.id)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/pages/{item.id}")
    page.get_by_role("button", name="工作查考").click()
    expect(page.locator(".leaf-mark")).to_contain_text(desk.people["archivist"].name)
    player = page.locator("audio")
    expect(player).to_have_attribute("controlslist", "nodownload nofullscreen noremoteplayback")
    page.wait_for_function("() => document.querySelector('audio').readyState > 2")
    assert not page.evaluate("() => document.fullscreenEnabled")
    assert [event.actor for event in desk.events("e_file.opened")] == [desk.people["archivist"].id]


def test_what_was_found_on_a_page_is_opened_at_that_page(desk, page, expect):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.files = {"a.pdf": [seen("配电间"), seen("屋面渗漏", number=2, shade=220)]}
    digitise.take_file(desk.room, desk.people["archivist"], "a.pdf", b"%PDF-1.4", item.id)
    sign_in(desk, page, expect)
    page.get_by_role("searchbox").fill("屋面渗漏")
    page.get_by_role("link", name=item.title).click()
    page.get_by_role("link", name="电子件").click()
    expect(page.locator(".leaf-no")).to_have_text("第 2 页 / 共 2 页")
    page.get_by_role("button", name="工作查考").click()
    expect(page.locator(".leaf-text")).to_have_text("屋面渗漏")
    viewed = [event.subject for event in desk.events("page.viewed")]
    assert len(set(viewed)) == 1, "no other page of it was opened on the way"
    page.goto(page.url.split("#")[0] + f"#/pages/{item.id}?page=99")
    expect(page.locator(".leaf-no")).to_have_text("第 1 页 / 共 2 页")


def test_after_a_step_was_done_again_the_next_one_is_asked(desk, page, expect):
    room, checker = desk.room, desk.people["archivist"]
    item = room.catalogue.items_in_box(desk.boxes["0007"])[0]
    batch = digitise_batch.open_batch(room, checker, "一批", "某某公司")
    digitise_batch.send(room, checker, batch.id, item.id, 12)
    for step, defects in (("unbind", 0), ("scan", 2)):
        digitise_batch.record_step(room, checker, batch.id, step, "王工", 12, defects)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/batch/{batch.id}")
    expect(page.get_by_role("button", name="扫描")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="交出")).to_have_count(0)
    page.get_by_label("查了多少").fill("12")
    page.get_by_label("不合格几处").fill("13")
    page.get_by_role("button", name="我检查过，记下").click()
    expect(page.get_by_text("数量不合理")).to_be_visible()
    page.get_by_label("不合格几处").fill("")
    page.get_by_role("button", name="我检查过，记下").click()
    expect(page.get_by_text("数量不合理")).to_have_count(0, timeout=6000)  # it would go by itself after twelve seconds
    expect(page.get_by_role("button", name="图像处理")).to_have_attribute("aria-pressed", "true")


def test_a_printed_page_fills_its_sheet_and_bears_the_mark(desk, page, expect):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.files = {"a.pdf": [seen("屋面渗漏")]}
    digitise.take_file(desk.room, desk.people["archivist"], "a.pdf", b"%PDF-1.4", item.id)
    sit_down(desk, page, desk.people["archivist"])
    page.goto(page.url.split("#")[0] + f"#/pages/{item.id}")
    page.get_by_role("button", name="工作查考").click()
    expect(page.locator(".leaf-facts")).to_contain_text("2024-03-01")
    page.evaluate("() => { window.print = () => { window.sheets = document.querySelector('.print-sheet'); }; }")
    page.get_by_role("button", name="打印").click()
    page.wait_for_function("() => window.sheets && !window.sheets.isConnected")
    page.emulate_media(media="print")
    page.evaluate("() => document.body.append(window.sheets)")
    assert page.evaluate("() => window.sheets.getBoundingClientRect().width / innerWidth") > 0.95
    assert [event.actor for event in desk.events("page.printed")] == [desk.people["archivist"].id]


def test_a_page_opened_before_the_first_snapshot_tells_times_of_the_rooms_zone(desk, page, expect, chromium, served):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.files = {"a.pdf": [seen("屋面渗漏")]}
    digitise.take_file(desk.room, desk.people["archivist"], "a.pdf", b"%PDF-1.4", item.id)
    sit_down(desk, page, desk.people["archivist"])
    abroad = chromium.new_context(timezone_id="America/New_York", storage_state=page.context.storage_state())
    try:
        away = abroad.new_page()
        away.route("**/api/v1/snapshot*", lambda route: None)
        away.route("**/api/v1/stream*", lambda route: None)
        away.goto(f"{served}#/pages/{item.id}")
        expect(away.locator(".leaf-facts")).to_contain_text("2026/11/22 08:00")
    finally:
        abroad.close()
