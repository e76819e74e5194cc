"""Registers and reports of the rooms: right figures, nothing personal, formulas as text, and a print."""

import csv
import io
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from cloud_sync.app import Centre
from cloud_sync.registers import period
from cloud_sync.registers.figures import figures
from cloud_sync.store.happenings import Happenings
from cloud_sync.store.nodes import Nodes
from edge.errors import InputRefused

ZONE = ZoneInfo("Asia/Shanghai")
ORIGIN = {"origin": "http://testserver"}


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


NOW = at("2026-11-22 18:00")
MONTH = period.read("2026-11-01", "2026-11-22", ZONE, NOW)
PERIOD = {"first": "2026-11-01", "last": "2026-11-22"}


@pytest.fixture
def centre(settings):
    made = Centre(settings, with_broker=False)
    Nodes(made.database).enrol("room-1", "一号库房", "", 1)
    yield made
    made.database.close()


@pytest.fixture
def happened(centre):
    """``happened("2026-11-03 09:00", "loan.asked", "l1", body)``: the event lies at the centre."""
    seq = iter(range(1, 10_000))

    def put(when, action, subject, body, actor="0193d5a0-reader"):
        text = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        row = ("room-1", "e", next(seq), "h", at(when), at(when), action, subject, actor, "internal", b"{}", None, text)
        centre.database.write(
            lambda db: db.execute(
                "INSERT INTO event (node, epoch, seq, hash, utc_ms, received_ms, action, subject, actor, level,"
                " envelope, salt, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        )

    return put


@pytest.fixture
def month(happened):
    loan = {"loan": "l1", "kind": "box", "box_no": "=7", "slot": "B1-A-03-R-02-4-07"}
    happened("2026-11-01 09:00", "loan.asked", "l1", {**loan, "state": "asked"})
    happened("2026-11-01 10:00", "loan.approved", "l1", {**loan, "state": "approved"}, "centre:li")
    happened("2026-11-01 11:00", "loan.handed_over", "l1", {**loan, "state": "handed_over", "due": "2026-11-06"})
    happened("2026-11-08 09:00", "loan.returned", "l1", {**loan, "state": "returned"})
    happened("2026-11-02 09:00", "loan.approved", "secret", None)
    damp = {"rule": "rh_high", "place": "21", "severity": "alarm", "active": 1, "acked": 0}
    happened("2026-10-31 22:00", "alarm.raised", "a0", damp)
    happened("2026-11-01 01:30", "alarm.returned", "a0", {**damp, "active": 0})
    happened("2026-11-10 08:00", "alarm.raised", "a1", damp)
    happened("2026-11-10 08:20", "alarm.acknowledged", "a1", {**damp, "acked": 1}, "centre:li")
    happened("2026-11-10 10:00", "alarm.cleared", "a1", {**damp, "active": 0})
    bay = {"stocktake": "s", "bay": "B1-A-02-R-01", "right": 40, "misplaced": 1, "missing": 1, "unread": 0}
    happened("2026-11-11 08:00", "stocktake.bay_counted", "s", bay)
    happened("2026-11-12 08:00", "move.ended", "m1", {"aisle": 3, "why": "retrieve", "ended": "reached"})
    happened("2026-11-12 09:00", "move.ended", "m2", {"aisle": 3, "why": "retrieve", "ended": "stopped"})
    happened("2026-11-13 09:00", "door.opened", "node", {"how": "forced"}, "node")


def test_the_figures_of_a_month(centre, month):
    told = figures(Happenings(centre.database), "room-1", MONTH, NOW)
    assert (told.asked, told.lent, told.returned, told.late, told.denied) == (2, 1, 1, 1, 0)
    assert (told.alarms, told.acknowledged_min, told.humidity_h, told.temperature_h) == (1, 20, 3.5, 0)
    assert (told.bays, told.differences, told.moves, told.not_reached) == (1, 2, 2, 1)
    assert (told.openings, told.forced) == (1, 1)


def test_what_is_out_past_its_day_is_late_though_nobody_brought_it_back(centre, happened):
    happened("2026-09-01 11:00", "loan.handed_over", "l2", {"loan": "l2", "state": "handed_over", "due": "2026-09-16"})
    held = Happenings(centre.database)
    assert figures(held, "room-1", MONTH, NOW).late == 1
    assert figures(held, "room-1", period.read("2026-09-01", "2026-09-10", ZONE, NOW), NOW).late == 0


def test_a_day_belongs_to_the_site_and_a_period_must_be_one():
    assert MONTH.from_ms == at("2026-11-01 00:00") and MONTH.until_ms == at("2026-11-23 00:00")
    wrong = ("2026-11-02", "2026-11-01"), ("yesterday", ""), ("1026-01-01", "2026-01-01"), ("9999-12-31", "9999-12-31")
    for first, last in wrong:
        with pytest.raises(InputRefused, match="period_unreadable"):
            period.read(first, last, ZONE, NOW)


def test_the_quarter_before_a_new_year_is_the_last_of_the_old_one():
    usual = period.usual(date(2026, 1, 5))
    assert usual["last_quarter"] == (date(2025, 10, 1), date(2025, 12, 31))
    assert usual["last_month"] == (date(2025, 12, 1), date(2025, 12, 31))
    assert usual["last_year"] == (date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def browser(centre):
    client = TestClient(centre.web(), follow_redirects=False)
    client.post("/api/v1/session", json={"name": "li", "password": "correct horse"}, headers=ORIGIN)
    return client


def test_a_sheet_has_one_line_a_loan_and_no_cell_that_a_spreadsheet_would_carry_out(browser, month):
    answer = browser.get("/api/v1/registers/loans.csv", params=PERIOD)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Box"] for row in rows] == ["'=7", "content stays in the room"]
    assert rows[0]["Asked by"] == "…reader" and rows[0]["Decided"] == "2026-11-01 10:00 li (centre)"
    assert (rows[0]["Due"], rows[0]["Returned"], rows[0]["Now"]) == ("2026-11-06", "2026-11-08 09:00", "Returned")


def test_every_register_is_a_page_a_sheet_and_a_print(browser, month):
    for name in ("report", "loans", "alarms", "moves", "entries", "boxes", "stocktake", "patrol", "people"):
        page = browser.get("/registers", params={"register": name, **PERIOD})
        assert page.status_code == 200 and f"/api/v1/registers/{name}.pdf" in page.text
        assert browser.get(f"/api/v1/registers/{name}.csv", params=PERIOD).status_code == 200
    for name in ("report", "moves"):  # a list and a table of figures; setting the type takes a second each
        printed = browser.get(f"/api/v1/registers/{name}.pdf", params=PERIOD)
        assert printed.content.startswith(b"%PDF-") and ".pdf" in printed.headers["content-disposition"]


def test_who_takes_a_register_away_is_written_down_for_good(centre, browser):
    browser.get("/api/v1/registers/loans.pdf", params=PERIOD)
    with centre.database.read() as db:
        [deed] = db.execute("SELECT person, deed, about FROM deed WHERE person = 'li'").fetchall()
    assert deed["person"] == "li" and deed["deed"] == "print" and '"register": "loans"' in deed["about"]
    with pytest.raises(Exception, match="never changed"):
        centre.database.write(lambda db: db.execute("UPDATE deed SET person = 'wang'"))


def test_without_a_session_there_is_no_register(centre):
    stranger = TestClient(centre.web(), follow_redirects=False)
    assert stranger.get("/registers").headers["location"] == "/login"
    assert stranger.get("/api/v1/registers/loans.csv").status_code == 401


def test_a_period_or_room_that_is_none_is_refused_in_words(browser):
    assert "the earlier first" in browser.get("/registers", params={"first": "x"}).text
    assert browser.get("/api/v1/registers/loans.csv", params={"room": "nowhere"}).json()["code"] == "no_such_room"
    assert browser.get("/api/v1/registers/secrets.csv").json()["code"] == "register_unknown"
