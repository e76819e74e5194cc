"""The page in a real Chromium at 1024×600, under its own policy."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from edge import panel
from tests.edge.panel.kiosk import sign_in

pytestmark = pytest.mark.browser

PANEL_JS = (Path(panel.__file__).parent / "static" / "panel.js").read_text("utf-8")
SCREENS = re.findall(r"^  (\w+): \{ signedIn: ", PANEL_JS, re.MULTILINE)


def test_a_card_a_search_and_two_taps_light_start(desk, page, expect):
    sign_in(desk, page, expect)
    page.get_by_role("searchbox").fill("hyjy")
    page.get_by_role("link", name=re.compile("0007")).tap()
    page.get_by_role("button", name="调整盒").tap()
    page.get_by_role("button", name="打开通道 3").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="暂不")).to_be_focused()
    assert desk.shelving.armed == []
    dialog.get_by_role("button", name="打开通道 3").tap()
    expect(page.get_by_role("heading", name="按下密集架上亮灯的启动按钮")).to_be_visible()
    assert desk.shelving.armed[0][0].aisle == 3
    desk.shelving.phase("moving")
    expect(page.get_by_role("heading", name="正在打开通道 3")).to_be_visible()


def test_a_pin_typed_on_the_pad_signs_in(desk, page, expect):
    page.get_by_role("button", name=re.compile("李文清")).tap()
    for digit in "250914":
        page.get_by_role("button", name=digit, exact=True).tap()
    page.get_by_role("button", name="确认").tap()
    expect(page.get_by_role("searchbox")).to_be_visible()
    assert desk.sessions.at_panel("kiosk").person_id == desk.people["archivist"].id


def test_stop_acts_on_every_screen_when_the_finger_comes_down(desk, page, expect):
    for stops, screen in enumerate(("home", "block", "climate", "alarms"), 1):
        page.evaluate("screen => { location.hash = '#/' + screen }", screen)
        expect(page.locator("#screen")).to_have_attribute("data-screen", screen)
        page.locator("#stop").dispatch_event("pointerdown")
        deadline = time.monotonic() + 40
        while desk.shelving.stops < stops:
            assert time.monotonic() < deadline, screen
            page.wait_for_timeout(50)
        page.wait_for_timeout(500)  # two presses within 0.4 s are one


def test_stop_lies_under_the_finger_on_every_screen_there_is(desk, page, expect):
    from edge.workflows import retrieve

    sign_in(desk, page, expect)
    loan = retrieve.ask_for(desk.room, desk.people["archivist"], box_id=desk.boxes["0007"])
    of = {"job": [loan.id], "box": [desk.boxes["0007"]]}
    assert len(SCREENS) > 20
    for screen in SCREENS:
        page.evaluate("screen => { location.hash = '#/' + screen }", "/".join([screen, *of.get(screen, [])]))
        page.wait_for_timeout(150)  # some lead on at once where what they show does not exist
        under_it = page.evaluate(
            """() => {
                const stop = document.getElementById('stop'), box = stop.getBoundingClientRect();
                const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return box.height >= 96 && box.bottom <= innerHeight && !stop.disabled && stop.contains(met);
            }"""
        )
        assert under_it, screen


def test_stop_acts_while_a_question_is_open_and_stays_where_it_is(desk, page, expect):
    sign_in(desk, page, expect)
    from edge.workflows import retrieve

    loan = retrieve.ask_for(desk.room, desk.people["archivist"], box_id=desk.boxes["0007"])
    page.evaluate("id => { location.hash = '#/job/' + id }", loan.id)
    before = page.locator("#stop").bounding_box()
    page.get_by_role("button", name="打开通道 3").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.locator("#stop").bounding_box() == before
    page.touchscreen.tap(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    deadline = time.monotonic() + 40
    while not desk.shelving.stops:
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    page.get_by_role("dialog").get_by_role("button", name="暂不").tap()
    expect(page.locator("nav #stop")).to_be_visible()
    assert page.locator("#stop").bounding_box() == before


@pytest.mark.parametrize(("gap_mm", "shut"), [(48, True), (900, False)])
def test_an_aisle_that_is_shut_is_cleared_at_its_mouth_and_not_by_a_walk_into_it(desk, page, expect, gap_mm, shut):
    sign_in(desk, page, expect)
    from edge.workflows import retrieve

    loan = retrieve.ask_for(desk.room, desk.people["archivist"], box_id=desk.boxes["0007"])
    block = desk.shelving.now
    aisles = tuple(
        replace(aisle, state="occupied", why="opened", gap_mm=gap_mm) if aisle.no == 3 else aisle
        for aisle in block.aisles
    )
    desk.shelving.now = replace(block, seq=block.seq + 1, aisles=aisles)
    page.evaluate("id => { location.hash = '#/job/' + id }", loan.id)
    expect(page.get_by_role("heading", name="先走查通道 3")).to_be_visible()
    expect(page.locator("ol.walk li")).to_have_count(0 if shut else 4)
    expect(page.get_by_text("只按通道口按钮")).to_have_count(1 if shut else 0)


def test_a_fault_is_the_next_thing_a_request_speaks_of(desk, page, expect):
    sign_in(desk, page, expect)
    from edge.workflows import retrieve

    loan = retrieve.ask_for(desk.room, desk.people["archivist"], box_id=desk.boxes["0007"])
    block = desk.shelving.now
    stopped = tuple(replace(report, state="fault", faults=("chain_open", "estop")) for report in block.carriages)
    desk.shelving.now = replace(block, seq=block.seq + 1, carriages=stopped)
    page.evaluate("id => { location.hash = '#/job/' + id }", loan.id)
    expect(page.get_by_role("heading", name="急停被按下")).to_be_visible()
    expect(page.get_by_role("button", name="打开通道 3")).to_have_count(0)


def test_of_a_silent_node_nothing_old_is_shown_and_nothing_is_offered_but_stop(desk, page, expect):
    desk.faults = ["scanner_offline"]
    sign_in(desk, page, expect)
    person = desk.people["archivist"]
    from edge.workflows import retrieve

    loan = retrieve.ask_for(desk.room, person, box_id=desk.boxes["0007"])
    page.evaluate("id => { location.hash = '#/job/' + id }", loan.id)
    choose = page.get_by_role("button", name="打开通道 3")
    expect(choose).to_be_enabled()
    expect(page.locator("block-plan")).to_contain_text("净空")
    expect(page.locator("#faults")).to_contain_text("扫码枪离线")
    page.context.set_offline(True)
    page.route("**/events", lambda route: route.abort())
    desk.app.state.stopping.set()  # ends the stream, as a node that went away does
    expect(page.locator("#banner")).to_be_visible()
    expect(choose).to_have_count(0)
    expect(page.locator(".job-body")).to_contain_text("主机没有应答")
    expect(page.locator(".job-body")).not_to_contain_text("自动重启")  # nothing starts the node's own program again
    expect(page.locator("block-plan")).not_to_contain_text("净空")
    expect(page.locator("#faults")).to_be_hidden()
    expect(page.locator("#stop")).to_be_enabled()


UNTOUCHED = "ms => { const now = performance.now() + ms; performance.now = () => now }"


def test_whoever_idled_out_and_signs_in_again_goes_on_where_they_were(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("() => { location.hash = '#/reshelving' }")
    expect(page.locator("#screen")).to_have_attribute("data-screen", "reshelving")
    page.evaluate(UNTOUCHED, 60_000)  # else what it asks in the middle of the steps counts as somebody's touch
    desk.clock.advance(5 * 60_000)
    expect(page.get_by_role("heading", name="请先登录")).to_be_visible()
    expect(page.get_by_text("李文清：无人操作，已退出")).to_be_visible()
    desk.reader.held = [b"\x04\x11\x22\x33"]
    expect(page.locator("#screen")).to_have_attribute("data-screen", "reshelving")
    page.locator(".bar-room").tap()  # home is signing in: who is signed in is led to their work
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.locator("#person-chip").tap()
    expect(page.get_by_role("heading", name="请先登录")).to_be_visible()
    expect(page.get_by_text("已退出")).to_have_count(0)  # who leaves knows it


def test_whoever_touches_a_screen_that_asks_nothing_stays_signed_in(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("() => { location.hash = '#/block' }")
    expect(page.locator("#screen")).to_have_attribute("data-screen", "block")
    for _ in range(3):
        page.evaluate(UNTOUCHED, 61_000)
        page.locator("#clock").tap()
        desk.clock.advance(100_000)
        page.wait_for_timeout(1_500)  # a snapshot
    assert desk.sessions.at_panel("kiosk") and desk.clock.monotonic_ms() > 300_000
    expect(page.locator("#person-chip")).to_contain_text("李文清")
    page.evaluate(UNTOUCHED, 61_000)
    desk.clock.advance(5 * 60_000)
    expect(page.locator("#person-chip")).to_be_hidden()


def test_a_card_that_was_held_before_the_page_was_there_signs_in_too(desk, page, expect, served):
    page.goto("about:blank")
    desk.reader.held = [b"\x04\x11\x22\x33"]
    deadline = time.monotonic() + 30
    while not desk.presence.waiting():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    page.goto(served)
    expect(page.locator("#person-chip")).to_contain_text("李文清")


ASKED_BEFORE_ITS_COOKIE = """() => {
    const real = window.fetch, later = (ms) => new Promise((go) => setTimeout(go, ms));
    window.fetch = async (path, request = {}) => {
        const claims = String(path).endsWith('session/card'), asks = String(path).endsWith('/session');
        const answer = await real(path, asks ? { ...request, credentials: 'omit' } : request);
        if (claims || asks) await later(claims ? 700 : 1500);
        if (asks) window.asked = true;
        return answer;
    };
}"""


def test_an_answer_that_is_older_than_the_card_signs_nobody_out_again(desk, page, expect):
    expect(page.locator("#alarm-chip")).to_contain_text("报警")
    page.evaluate(ASKED_BEFORE_ITS_COOKIE)  # a snapshot with the new session comes before the card's own answer
    desk.reader.held = [b"\x04\x11\x22\x33"]
    expect(page.locator("#person-chip")).to_contain_text("李文清")
    page.wait_for_function("() => window.asked")
    page.wait_for_timeout(100)
    expect(page.locator("#person-chip")).to_be_visible()


def test_a_touch_counts_though_the_screen_would_be_drawn_anew_under_the_finger(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("() => { location.hash = '#/block' }")
    park = page.get_by_role("button", name="合拢")
    expect(park).to_be_visible()
    park.hover()
    minute = page.locator("#clock").inner_text()
    page.mouse.down()
    desk.clock.advance(60_000)  # a new minute draws this screen anew
    expect(page.locator("#clock")).not_to_have_text(minute)  # its snapshot is there
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_an_untouched_screen_says_so_with_what_it_asks(page):
    ask = "async (path) => (await import(document.querySelector('script').src.replace('panel.js', 'api.js'))).get(path)"
    for later_ms, said in ((0, None), (60_000, "1")):
        page.evaluate(UNTOUCHED, later_ms)
        with page.expect_request("**/api/v1/people") as asked:
            page.evaluate(ask, "people")
        assert asked.value.headers.get("storeroom-unattended") == said


def test_a_screen_that_is_turned_to_while_the_node_is_silent_shows_no_old_value(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("() => { location.hash = '#/block' }")
    expect(page.locator(".aisle-state.occupied, .aisle-state.clear").first).to_be_visible()
    page.evaluate("() => { location.hash = '#/climate' }")
    page.context.set_offline(True)
    page.route("**/events", lambda route: route.abort())
    desk.app.state.stopping.set()
    expect(page.locator("#banner")).to_be_visible()
    page.evaluate("() => { location.hash = '#/block' }")
    expect(page.locator(".aisle-state.unknown").first).to_be_visible()
    expect(page.locator(".aisle-state.occupied, .aisle-state.clear")).to_have_count(0)


@pytest.mark.parametrize(("tap", "lang", "word"), [("繁", "zh-Hant", "密集架"), ("EN", "en", "Block")])
def test_a_tap_changes_the_language_of_everything(page, expect, tap, lang, word):
    page.get_by_role("button", name=tap, exact=True).tap()
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.get_by_role("link", name=word)).to_be_visible()


def test_everything_to_touch_is_at_least_48_pixels_on_all_open_screens(desk, page, expect):
    sign_in(desk, page, expect)
    for screen in ("search?q=hyjy", "jobs", "returns", "reshelving", "block", "climate", "alarms", "trace"):
        page.evaluate("screen => { location.hash = '#/' + screen }", screen)
        expect(page.locator("#screen")).to_have_attribute("data-screen", screen.split("?")[0])
        page.wait_for_timeout(700)
        small = page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input')].filter((one) => one.offsetParent)
                .map((one) => [one.textContent.trim() || one.className, one.getBoundingClientRect()])
                .filter(([, box]) => box.height < 47.5 || box.width < 47.5).map(([name, box]) => name + box.height)"""
        )
        assert small == [], screen
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, screen


