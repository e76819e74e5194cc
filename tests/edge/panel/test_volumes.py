"""A volume at the panel: its own screen says what its list said of it."""

import pytest

from edge.workflows import ingest
from tests.edge.panel.kiosk import sign_in
from tests.edge.workflows.test_ingest import write
from tests.edge.workflows.test_volume_lists import HEADINGS, volume_line


@pytest.fixture
def listed(desk, tmp_path):
    """Two volumes from a list; the second one is secret."""
    path = write(tmp_path / "v.csv", volume_line(1), volume_line(2, secrecy="机密"), headings=HEADINGS)
    ingest.ingest(desk.room.database, path, actor="p1")
    return desk.room.catalogue.volume_by_ref("Z112-KU·01·2017-001", "Z112"), desk.room.catalogue.volume_by_ref(
        "Z112-KU·01·2017-002", "Z112"
    )


def test_a_secret_volume_is_unknown_to_whoever_may_not_see_it(desk, listed):
    client = desk.signed_in("reader")
    for path in (f"volumes/{listed[1].id}", f"records/volume/{listed[1].id}"):
        assert client.get(f"/api/v1/{path}").json()["code"] == "record_unknown"


@pytest.mark.browser
def test_an_item_tells_both_ends_of_its_dates(desk, page, expect, tmp_path):
    line = ["Z112-WS·2011-Y-0001", "往来函件", "20110301", "20111231"]
    path = write(tmp_path / "i.csv", line, headings=["档号", "题名", "起始日期", "终止日期"])
    ingest.ingest(desk.room.database, path, actor="p1")
    item = desk.room.catalogue.item_by_ref("Z112-WS·2011-Y-0001")
    sign_in(desk, page, expect)
    page.goto(f"{page.url.split('#')[0]}#/box/none?item={item.id}")
    expect(page.locator("dl.facts")).to_contain_text("20110301—20111231")


@pytest.mark.browser
def test_a_volume_that_a_list_brought_tells_its_dates_year_and_retention(desk, page, expect, listed):
    sign_in(desk, page, expect)
    page.goto(f"{page.url.split('#')[0]}#/box/none?volume={listed[0].id}")
    facts = page.locator("dl.facts")
    for told in ("Z112", "2017", "20170100—20171200", "30 年", "财务处", "212"):
        expect(facts).to_contain_text(told)
