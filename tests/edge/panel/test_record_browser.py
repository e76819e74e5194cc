"""What was ever changed of a record, in plain words on its screen, in a real Chromium."""

import pytest

from tests.edge.panel.kiosk import sit_down

pytestmark = pytest.mark.browser


def test_a_void_record_tells_in_words_what_it_was_and_who_voided_it_why(desk, page, expect):
    item, chief = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0], desk.people["chief"]
    sit_down(desk, page, chief)
    page.goto(page.url.split("#")[0] + f"#/record/item/{item.id}")
    page.get_by_role("button", name="作废").click()
    page.locator("dialog").get_by_label("更正理由").fill("重复著录")
    page.locator("dialog").get_by_role("button", name="作废", exact=True).click()
    expect(page.locator(".past")).to_contain_text("在架 → 已作废")
    expect(page.locator(".past")).to_contain_text("重复著录")
