"""The register of climate: every room's days by the hour, gaps and silent rooms shown as what they are."""

import csv
import io
import json

import pytest

from cloud_sync.contract import ClimateDay
from cloud_sync.registers import climate, climate_chart
from cloud_sync.registers.table import table
from cloud_sync.store.happenings import Happenings
from cloud_sync.store.nodes import Nodes
from tests.cloud_sync.test_registers import MONTH, NOW, PERIOD, at, browser, centre, happened
from tests.edge.paper.rendered import words

__all__ = ["browser", "centre", "happened"]  # fixtures; pytest finds them by these names

HOUR_MS = 3_600_000
PAST = {"first": "2026-11-01", "last": "2026-11-20"}


def body(day, measurand, hours, place="北墙", low=None, high=None):
    from_ms = at(f"{day} 00:00")
    told = {"place": place, "measurand": measurand, "from_ms": from_ms, "to_ms": from_ms + 24 * HOUR_MS, "hours": hours}
    told |= {"low": low, "high": high}
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
    assert by_day["2026-11-04"][3:] == ("19.0", "19.5", "20.0", "45.0", "50.0", "55.0", "1/24", "1–24", "未报限值")
    assert by_day["2026-11-03"][3:6] == ("18.0", "18.5", "19.0")


def test_a_day_that_was_not_told_is_no_record_and_an_old_room_never_told_any(month):
    by_day = {line[2]: line for line in lines(month) if line[0] == "一号库房"}
    assert len(by_day) == 21  # 1 to 21 November; the 22nd is not over
    assert by_day["2026-11-05"][9:] == by_day["2026-11-21"][9:] == ("无记录", "", "")
    assert [line for line in lines(month) if line[0] == "二号库房"] == [
        ("二号库房", "—", *[""] * 7, "从未上报", "", "")
    ]


@pytest.fixture
def limited(happened, month):
    """The 7th: no reading from 3 to 5, too warm at 14 and 15, too dry at 23."""
    warm = [[no, 1800, 1850, 2450 if no in (14, 15) else 1900, 60] for no in range(24) if no not in (3, 4)]
    damp = [[no, 4400 if no == 23 else 5000, 5000, 5100, 60] for no in range(24)]
    happened("2026-11-08 00:10", "climate.day", "node", body("2026-11-07", "temp_cc", warm, low=1400, high=2400))
    happened("2026-11-08 00:10", "climate.day", "node", body("2026-11-07", "rh_cpct", damp, low=4500, high=6000))
    return month


def test_a_day_says_which_hours_are_missing_and_which_were_out_of_the_rooms_limits(limited):
    (line,) = [line for line in lines(limited, "room-1") if line[2] == "2026-11-07"]
    assert line[9:] == ("22/24", "3–5", "温度 >24.0: 14–16; 湿度 <45.0: 23–24")


def test_the_sheet_has_every_hour_of_every_finished_day_recorded_or_not(browser, limited):
    sheet = browser.get("/api/v1/registers/climate.csv", params={**PAST, "room": "room-1"})
    head, *rows = csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")))
    assert len(rows) == 20 * 24
    by_hour = {(row[2], row[3]): row for row in rows}
    gap = by_hour["2026-11-07", "03:00"]
    assert gap[4:] == ["", "", "", "0", "14.00", "24.00", "50.00", "50.00", "51.00", "60", "45.00", "60.00"]
    assert by_hour["2026-11-07", "14:00"][4:8] == ["18.00", "18.50", "24.50", "60"]
    assert by_hour["2026-11-05", "23:00"][4:] == ["", "", "", "0", "", ""] * 2
    assert len(head) == len(gap)


def test_cold_below_zero_is_a_number_in_the_sheet_and_a_formula_is_not(browser, happened, month):
    cold = body("2026-11-09", "temp_cc", [[0, -1200, -1100, -1000, 60]], place="=1+1")
    happened("2026-11-10 00:10", "climate.day", "node", cold)
    sheet = browser.get("/api/v1/registers/climate.csv", params=PERIOD).content.decode("utf-8-sig")
    assert "'=1+1,2026-11-09,00:00,-12.00,-11.00,-10.00,60" in sheet


def test_the_print_is_the_record_that_is_signed_each_month(browser, limited):
    printed = browser.get("/api/v1/registers/climate.pdf", params={**PAST, "lang": "zh-Hans"}).content
    pages = words(printed)
    whole = "".join(pages)
    assert pages[0].startswith("温湿度记录") and "限值14.0–24.0" in whole and "限值45.0–60.0" in whole
    assert "温度>24.0:14–16" in whole and "无记录16天" in whole and "超限3小时" in whole
    assert "二号库房" in pages[-1] and "从未上报" in pages[-1] and "审核人" in pages[-1]


def test_a_day_that_came_late_stands_on_its_own_day(happened, centre, month):
    happened("2026-11-21 09:00", "climate.day", "node", body("2026-11-10", "temp_cc", [[3, 1000, 1100, 1200, 5]]))
    by_day = {line[2]: line for line in lines(month, "room-1")}
    assert by_day["2026-11-10"][3:6] == ("10.0", "11.0", "12.0")


def test_the_drawing_breaks_where_nothing_was_told(month):
    temp, humidity = climate_chart.drawn(climate.places(month, "", MONTH), MONTH)
    assert (temp.measurand, temp.mean.count("M"), temp.band.count("Z")) == ("temp_cc", 2, 2)
    assert humidity.mean.count("M") == 3


def test_the_drawing_shows_where_the_limits_lie(limited):
    temp, humidity = climate_chart.drawn(climate.places(limited, "room-1", MONTH), MONTH)
    assert [bound.text for bound in temp.drawing.bounds] == ["14.0", "24.0"]
    assert 0 < temp.drawing.bounds[1].y < temp.drawing.bounds[0].y < temp.drawing.height
    assert [bound.text for bound in humidity.drawing.bounds] == ["45.0", "60.0"]


def test_the_register_is_a_page_with_drawings(browser, month):
    page = browser.get("/registers", params={"register": "climate", "lang": "zh-Hans", **PERIOD})
    assert page.status_code == 200 and page.text.count("<svg viewBox") == 2 and "温湿度登记簿" in page.text
    assert "无记录" in page.text
