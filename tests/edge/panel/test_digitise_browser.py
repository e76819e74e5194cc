"""A page is taken, refused and kept at the panel, in a real Chromium at 1024×600."""

from dataclasses import replace

import pytest

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
