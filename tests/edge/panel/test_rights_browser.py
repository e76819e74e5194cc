"""Each person sees their own work and nothing else's buttons; STOP and the call for help stand there for everybody."""

from dataclasses import replace

import pytest

from edge.store import approvals
from edge.words import say
from edge.workflows import retrieve
from edge.workflows.watch_protections import Watch
from tests.edge.panel.kiosk import sit_down

pytestmark = pytest.mark.browser

RAIL = {
    "archivist": ["search", "jobs", "returns", "reshelving", "block", "climate", "trace"],
    "reader": ["search", "jobs", "block", "climate", "trace"],
    "auditor": ["search", "block", "climate", "trace"],
    "security": ["block", "climate", "trace"],
}


def shown(page):
    links = page.locator(".rail a:visible")
    return [link.get_attribute("data-screen") for link in links.all()]


@pytest.mark.parametrize("who", RAIL)
def test_the_rail_holds_what_a_person_may_do_and_stop_for_everybody(desk, page, expect, who):
    sit_down(desk, page, desk.people[who])
    expect(page.locator("#person-chip")).to_contain_text(desk.people[who].name)
    assert shown(page) == RAIL[who]
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#trapped")).to_be_visible()


def test_a_reader_asks_and_waits_and_is_offered_nothing_of_the_staffs(desk, page, expect):
    loan = retrieve.ask_for(desk.room, desk.people["reader"], box_id=desk.boxes["0007"])
    sit_down(desk, page, desk.people["reader"])
    page.evaluate("id => { location.hash = '#/job/' + id }", loan.id)
    expect(page.get_by_role("heading", name="由库管员取来")).to_be_visible()
    expect(page.get_by_role("button", name="打开通道")).to_have_count(0)
    expect(page.get_by_role("button", name="取消")).to_be_visible()  # their own request


def test_an_address_of_somebody_elses_work_says_whose_it_is(desk, page, expect):
    sit_down(desk, page, desk.people["reader"])
    for screen, words in (
        ("returns", "归还由库管员办理"),
        ("reshelving", "上架由库管员办理"),
        ("pull", "打开通道由库管员办理"),
    ):
        page.evaluate("screen => { location.hash = '#/' + screen }", screen)
        expect(page.locator(".missing")).to_contain_text(words)
    page.get_by_role("link", name="回到您的工作").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_long_faults_are_read_whole_and_leave_room_for_the_person_the_languages_and_stop(desk, page, expect):
    desk.faults = ["motion_silent", "reader_offline", "sync_not_set_up"]
    sit_down(desk, page, desk.people["archivist"])
    expect(page.locator("#faults li")).to_have_text([f"⚠ {say('zh-Hans', f'node_fault.{one}')}" for one in desk.faults])
    cut = "() => [...document.querySelectorAll('#faults, #faults li')].some((one) => one.scrollWidth > one.clientWidth)"
    assert not page.evaluate(cut)
    edges = (
        "() => [...document.querySelectorAll('.bar > *, #faults li')].map((one) => one.getBoundingClientRect().right)"
    )
    assert max(page.evaluate(edges)) <= 1024
    stop = page.locator("#stop").bounding_box()
    assert stop["y"] + stop["height"] <= 600


def test_who_may_not_ask_reads_whom_to_ask_instead(desk, page, expect):
    sit_down(desk, page, desk.people["auditor"])
    page.evaluate("id => { location.hash = '#/box/' + id }", desk.boxes["0007"])
    expect(page.locator(".missing")).to_contain_text("请找库管员")
    expect(page.locator(".asks button")).to_have_count(0)


def test_who_may_not_answer_an_alarm_reads_who_does(desk, page, expect):
    wet = tuple(replace(sensor, leak=True) for sensor in desk.shelving.now.sensors)
    desk.report(sensors=wet)
    watch = Watch(desk.room)
    for _ in range(3):
        watch.step()
        desk.clock.advance(5_000)
    for who, words in (("security", "由库管员或技术员确认"), ("archivist", "我知道了")):
        sit_down(desk, page, desk.people[who])
        page.evaluate("() => { location.hash = '#/alarms' }")
        expect(page.locator("li.alarm").first).to_contain_text(words)


def test_a_strangers_card_is_refused_in_words(desk, page, expect):
    expect(page.locator("#alarm-chip")).to_contain_text("报警")  # the stream runs
    desk.reader.held = [b"\x04\xff\xff\xff\xff"]
    expect(page.locator("#notices")).to_contain_text("证件卡未登记")
    expect(page.locator("#notices")).to_contain_text("安全保密员")
    expect(page.locator("#person-chip")).to_be_hidden()


def test_a_silent_block_is_drawn_as_unknown_not_as_clear(desk, page, expect):
    page.evaluate("() => { location.hash = '#/block' }")
    expect(page.locator(".plan .aisle-state.clear").first).to_be_visible()
    desk.report(alive=False)
    expect(page.locator(".plan .aisle-state.unknown").first).to_have_text("? 未知")
    expect(page.locator(".plan .aisle-state.clear")).to_have_count(0)
    expect(page.get_by_role("heading", name="听不到密集架控制进程")).to_be_visible()
    expect(page.get_by_text("密集架就绪")).to_have_count(0)
    page.evaluate("() => { location.hash = '#/home' }")
    expect(page.locator(".home-block")).to_have_text("听不到密集架，状态未知。")


def test_an_old_reading_is_no_value(desk, page, expect):
    page.evaluate("() => { location.hash = '#/climate' }")
    tiles = page.locator("value-tile .tile-value")
    expect(tiles.first).to_contain_text("℃")
    desk.report(alive=False)
    expect(page.locator("value-tile.stale").first).to_be_visible()
    assert {tile.inner_text() for tile in tiles.all()} == {"—"}


def test_a_request_that_waits_for_approval_shows_no_step_as_done(desk, page, expect):
    desk.database.write(lambda change: approvals.set_rule(change, "readers", "p"))
    loan = retrieve.ask_for(desk.room, desk.people["reader"], box_id=desk.boxes["0007"])
    sit_down(desk, page, desk.people["archivist"])
    page.evaluate("id => { location.hash = '#/job/' + id }", loan.id)
    expect(page.get_by_role("heading", name="待审批")).to_be_visible()
    expect(page.get_by_text("移交")).to_be_hidden()


def test_a_secret_hit_bears_its_mark_for_whoever_is_cleared_and_is_none_for_others(desk, page, expect):
    chief, by = desk.people["chief"], (desk.people["security"].id, desk.people["auditor"].id)
    for cleared in (False, True):
        if cleared:
            desk.database.write(lambda change: desk.room.people.grant(change, chief.id, "cleared_secret", by=by))
        sit_down(desk, page, chief)
        page.goto(page.url.split("#")[0] + "#/search")
        page.get_by_role("searchbox").fill("设备采购合同")
        hits = page.locator("a.hit")
        expect(hits).to_have_count(3 if cleared else 2)
        expect(hits.get_by_text("机密")).to_have_count(int(cleared))
