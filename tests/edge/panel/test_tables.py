"""Tables and finding aids taken out at the panel: every one of them, by finger, each with its event."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from edge.domain.climate import Reading
from edge.domain.records import NewItem
from edge.store.catalogue import Catalogue
from edge.store.exports.tables import TABLES
from edge.words import load
from edge.workflows import take_out
from tests.edge.panel.kiosk import sit_down


@pytest.mark.parametrize("form", take_out.SHEETS)
def test_every_table_is_handed_out_and_the_trace_says_which_file(desk, form):
    client = desk.signed_in()
    offered = client.get("/api/v1/export").json()
    assert [one["name"] for one in offered["tables"]] == list(TABLES)
    for table in offered["tables"]:
        handed = client.post(f"/api/v1/export/{table['name']}?form={form}")
        assert handed.status_code == 200, (table["name"], handed.text)
        (event,) = desk.events("export.made")[:1]
        told = json.loads(event.body)
        assert (told["what"], told["format"], told["sha256"]) == (
            *(table["name"], form),
            hashlib.sha256(handed.content).hexdigest(),
        )


@pytest.mark.parametrize("form", [*take_out.AIDS, "atom"])
def test_items_are_handed_out_as_a_finding_aid_of_their_fonds(desk, form):
    client = desk.signed_in()
    aid = client.post(f"/api/v1/export/items?form={form}&fonds=J001")
    assert aid.status_code == 200 and "J001" in aid.text and "设备采购合同(0108)" not in aid.text  # secret
    unfit = client.post(f"/api/v1/export/boxes?form={form}")
    assert unfit.json()["code"] == "export_form_unfit"


def test_readings_of_the_climate_leave_their_own_file(desk):
    desk.room.readings.add([Reading("north wall", "rh_cpct", 4500, 60_000)], 60_000)
    rows = list(csv.reader(io.StringIO(desk.signed_in().post("/api/v1/export/readings").text.lstrip("\ufeff"))))
    assert len(rows) == 2 and "north wall" in rows[1]


def test_nobody_takes_out_what_they_may_not_or_what_there_is_none_of(desk):
    client = desk.signed_in()
    assert client.post("/api/v1/export/items?clearance=secret").json()["code"] == "export_not_cleared"
    assert client.post("/api/v1/export/cats").json()["code"] == "table_unknown"
    assert client.post("/api/v1/export/items?form=doc").json()["code"] == "table_unknown"
    reader = desk.signed_in("reader")
    assert reader.get("/api/v1/export").json()["code"] == "not_allowed"
    assert reader.post("/api/v1/export/items").json()["code"] == "not_allowed"
    assert desk.signed_in(peer="10.0.0.9").post("/api/v1/export/items").json()["code"] == "not_the_enrolled_panel"
    assert not desk.events("export.made")


def test_every_table_and_format_has_a_name_in_words():
    asked = [*(f"table.{one}" for one in TABLES), *(f"form.{one}" for one in take_out.FORMATS)]
    assert [one for one in asked if f"panel.export.{one}" not in load()] == []


def test_an_archivist_takes_a_table_and_a_finding_aid_by_finger(desk, page, expect, tmp_path: Path):
    catalogue = Catalogue(desk.database)
    desk.database.write(lambda change: catalogue.add_item(change, NewItem("J001", "=1+1"), actor="p1"))
    sit_down(desk, page, desk.people["archivist"])
    page.goto(f"{page.url.split('#')[0]}#/printing")
    page.get_by_role("link", name="导出数据").tap()
    page.get_by_role("button", name="文件（件）", exact=True).tap()
    with page.expect_download() as sheet:
        page.get_by_role("button", name="存为文件").tap()
    sheet.value.save_as(tmp_path / "items.csv")
    assert sheet.value.suggested_filename == "文件（件）.csv"
    rows = list(csv.reader(io.StringIO((tmp_path / "items.csv").read_text("utf-8-sig"))))
    assert any("'=1+1" in row for row in rows)
    expect(page.get_by_text("已导出，已留痕")).to_be_visible()
    page.get_by_label("格式").select_option("ead3")
    with page.expect_download() as aid:
        page.get_by_role("button", name="存为文件").tap()
    aid.value.save_as(tmp_path / "items.xml")
    assert "<ead" in (tmp_path / "items.xml").read_text("utf-8")
    page.get_by_role("button", name="数据结构版本").tap()
    save = page.get_by_role("button", name="存为文件")
    expect(page.get_by_role("heading", name="数据结构版本")).to_be_in_viewport()
    expect(save).to_be_in_viewport()
