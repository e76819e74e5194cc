"""Taking stock in a real Chromium at 1024×600."""

import pytest

from tests.edge.panel.kiosk import sign_in

pytestmark = pytest.mark.browser
BAY = "B1-A-03-R-02"


def test_a_bay_is_begun_scanned_and_looked_at_with_a_finger(desk, page, expect):
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/reshelving")
    page.get_by_role("link", name="盘点").tap()
    page.get_by_role("button", name="B1-A-01-R-01").tap()
    page.get_by_role("button", name="开始", exact=True).tap()
    expect(page.get_by_text("还要看 32 个储位")).to_be_visible()
    slot = "B1-A-01-R-01-1-01"
    desk.scanner.read = [desk.room.catalogue.slot_label(slot)]
    expect(page.get_by_role("heading", name=slot)).to_be_visible()
    desk.scanner.read = [desk.room.catalogue.slot_label(slot)]
    expect(page.get_by_text("还要看 31 个储位")).to_be_visible()
    page.get_by_role("button", name="空的").first.tap()
    expect(page.get_by_text("还要看 30 个储位")).to_be_visible()
    small = [key.bounding_box() for key in page.locator(".stock-side button").all() if key.is_visible()]
    assert all(box["height"] >= 48 for box in small), "every target is big enough for a gloved finger"