def test_a_search_is_narrowed_by_drop_downs_and_widened_by_a_tap_on_the_chip(desk, page, expect):
    sign_in(desk, page, expect)
    page.get_by_role("searchbox").fill("会议")
    hits = page.locator(".hits .hit")
    expect(hits.locator("mark").first).to_have_text("会议")
    page.get_by_role("button", name="筛选").tap()
    page.get_by_label("状态").select_option("void")
    expect(hits).to_have_count(0)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.search-filters :is(select, input, button)')]
            .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])
            .filter(([, height]) => height < 47.5)"""
    )
    assert small == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="状态").tap()
    expect(hits.locator("mark").first).to_have_text("会议")
    page.get_by_label("年度").fill("1899")
    expect(hits).to_have_count(0)


def test_fingers_write_a_search_in_letters_in_hanzi_and_as_a_phrase(desk, page, expect):
    sign_in(desk, page, expect)
    field = page.get_by_role("searchbox")
    field.tap()

    def press(*names):
        for name in names:
            page.get_by_role("button", name=name, exact=True).tap()

    press(*"hyjy")
    expect(page.locator(".hits mark").first).to_have_text("会议纪要")
    press(*["退格"] * 4, "用拼音打汉字", "引号：查整句", *"huiyi")
    page.locator(".key.word", has_text="会议").first.tap()
    press("引号：查整句")
    expect(field).to_have_value('"会议"')
    expect(page.locator(".hits mark").first).to_have_text("会议")


def test_a_year_is_touched_in_on_one_keyboard_that_stands_whole_below_the_filters(desk, page, expect):
    sign_in(desk, page, expect)
    page.get_by_role("searchbox").tap()
    page.get_by_role("button", name="筛选").tap()
    keyboard = page.locator("key-board:visible")
    expect(keyboard).to_have_count(0)  # the list has its place
    page.get_by_label("状态").select_option("shelved")
    page.get_by_label("年度").tap()
    expect(keyboard).to_have_count(1)
    for digit in "2011":
        page.get_by_role("button", name=digit, exact=True).tap()
    expect(page.get_by_label("年度")).to_have_value("2011")
    expect(page.get_by_role("button", name="年度 2011")).to_be_visible()
    assert keyboard.evaluate("keys => keys.getBoundingClientRect().bottom") <= 600
    page.get_by_role("searchbox").tap()
    expect(keyboard).to_have_count(1)
    page.get_by_role("button", name="h", exact=True).tap()
    expect(page.get_by_role("searchbox")).to_have_value("h")


def test_what_is_nearly_it_is_said_to_be_so(desk, page, expect):
    sign_in(desk, page, expect)
    page.get_by_role("searchbox").fill("会汁纪要")
    expect(page.locator(".hits mark").first).to_have_text("会议纪要")
    expect(page.locator(".search-told")).to_contain_text("一字之差")
