"""The register of climate: every room's days by the hour, gaps and silent rooms shown as what they are."""

import json

import pytest

from cloud_sync.contract import ClimateDay
from cloud_sync.registers import climate, climate_chart
from cloud_sync.registers.table import table
from cloud_sync.store.happenings import Happenings
from cloud_sync.store.nodes import Nodes
from tests.cloud_sync.test_registers import MONTH, NOW, PERIOD, at, browser, centre, happened

__all__ = ["browser", "centre", "happened"]  # fixtures; pytest finds them by these names

HOUR_MS = 3_600_000


def body(day, measurand, hours, place="北墙"):
    from_ms = at(f"{day} 00:00")
    told = {"place": place, "measurand": measurand, "from_ms": from_ms, "to_ms": from_ms + 24 * HOUR_MS, "hours": hours}
    return json.loads(ClimateDay.model_validate(told).model_dump_json())


@pytest.fixture
def month(centre, happened):
    Nodes(centre.database).enrol("room-2", "二号库房", "", 1)
    for day, offset in (("2026-11-03", 0), ("2026-11-04", 100), ("2026-11-06", 0)):
        hours = [[no, 1800 + offset, 1850 + offset, 1900 + offset, 60] for no in range(24)]
        happened(f"{day} 23:59", "climate.day", "node", body(day, "temp_cc", hours if offset else hours[4:]))
        happened(f"{day} 23:59", "climate.day", "node", body(day, "rh_cpct", [[0, 4500, 5000, 5500, 60]]))
    return Happenings(centre.database)


def lines(month, node=""):
    return table(month, "climate", node, MONTH, "zh-Hans", NOW).rows


def test_a_day_has_its_least_mean_greatest_and_how_many_hours_were_recorded(month):
    by_day = {line[2]: line for line in lines(month, "room-1")}
    assert by_day["2026-11-04"][3:] == ("19.0", "19.5", "20.0", "45.0", "50.0", "55.0", "1/24")
    assert by_day["2026-11-03"][3:6] == ("18.0", "18.5", "19.0")


def test_a_day_that_was_not_told_is_no_record_and_an_old_room_never_told_any(month):
    by_day = {line[2]: line for line in lines(month) if line[0] == "一号库房"}
    assert len(by_day) == 21  # 1 to 21 November; the 22nd is not over
    assert by_day["2026-11-05"][-1] == "无记录" and by_day["2026-11-21"][-1] == "无记录"
    assert [line for line in lines(month) if line[0] == "二号库房"] == [("二号库房", "—", *[""] * 7, "从未上报")]


def test_a_day_that_came_late_stands_on_its_own_day(happened, centre, month):
    happened("2026-11-21 09:00", "climate.day", "node", body("2026-11-10", "temp_cc", [[3, 1000, 1100, 1200, 5]]))
    by_day = {line[2]: line for line in lines(month, "room-1")}
    assert by_day["2026-11-10"][3:6] == ("10.0", "11.0", "12.0")


def test_the_drawing_breaks_where_nothing_was_told(month):
    temp, humidity = climate_chart.drawn(climate.places(month, "", MONTH), MONTH)
    assert (temp.measurand, temp.mean.count("M"), temp.band.count("Z")) == ("temp_cc", 2, 2)
    assert humidity.mean.count("M") == 3


def test_the_register_is_a_page_with_drawings_a_sheet_and_a_print(browser, month):
    page = browser.get("/registers", params={"register": "climate", "lang": "zh-Hans", **PERIOD})
    assert page.status_code == 200 and page.text.count("<svg viewBox") == 2 and "温湿度登记簿" in page.text
    sheet = browser.get("/api/v1/registers/climate.csv", params=PERIOD)
    assert sheet.status_code == 200 and "无记录" in sheet.content.decode("utf-8-sig")
    assert browser.get("/api/v1/registers/climate.pdf", params=PERIOD).content.startswith(b"%PDF")
