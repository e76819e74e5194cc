"""A page is taken, refused and kept at the panel, in a real Chromium at 1024×600."""

from dataclasses import replace

import pytest

from edge.workflows import digitise
from tests.edge.domain.test_e_files import wav
from tests.edge.page_desk import GOOD
from tests.edge.page_desk import page as drawn
from tests.edge.panel.kiosk import answer_late, sign_in

pytestmark = pytest.mark.browser


def test_a_blurred_page_says_what_to_do_and_is_kept_with_one_touch(desk, page, expect):
    sign_in(desk, page, expect)
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = drawn("水泵房渗漏", measures=replace(GOOD, edge_px=7.0))
    page.goto(page.url.split("#")[0] + f"#/digitise?item={item.id}")
    answer_late(page, "pages/waiting")
    page.get_by_role("button", name="拍这一页").click()
    expect(page.get_by_text("画面模糊")).to_be_visible()
    expect(page.get_by_text("请压平纸页")).to_be_visible()
    page.get_by_role("button", name="原件破损").click()
    expect(page.get_by_role("heading", name="已挂接：第 1 页")).to_be_visible()
    stop = page.locator("#stop").bounding_box()
    assert stop["y"] + stop["height"] <= 600


def test_a_page_taken_before_the_screen_knows_its_item_is_hooked_to_it_all_the_same(desk, page, expect, tmp_path):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = drawn("水泵房渗漏")
    desk.room.page_reader.files = {"b.pdf": [drawn("配电间", shade=220)]}
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    sign_in(desk, page, expect)
    answer_late(page, f"items/{item.id}/pages")
    page.goto(page.url.split("#")[0] + f"#/digitise?item={item.id}")
    page.get_by_role("button", name="拍这一页").click()
    expect(page.get_by_role("heading", name="已挂接：第 1 页")).to_be_visible()
    page.goto(page.url.split("#")[0] + "#/batches")
    page.goto(page.url.split("#")[0] + f"#/digitise?item={item.id}")
    page.locator("input.page-file").set_input_files(str(tmp_path / "b.pdf"))
    expect(page.get_by_role("heading", name="已挂接：第 2 页")).to_be_visible()


def test_a_page_taken_again_takes_the_place_of_the_bad_one_and_its_stamp_is_entered_with_one_touch(desk, page, expect):
    room = desk.room
    item = room.catalogue.items_in_box(desk.boxes["0007"])[0]
    cells = tuple((text, True) for text in ("J001", "2011", "71", "BGS", "永久", "12"))
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/digitise?item={item.id}")
    expect(page.get_by_text("把纸页平放在摄像头下")).to_be_visible()
    assert page.locator(".page-live").is_hidden(), "no camera answers yet"
    room.page_reader.lying = drawn("水泵房渗漏", measures=replace(GOOD, edge_px=7.0))
    expect(page.locator(".page-live")).to_be_visible()
    page.get_by_role("button", name="拍这一页").click()
    expect(page.get_by_text("画面模糊")).to_be_visible()
    expect(page.get_by_role("link", name="数字化批次")).to_have_count(0)
    room.page_reader.lying = replace(drawn("水泵房渗漏", shade=220), stamp=cells)
    page.get_by_role("button", name="重拍一次").click()
    expect(page.get_by_role("heading", name="已挂接：第 1 页")).to_be_visible()
    assert not room.pages.waiting() and len(desk.events("page.dropped")) == 1
    page.get_by_role("button", name="填入目录：保管期限 永久、页数 12").click()
    expect(page.get_by_text("缺第 2、3、4、5、6、7… 页")).to_be_visible()
    assert (room.catalogue.item(item.id).retention, room.catalogue.item(item.id).pages) == ("Y", 12)


def test_a_line_confirmed_twice_settles_one_line(desk, page, expect):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = drawn("屋面渗漓", "水泵房", "配电间", unsure=(0, 1, 2))
    digitise.take_page(desk.room, desk.people["archivist"], item.id)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/corrections")
    expect(page.get_by_role("heading", name="待核文字（3）")).to_be_visible()
    said = []
    page.on("request", lambda asked: said.append(asked.url) if asked.method == "POST" else None)
    answer_late(page, "/lines/1")
    field = page.locator(".doubt input")
    field.press("Enter")
    field.press("Enter")
    expect(field).to_have_value("水泵房")
    expect(page.get_by_role("heading", name="待核文字（2）")).to_be_visible()
    assert len(said) == 1
    keys = page.locator("key-board").bounding_box()
    assert keys["y"] + keys["height"] <= 600, "the line, its picture and all keys on one screen"


def test_what_a_person_just_put_right_is_offered_where_the_same_was_read_again(desk, page, expect):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.lying = drawn("王永富 同志", "王永富 同志", "配电间", unsure=(0, 1, 2))
    digitise.take_page(desk.room, desk.people["archivist"], item.id)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/corrections")
    page.locator(".doubt input").fill("王永福 同志")
    page.get_by_role("button", name="就是这样").click()
    expect(page.get_by_role("heading", name="待核文字（2）")).to_be_visible()
    page.get_by_role("button", name="王永福 同志").click()
    expect(page.get_by_role("heading", name="待核文字（1）")).to_be_visible()
    page.get_by_role("button", name="认不出").click()
    expect(page.get_by_text("其余的行已留待别人核对")).to_be_visible()
    settled = [line.text for line in desk.room.pages.lines(desk.room.pages.of_item(item.id)[0])]
    assert settled == ["王永福 同志", "王永福 同志", "配电间"]
    assert len(desk.events("line.corrected")) == 2


def test_of_several_files_each_that_is_refused_stays_named_and_the_others_are_taken(desk, page, expect, tmp_path):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.files = {"b.pdf": [drawn("水泵房")]}
    files = {"a.exe": b"MZ", "b.pdf": b"%PDF-1.4", "c.jpg": b""}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/digitise?item={item.id}")
    page.locator("input.page-file").set_input_files([str(tmp_path / name) for name in files])
    expect(page.get_by_role("heading", name="已挂接：第 1 页")).to_be_visible()
    expect(page.locator(".page-refused li")).to_contain_text(["a.exe", "c.jpg"])


def test_a_recording_sent_here_is_opened_from_here_and_a_file_leaves_the_camera_its_own_words(
    desk, page, expect, tmp_path
):
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    desk.room.page_reader.files = {"b.pdf": [drawn("水泵房")]}
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "a.wav").write_bytes(wav(1))
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/digitise?item={item.id}")
    page.locator("input.page-file").set_input_files([str(tmp_path / "a.wav"), str(tmp_path / "b.pdf")])
    expect(page.get_by_role("heading", name="已挂接：第 1 页")).to_be_visible()
    expect(page.get_by_text("把纸页平放在摄像头下")).to_be_visible()
    page.get_by_role("link", name="查看文件").click()
    expect(page.get_by_role("button", name="-E001.wav")).to_be_visible()
